"""Similar matters: which may be the same as one, and which have to do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.access import WHOLE, Scope
from service.domain.pair_state import PairState
from service.domain.status import MatterStatus
from service.errors import NotFoundError
from service.storage.database import Connection
from service.storage.matters.matter_pairs import find_parts, find_wholes, read_pairs
from service.storage.matters.merges import read_merges
from service.storage.matters.opened import read_opened
from service.storage.matters.scopes import find_in_scope
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


def list_similar(
    context: Context, matter_id: int, limit: int = MOST, scope: Scope = WHOLE
) -> tuple[SimilarMatter, ...]:
    """What may be the same matter, then what is related, of a scope, the most probable first.

    What was said of a matter that is part of another now holds for the whole. What a person
    refused is not listed.

    Raises
    ------
    NotFoundError
        There is no such matter.
    """
    with context.database.reading() as connection:
        known = _known(connection, matter_id)
        rows = read_opened(connection, sorted(find_in_scope(connection, sorted(known), scope)))
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


def find_suggested(connection: Connection, matter_ids: Sequence[int]) -> frozenset[int]:
    """Those of these matters that are perhaps the same as another, which a person must say."""
    return frozenset(
        one
        for one, others in _known_of(connection, matter_ids).items()
        if any(pair.state == PairState.SUGGESTED.value for pair in others.values())
    )


def _known(connection: Connection, matter_id: int) -> Mapping[int, Any]:
    whole = find_wholes(connection, [matter_id])[matter_id]
    if not read_opened(connection, [whole]):
        raise NotFoundError(f"事项 {matter_id}")
    return _known_of(connection, [whole])[whole]


def _known_of(connection: Connection, matter_ids: Sequence[int]) -> Mapping[int, Mapping[int, Any]]:
    """For each of these matters and each other whole one the pair that counts, if not refused."""
    refused = PairState.REFUSED.value
    return {
        one: {far: row for far, row in found.items() if row.state != refused}
        for one, found in find_pairs_of(connection, matter_ids).items()
    }


def find_pairs_of(
    connection: Connection, matter_ids: Sequence[int]
) -> Mapping[int, Mapping[int, Any]]:
    """For each of these matters and each other whole one the pair that counts, refused or not."""
    wholes = find_parts(connection, matter_ids)
    pairs = read_pairs(connection, sorted(wholes))
    others = {each for row in pairs for each in (row.low_id, row.high_id)} - wholes.keys()
    wholes |= find_wholes(connection, sorted(others))
    known: dict[int, dict[int, Any]] = {matter_id: {} for matter_id in matter_ids}
    for row in pairs:
        ends = wholes[row.low_id], wholes[row.high_id]
        for one, far in (ends, ends[::-1]):
            if one != far and one in known:
                counts = known[one].get(far)
                known[one][far] = row if counts is None or _prevails(row, counts) else counts
    return known


def _prevails(pair: Any, other: Any) -> bool:
    """Whether a pair counts more: a person's word before a guess, the last word before others.

    Guesses come in order, the most probable first.
    """
    if pair.decided_at is None or other.decided_at is None:
        return pair.decided_at is not None
    return bool(pair.decided_at >= other.decided_at)


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
