"""Counts over the whole database, or what of it lies in a scope."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from service.domain.access import WHOLE, Scope
from service.domain.status import OPEN_STATUSES
from service.storage.matters.scopes import in_scope
from service.storage.tables import IS_PART, STANDS, demand, matter, message


def count_messages(connection: Connection, scope: Scope = WHOLE) -> int:
    """All messages of a scope; a part counts as none."""
    query = select(func.count()).select_from(message).where(~IS_PART)
    if conditions := in_scope(scope, by_index=False):
        query = query.join(demand, demand.c.message_id == message.c.id)
        query = query.join(matter, matter.c.id == demand.c.matter_id).where(*conditions)
    return int(connection.execute(query).scalar_one())


def count_matters_by_status(connection: Connection, scope: Scope = WHOLE) -> dict[str, int]:
    """Matters of a scope by the value of their status."""
    rows = connection.execute(
        select(matter.c.status, func.count())
        .where(STANDS, *in_scope(scope))
        .group_by(matter.c.status)
        .order_by(matter.c.status)
    )
    return {status: int(count) for status, count in rows}


def count_open(connection: Connection, now: datetime, scope: Scope = WHOLE) -> tuple[int, int]:
    """Open matters of a scope that are urgent, and open matters past their deadline."""
    is_open = matter.c.status.in_(sorted(s.value for s in OPEN_STATUSES))
    urgent, overdue = connection.execute(
        select(
            func.count().filter(matter.c.is_urgent),
            func.count().filter(matter.c.due_at <= now),
        )
        .select_from(matter)
        .where(is_open, STANDS, *in_scope(scope))
    ).one()
    return int(urgent), int(overdue)
