"""Counts over the whole database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from service.domain.status import OPEN_STATUSES
from service.storage.tables import IS_PART, STANDS, matter, message


def count_messages(connection: Connection) -> int:
    """All messages; a part counts as none."""
    query = select(func.count()).select_from(message).where(~IS_PART)
    return int(connection.execute(query).scalar_one())


def count_matters_by_status(connection: Connection) -> dict[str, int]:
    """Matters by the value of their status."""
    rows = connection.execute(
        select(matter.c.status, func.count())
        .where(STANDS)
        .group_by(matter.c.status)
        .order_by(matter.c.status)
    )
    return {status: int(count) for status, count in rows}


def count_open(connection: Connection, now: datetime) -> tuple[int, int]:
    """Open matters that are urgent, and open matters past their deadline."""
    is_open = matter.c.status.in_(sorted(s.value for s in OPEN_STATUSES))
    urgent, overdue = connection.execute(
        select(
            func.count().filter(matter.c.is_urgent),
            func.count().filter(matter.c.due_at <= now),
        )
        .select_from(matter)
        .where(is_open, STANDS)
    ).one()
    return int(urgent), int(overdue)
