"""Similar matters: which may be the same as one, and which have to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.pair_state import PairState
from service.domain.status import MatterStatus
from service.errors import NotFoundError
from service.storage.database import Connection
from service.storage.matter_pairs import find_parts, find_wholes, read_pairs
from service.storage.merges import read_merges
from service.storage.opened import read_opened
from service.usecases.context import Context

MOST = 50


@dataclass(frozen=True, slots=True)
class SimilarMatter:
    """Another matter, and what is known between it and the one asked for.

    ``probability`` (0–1) is that of the same matter, 0 where only a person said something;
    ``title`` and ``text`` are those of the message that opened it, masked.
    """

    matter_id: int
    number: str
    status: MatterStatus
    state: PairState
    probability: float
    because: tuple[str, ...]
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class MergedMatter:
    """A matter that was merged into another, and how many messages it brought."""

    matter_id: int
    number: str
    title: str
    message_count: int


def list_similar(context: Context, matter_id: int, limit: int = MOST) -> tuple[SimilarMatter, ...]:
    """What may be the same matter, then what is related, the most probable first.

    What was said of a matter that is part of another now holds for the whole. What a person
    refused is not listed.

    Raises
    ------
    NotFoundError
        There is no such matter.
    """
    with context.database.reading() as connection:
        known = _known(connection, matter_id)
        rows = read_opened(connection, sorted(known))
    is_related = {each: pair.state == PairState.RELATED.value for each, pair in known.items()}
    ranked = sorted(known, key=lambda each: (is_related[each], -known[each].probability, each))
    return tuple(_view(rows[each], known[each]) for each in ranked if each in rows)[:limit]


def list_merged(context: Context, matter_id: int) -> tuple[MergedMatter, ...]:
    """The matters that were merged into one directly, the last first: that one can be split."""
    with context.database.reading() as connection:
        rows = read_merges(connection, matter_id)
    return tuple(
        MergedMatter(row.matter_id, row.number, row.title, row.message_count) for row in rows
    )


def _known(connection: Connection, matter_id: int) -> Mapping[int, Any]:
    """For each other whole matter the pair that counts: a person's word before a guess."""
    whole = find_wholes(connection, [matter_id])[matter_id]
    parts = set(find_parts(connection, whole))
    pairs = read_pairs(connection, sorted(parts))
    others = [row.high_id if row.low_id in parts else row.low_id for row in pairs]
    wholes = find_wholes(connection, sorted(set(others)))
    if not pairs and not read_opened(connection, [whole]):
        raise NotFoundError(f"事项 {matter_id}")
    found: dict[int, Any] = {}
    refused: set[int] = set()
    for row, other in zip(pairs, others, strict=True):
        far = wholes[other]
        if row.state == PairState.REFUSED.value:
            refused.add(far)
        elif far != whole and (far not in found or row.state == PairState.RELATED.value):
            found[far] = row
    return {far: row for far, row in found.items() if far not in refused}


def _view(row: Any, pair: Any) -> SimilarMatter:
    return SimilarMatter(
        matter_id=row.id,
        number=row.number,
        status=MatterStatus(row.status),
        state=PairState(pair.state),
        probability=pair.probability,
        because=tuple(pair.because),
        title=row.masked_title,
        text=row.masked_text,
    )
