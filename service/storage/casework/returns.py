"""What the histories of matters tell of returns 退单."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from service.domain.path import Move
from service.domain.returns import MOVES_ON_RETURNS, MadeMove
from service.storage.rows import chunks
from service.storage.tables import event

_KINDS = sorted(move.value for move in MOVES_ON_RETURNS)


def read_moves_on_returns(
    connection: Connection, matter_ids: Sequence[int]
) -> dict[int, list[MadeMove]]:
    """For each of these matters that has any, its moves that bear on returns, in their order."""
    found: dict[int, list[MadeMove]] = {}
    for part in chunks(matter_ids):
        query = (
            select(event.c.matter_id, event.c.kind, event.c.actor, event.c.at, event.c.details)
            .where(event.c.matter_id.in_(part), event.c.kind.in_(_KINDS))
            .order_by(event.c.matter_id, event.c.number)
        )
        for row in connection.execute(query):
            # An entry that was redacted tells nothing but its kind.
            told = {key: str(row.details.get(key, "")) for key in ("reason", "department")}
            made = MadeMove(Move(row.kind), row.actor, row.at, **told)
            found.setdefault(row.matter_id, []).append(made)
    return found
