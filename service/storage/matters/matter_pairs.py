"""What is known between two matters, in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    Row,
    Select,
    Table,
    TableValuedAlias,
    and_,
    delete,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.pair_state import PairState
from service.storage.rows import chunks, insert_rows
from service.storage.tables import matter, matter_pair
from service.storage.values import read_for

NOBODY = ""
# Written out, for statements that are made once.
_SUGGESTED: ColumnElement[str] = literal_column(f"'{PairState.SUGGESTED.value}'")
_KEY = [matter_pair.c.low_id, matter_pair.c.high_id]
_INSERT: Mapping[str, Callable[[Table], Any]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


def _suggest(insert: Callable[[Table], Any]) -> Insert:
    """An insert of suggestions: a more probable one takes the place of one that still stands."""
    new = insert(matter_pair)
    is_suggested = matter_pair.c.state == _SUGGESTED
    put: Insert = new.on_conflict_do_update(
        index_elements=_KEY,
        set_={name: new.excluded[name] for name in ("probability", "because")},
        where=and_(is_suggested, matter_pair.c.probability < new.excluded.probability),
    )
    return put


# Made once: they are asked with every message.
_SUGGEST = {name: _suggest(insert) for name, insert in _INSERT.items()}


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
    """Suggest that matters may be one, unless a person has decided on them already.

    Of several suggestions between the same two the most probable is kept. What a person decided
    of a matter that is part of another now holds for the whole.
    """
    best: dict[tuple[int, int], NewPair] = {}
    for pair in sorted(pairs, key=lambda pair: pair.probability):
        best[pair.ids] = pair
    settled = _settled(connection, sorted({each for ids in best for each in ids}))
    rows = [_as_row(best[ids]) for ids in sorted(best) if ids not in settled]
    insert_rows(connection, matter_pair, rows, _SUGGEST[connection.dialect.name])


def _settled(connection: Connection, wholes: Sequence[int]) -> set[tuple[int, int]]:
    """Which pairs of these matters a person has decided on, through parts of them or directly."""
    whole_of = find_parts(connection, wholes)
    asked = sorted(whole_of)
    found: set[tuple[int, int]] = set()
    for low_id, high_id in (
        *read_for(connection, _lower, asked),
        *read_for(connection, _higher, asked),
    ):
        low, high = (whole_of.get(each, each) for each in (low_id, high_id))
        found.add((min(low, high), max(low, high)))
    return found


def _lower(asked: TableValuedAlias) -> Select[Any]:
    """Pairs that were decided on, of which the matters asked for are the lower ones."""
    return _decided(asked, matter_pair.c.low_id)


def _higher(asked: TableValuedAlias) -> Select[Any]:
    return _decided(asked, matter_pair.c.high_id)


def _decided(asked: TableValuedAlias, one: Column[int]) -> Select[Any]:
    pairs = asked.join(matter_pair, one == asked.c.value)
    return select(*_KEY).select_from(pairs).where(matter_pair.c.state != _SUGGESTED)


def read_suggested(connection: Connection, ids: tuple[int, int]) -> NewPair | None:
    """The suggestion between two matters, the lower id first; None where none stands."""
    row = connection.execute(select(matter_pair).where(_is_suggested(ids))).first()
    return None if row is None else NewPair(*ids, row.probability, tuple(row.because))


def take_back_suggestion(connection: Connection, given: NewPair, before: NewPair | None) -> None:
    """Let a suggestion that stands as it was given be what it was before; None for no one."""
    where = and_(_is_suggested(given.ids), matter_pair.c.probability == given.probability)
    if before is None:
        connection.execute(delete(matter_pair).where(where))
    else:
        columns = {"probability": before.probability, "because": list(before.because)}
        connection.execute(update(matter_pair).where(where).values(**columns))


def _is_suggested(ids: tuple[int, int]) -> ColumnElement[bool]:
    low, high = ids
    return and_(
        matter_pair.c.low_id == low,
        matter_pair.c.high_id == high,
        matter_pair.c.state == PairState.SUGGESTED.value,
    )


def delete_pairs(connection: Connection, matter_ids: Sequence[int]) -> None:
    """Forget what is known between matters that are no more and any others."""
    for part in chunks(matter_ids):
        either = or_(matter_pair.c.low_id.in_(part), matter_pair.c.high_id.in_(part))
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
    row = _as_row(NewPair(low, high, 0.0, ())) | decided
    # In one statement: a message that arrives at this moment may suggest the same two.
    statement = _insert(connection).on_conflict_do_update(index_elements=_KEY, set_=decided)
    connection.execute(statement, [row])


def _insert(connection: Connection) -> Any:
    return _INSERT[connection.dialect.name](matter_pair)


def read_pairs(connection: Connection, matter_ids: Sequence[int]) -> list[Row[Any]]:
    """All pairs in which one of these matters stands, the most probable first."""
    found: dict[tuple[int, int], Row[Any]] = {}
    for part in chunks(matter_ids):
        either = or_(matter_pair.c.low_id.in_(part), matter_pair.c.high_id.in_(part))
        for row in connection.execute(select(matter_pair).where(either)):
            found[row.low_id, row.high_id] = row
    return sorted(found.values(), key=lambda row: (-row.probability, row.low_id, row.high_id))


def find_parts(connection: Connection, matter_ids: Sequence[int]) -> dict[int, int]:
    """These matters and all that were merged into them, directly or not, each with its whole."""
    found = {matter_id: matter_id for matter_id in matter_ids}
    frontier = list(matter_ids)
    while frontier:
        merged = read_for(connection, _merged_into, frontier)
        parts = {part: found[whole] for part, whole in merged}
        found |= parts
        frontier = sorted(parts)
    return found


def _merged_into(asked: TableValuedAlias) -> Select[Any]:
    parts = asked.join(matter, matter.c.merged_into == asked.c.value)
    return select(matter.c.id, matter.c.merged_into).select_from(parts)


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
