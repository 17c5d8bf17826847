"""What was done about matters: when they were opened and closed, and how answers were rated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, union

from service.domain.digest_scope import DigestScope
from service.storage.digests.facts.matters import in_span
from service.storage.digests.facts.scope import in_digest_scope
from service.storage.matters.unindexed import MATTER_STANDS
from service.storage.tables import matter, rating, reply

Span = tuple[datetime, datetime]  # from the first moment to before the second


def read_dates(connection: Connection, spans: Sequence[Span], scope: DigestScope) -> list[Row[Any]]:
    """The matters opened or closed in any of the spans, by id."""
    if not spans:
        return []
    columns = (matter.c.opened_at, matter.c.closed_at)
    ids = union(
        *(select(matter.c.id).where(in_span(column, *span)) for column in columns for span in spans)
    ).subquery()
    query = select(matter.c.id, matter.c.opened_at, matter.c.due_at, matter.c.closed_at).where(
        matter.c.id.in_(select(ids.c.id)), in_digest_scope(scope), MATTER_STANDS
    )
    return list(connection.execute(query.order_by(matter.c.id)))


def read_ratings(
    connection: Connection, spans: Sequence[Span], scope: DigestScope
) -> list[Row[Any]]:
    """What senders said of answers in any of the spans, with the matter that was answered."""
    query = (
        select(
            rating.c.message_id,
            rating.c.satisfaction,
            rating.c.at,
            reply.c.matter_id,
            matter.c.department,
            matter.c.studio,
        )
        .join(reply, reply.c.id == rating.c.reply_id)
        .join(matter, matter.c.id == reply.c.matter_id)
        .where(or_(*(in_span(rating.c.at, *span) for span in spans)), in_digest_scope(scope))
        .order_by(rating.c.reply_id, rating.c.message_id)
    )
    return list(connection.execute(query))
