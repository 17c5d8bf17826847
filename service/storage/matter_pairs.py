"""What is known between two matters, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.pair_state import PairState
from service.storage.rows import chunks
from service.storage.tables import matter, matter_pair

NOBODY = ""


@dataclass(frozen=True, slots=True)
class NewPair:
    """Two matters that may be one, with the probability (0–1) and the reasons in Chinese."""

    matter_id: int
    other_id: int
    probability: float
    because: tuple[str, ...]

    @property
    def ids(self) -> tuple[int, int]:
        """Both ids, the lower one first."""
        return min(self.matter_id, self.other_id), max(self.matter_id, self.other_id)


def suggest_pairs(connection: Connection, pairs: Sequence[NewPair]) -> None:
    """Suggest that matters may be one, unless something is known between them already.

    What a person decided of a matter that is part of another now holds for the whole.
    """
    if not pairs:
        return
    wholes = sorted({matter_id for pair in pairs for matter_id in pair.ids})
    settled = _settled(connection, wholes)
    rows = [_as_row(pair) for pair in pairs if pair.ids not in settled]
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(matter_pair).on_conflict_do_nothing(), rows)


def _settled(connection: Connection, wholes: Sequence[int]) -> set[tuple[int, int]]:
    """Which pairs of these matters a person has decided on, through parts of them or directly."""
    whole_of = {part: whole for whole in wholes for part in find_parts(connection, whole)}
    found: set[tuple[int, int]] = set()
    for row in read_pairs(connection, sorted(whole_of)):
        if row.state != PairState.SUGGESTED.value:
            low, high = (whole_of.get(each, each) for each in (row.low_id, row.high_id))
            found.add((min(low, high), max(low, high)))
    return found


def delete_pairs(connection: Connection, matter_ids: Sequence[int]) -> None:
    """Forget what is known between matters that are no more and any others."""
    either = or_(matter_pair.c.low_id.in_(matter_ids), matter_pair.c.high_id.in_(matter_ids))
    connection.execute(delete(matter_pair).where(either))


def _as_row(pair: NewPair) -> dict[str, object]:
    low, high = pair.ids
    return {
        "low_id": low,
        "high_id": high,
        "state": PairState.SUGGESTED.value,
        "probability": pair.probability,
        "because": list(pair.because),
        "decided_by": NOBODY,
        "decided_at": None,
    }


def settle_pair(
    connection: Connection, ids: tuple[int, int], state: PairState, account: str, at: datetime
) -> None:
    """Keep what a person decided of two different matters."""
    low, high = sorted(ids)
    decided: dict[str, object] = {"state": state.value, "decided_by": account, "decided_at": at}
    where = and_(matter_pair.c.low_id == low, matter_pair.c.high_id == high)
    if not connection.execute(update(matter_pair).where(where).values(**decided)).rowcount:
        row = _as_row(NewPair(low, high, 0.0, ())) | decided
        connection.execute(insert(matter_pair), [row])


def read_pairs(connection: Connection, matter_ids: Sequence[int]) -> list[Row[Any]]:
    """All pairs in which one of these matters stands, the most probable first."""
    found: dict[tuple[int, int], Row[Any]] = {}
    for part in chunks(matter_ids):
        either = or_(matter_pair.c.low_id.in_(part), matter_pair.c.high_id.in_(part))
        for row in connection.execute(select(matter_pair).where(either)):
            found[row.low_id, row.high_id] = row
    return sorted(found.values(), key=lambda row: (-row.probability, row.low_id, row.high_id))


def find_parts(connection: Connection, matter_id: int) -> list[int]:
    """A matter and all that were merged into it, directly or not."""
    found = frontier = [matter_id]
    while frontier:
        rows = (
            connection.execute(select(matter.c.id).where(matter.c.merged_into.in_(part))).scalars()
            for part in chunks(frontier)
        )
        frontier = [part for parts in rows for part in parts]
        found = [*found, *frontier]
    return found


def find_wholes(connection: Connection, matter_ids: Sequence[int]) -> dict[int, int]:
    """For each of these matters the one that it is now part of: itself where it stands alone."""
    whole = {matter_id: matter_id for matter_id in matter_ids}
    asked = set(matter_ids)
    while asked:
        into: dict[int, int] = {}
        for part in chunks(sorted(asked)):
            merged = matter.c.merged_into.is_not(None)
            query = select(matter.c.id, matter.c.merged_into).where(matter.c.id.in_(part), merged)
            into.update((row.id, row.merged_into) for row in connection.execute(query))
        whole = {matter_id: into.get(now, now) for matter_id, now in whole.items()}
        asked = set(into.values())
    return whole
