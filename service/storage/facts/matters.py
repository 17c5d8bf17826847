"""The matters that a period touches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from service.domain.relation import Relation
from service.domain.scope import Scope
from service.domain.status import OPEN_STATUSES
from service.storage.facts.scope import in_scope
from service.storage.matters import UNKNOWN_SENDER
from service.storage.rows import chunks
from service.storage.tables import STANDS, demand, matter, message


def read_matter_rows_of_period(
    connection: Connection, begin_at: datetime, end_at: datetime, scope: Scope
) -> list[Row[Any]]:
    """Matters with a message in the span, opened or closed in it, or overdue at its end."""
    heard = (
        select(demand.c.matter_id)
        .join(message, message.c.id == demand.c.message_id)
        .where(message.c.sent_at >= begin_at, message.c.sent_at < end_at)
    )
    was_open = or_(
        matter.c.status.in_(sorted(s.value for s in OPEN_STATUSES)), matter.c.closed_at >= end_at
    )
    query = (
        select(matter)
        .where(
            or_(
                matter.c.id.in_(heard),
                and_(matter.c.opened_at >= begin_at, matter.c.opened_at < end_at),
                and_(matter.c.closed_at >= begin_at, matter.c.closed_at < end_at),
                and_(was_open, matter.c.due_at <= end_at, matter.c.opened_at < end_at),
            ),
            in_scope(scope),
            STANDS,
        )
        .order_by(matter.c.id)
    )
    return list(connection.execute(query))


def count_until(
    connection: Connection, matter_ids: list[int], end_at: datetime
) -> dict[int, tuple[int, int, int]]:
    """For each matter up to ``end_at``: messages, people, copies."""
    found: dict[int, tuple[int, int, int]] = {}
    for part in chunks(matter_ids):
        rows = connection.execute(
            select(
                demand.c.matter_id,
                func.count(),
                func.count(message.c.sender_id.distinct()) + func.count(UNKNOWN_SENDER.distinct()),
                func.count().filter(demand.c.relation == Relation.COPY.value),
            )
            .join(message, message.c.id == demand.c.message_id)
            .where(demand.c.matter_id.in_(part), message.c.sent_at < end_at)
            .group_by(demand.c.matter_id)
        )
        found.update({row[0]: (row[1], row[2], row[3]) for row in rows})
    return found
