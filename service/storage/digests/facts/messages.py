"""The messages that a digest counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true

from service.domain.digest_scope import DigestScope
from service.storage.digests.facts.scope import in_digest_scope
from service.storage.tables import demand, matter, message


def read_message_rows(
    connection: Connection, first: date, last: date, scope: DigestScope
) -> list[Row[Any]]:
    """Messages sent from ``first`` to ``last`` inclusive, with what their matter says.

    Parts of messages are among them, with the message they are part of in ``part_of``.
    """
    return _read(connection, scope, message.c.sent_on.between(first, last))


def read_rows_about(
    connection: Connection,
    spans: Sequence[tuple[date, date]],
    subjects: Sequence[tuple[str, str]],
    scope: DigestScope,
) -> list[Row[Any]]:
    """The same of the messages sent within any of these spans about any (topic, place).

    A place of "" stands for all places.
    """
    if not spans or not subjects:
        return []
    is_then = or_(*(message.c.sent_on.between(first, last) for first, last in spans))
    is_about = or_(
        *(
            and_(matter.c.topic == topic, matter.c.place == place if place else true())
            for topic, place in subjects
        )
    )
    return _read(connection, scope, is_then & is_about)


def _read(
    connection: Connection, scope: DigestScope, is_meant: ColumnElement[bool]
) -> list[Row[Any]]:
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
        .where(is_meant, in_digest_scope(scope))
        .order_by(message.c.id)
    )
    return list(connection.execute(query))


def read_days(connection: Connection) -> tuple[date, date] | None:
    """The days of the first and the last message there is, None where there is none."""
    # Each alone is found at an end of the index; together they would be looked for in the table.
    first = connection.execute(select(func.min(message.c.sent_on))).scalar_one()
    last = connection.execute(select(func.max(message.c.sent_on))).scalar_one()
    return None if first is None else (first, last)
