"""Open matters whose deadline is near or long over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from service.domain.status import OPEN_STATUSES, MatterStatus
from service.storage.tables import STANDS, matter


@dataclass(frozen=True, slots=True)
class Limits:
    """Deadlines up to these (aware) are meant: of ordinary matters, and of urgent ones."""

    ordinary: datetime
    urgent: datetime


_WAITS = and_(
    # What has been answered only waits to be closed: nobody is late with it.
    matter.c.status.in_(sorted(s.value for s in OPEN_STATUSES - {MatterStatus.ANSWERED})),
    STANDS,
    matter.c.paused_at.is_(None),
)


def read_soon_due(connection: Connection, limits: Limits, count: int) -> list[Row[Any]]:
    """At most so many matters (id, due_at) due by the limits and not reminded of it yet."""
    is_new = or_(matter.c.reminded_of.is_(None), matter.c.reminded_of != matter.c.due_at)
    return _read(connection, and_(_due_by(limits), is_new), count)


def read_long_overdue(connection: Connection, limits: Limits, count: int) -> list[Row[Any]]:
    """At most so many matters (id, due_at) due by the limits and not supervised yet."""
    return _read(connection, and_(_due_by(limits), ~matter.c.is_supervised), count)


def _due_by(limits: Limits) -> ColumnElement[bool]:
    return or_(
        and_(matter.c.is_urgent, matter.c.due_at <= limits.urgent),
        and_(~matter.c.is_urgent, matter.c.due_at <= limits.ordinary),
    )


def _read(connection: Connection, where: ColumnElement[bool], limit: int) -> list[Row[Any]]:
    query = select(matter.c.id, matter.c.due_at).where(_WAITS, where)
    return list(connection.execute(query.order_by(matter.c.id).limit(limit).with_for_update()))
