"""Open matters whose deadline is near or long over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from service.domain.status import OPEN_STATUSES
from service.storage.tables import STANDS, matter

_WAITS = and_(
    matter.c.status.in_(sorted(status.value for status in OPEN_STATUSES)),
    STANDS,
    matter.c.paused_at.is_(None),
)


def read_soon_due(connection: Connection, before: datetime, limit: int) -> list[Row[Any]]:
    """At most so many matters (id, due_at) due by ``before`` and not reminded of it yet."""
    is_new = or_(matter.c.reminded_of.is_(None), matter.c.reminded_of != matter.c.due_at)
    return _read(connection, and_(matter.c.due_at <= before, is_new), limit)


def read_long_overdue(connection: Connection, before: datetime, limit: int) -> list[Row[Any]]:
    """At most so many matters (id, due_at) due by ``before`` and not supervised yet."""
    return _read(connection, and_(matter.c.due_at <= before, ~matter.c.is_supervised), limit)


def _read(connection: Connection, where: ColumnElement[bool], limit: int) -> list[Row[Any]]:
    query = select(matter.c.id, matter.c.due_at).where(_WAITS, where)
    return list(connection.execute(query.order_by(matter.c.id).limit(limit).with_for_update()))
