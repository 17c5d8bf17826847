"""The queue: open matters by urgency, deadline, arrival, in keyset pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true

from service.domain.status import OPEN_STATUSES
from service.storage.tables import STANDS, matter


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show of the queue; an empty text or None asks for all."""

    studio: str = ""
    department: str = ""
    topic_l1: str = ""
    status: str = ""
    urgent: bool | None = None
    overdue: bool | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """A place in the queue's order."""

    is_urgent: bool
    due_at: datetime
    id: int


def _conditions(wanted: QueueFilter, now: datetime) -> list[ColumnElement[bool]]:
    statuses = [wanted.status] if wanted.status else sorted(s.value for s in OPEN_STATUSES)
    conditions: list[ColumnElement[bool]] = [matter.c.status.in_(statuses), STANDS]
    named = ((matter.c.studio, wanted.studio), (matter.c.department, wanted.department))
    conditions += [column == value for column, value in named if value]
    if wanted.topic_l1:
        conditions.append(matter.c.topic.startswith(wanted.topic_l1, autoescape=True))
    if wanted.urgent is not None:
        conditions.append(matter.c.is_urgent == wanted.urgent)
    if wanted.overdue is not None:
        conditions.append(matter.c.due_at <= now if wanted.overdue else matter.c.due_at > now)
    if wanted.words:
        conditions.append(matter.c.title.contains(wanted.words, autoescape=True))
    return conditions


def _after(position: QueuePosition | None) -> ColumnElement[bool]:
    if position is None:
        return true()
    later = or_(
        matter.c.due_at > position.due_at,
        and_(matter.c.due_at == position.due_at, matter.c.id > position.id),
    )
    same_urgency = and_(matter.c.is_urgent == position.is_urgent, later)
    return or_(same_urgency, matter.c.is_urgent == False) if position.is_urgent else same_urgency  # noqa: E712


def read_queue(
    connection: Connection,
    wanted: QueueFilter,
    after: QueuePosition | None,
    limit: int,
    now: datetime,
) -> list[Row[Any]]:
    """Rows of at most ``limit`` matters behind a position."""
    query = (
        select(matter)
        .where(*_conditions(wanted, now), _after(after))
        .order_by(matter.c.is_urgent.desc(), matter.c.due_at, matter.c.id)
        .limit(limit)
    )
    return list(connection.execute(query))


def count_queue(connection: Connection, wanted: QueueFilter, now: datetime) -> int:
    """How many matters the filter lets through."""
    query = select(func.count()).select_from(matter).where(*_conditions(wanted, now))
    return int(connection.execute(query).scalar_one())


def count_open_by_studio(connection: Connection) -> dict[str, int]:
    """Open matters of each studio ("" for those without one)."""
    rows = connection.execute(
        select(matter.c.studio, func.count())
        .where(matter.c.status.in_(sorted(s.value for s in OPEN_STATUSES)), STANDS)
        .group_by(matter.c.studio)
        .order_by(matter.c.studio)
    )
    return {studio: int(count) for studio, count in rows}
