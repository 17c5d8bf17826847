"""The messages that a digest counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from service.domain.digest_scope import DigestScope
from service.storage.facts.scope import in_digest_scope
from service.storage.tables import demand, matter, message


def read_message_rows(
    connection: Connection, first: date, last: date, scope: DigestScope
) -> list[Row[Any]]:
    """Messages sent from ``first`` to ``last`` inclusive, with what their matter says.

    Parts of messages are among them, with the message they are part of in ``part_of``.
    """
    query = (
        select(
            message.c.id,
            message.c.sent_on,
            message.c.channel,
            message.c.sender_id,
            message.c.like_count,
            message.c.dislike_count,
            message.c.part_of,
            demand.c.relation,
            demand.c.matter_id,
            matter.c.topic,
            matter.c.department,
            matter.c.kind,
            matter.c.place,
            matter.c.committee,
            matter.c.studio,
            matter.c.is_urgent,
            matter.c.status,
        )
        .join(demand, demand.c.message_id == message.c.id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(message.c.sent_on.between(first, last), in_digest_scope(scope))
        .order_by(message.c.id)
    )
    return list(connection.execute(query))


def read_days(connection: Connection) -> tuple[date, date] | None:
    """The days of the first and the last message there is, None where there is none."""
    # Each alone is found at an end of the index; together they would be looked for in the table.
    first = connection.execute(select(func.min(message.c.sent_on))).scalar_one()
    last = connection.execute(select(func.max(message.c.sent_on))).scalar_one()
    return None if first is None else (first, last)
