"""Which open matters refer to which row of the directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from service.domain.status import OPEN_STATUSES
from service.storage.tables import matter


@dataclass(frozen=True, slots=True)
class MatterUses:
    """What an open matter refers to: a department by name, the others by code."""

    number: str
    committee: str
    studio: str
    members: tuple[str, ...]
    department: str


def read_open_uses(connection: Connection) -> Iterator[MatterUses]:
    """Those of all open matters, also of those merged into others: they may be split again."""
    query = (
        select(
            matter.c.number,
            matter.c.committee,
            matter.c.studio,
            matter.c.members,
            matter.c.department,
        )
        .where(matter.c.status.in_(sorted(status.value for status in OPEN_STATUSES)))
        .order_by(matter.c.id)
    )
    for row in connection.execute(query):
        yield MatterUses(row.number, row.committee, row.studio, tuple(row.members), row.department)
