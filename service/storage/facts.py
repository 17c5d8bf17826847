"""What a digest is made from, read up to a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true

from service.domain.relation import Relation
from service.domain.status import OPEN_STATUSES
from service.storage.matters import UNKNOWN_SENDER
from service.storage.rows import chunks
from service.storage.tables import STANDS, demand, matter, message


def read_message_rows(
    connection: Connection, first: date, last: date, studio: str
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
        .where(message.c.sent_on.between(first, last), _of_studio(studio))
        .order_by(message.c.id)
    )
    return list(connection.execute(query))


def _of_studio(studio: str) -> ColumnElement[bool]:
    return matter.c.studio == studio if studio else true()


def read_matter_rows_of_period(
    connection: Connection, begin_at: datetime, end_at: datetime, studio: str
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
            _of_studio(studio),
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


def read_quotes(
    connection: Connection, matter_ids: list[int], end_at: datetime, count: int
) -> dict[int, tuple[str, ...]]:
    """The first ``count`` masked texts of each matter that are no copies, oldest first."""
    quotes: dict[int, tuple[str, ...]] = {}
    order = (
        func.row_number()
        .over(partition_by=demand.c.matter_id, order_by=(message.c.sent_at, message.c.id))
        .label("place")
    )
    for part in chunks(matter_ids):
        ranked = (
            select(demand.c.matter_id, message.c.masked_text, order)
            .join(message, message.c.id == demand.c.message_id)
            .where(
                demand.c.matter_id.in_(part),
                demand.c.relation != Relation.COPY.value,
                message.c.sent_at < end_at,
            )
            .subquery()
        )
        rows = connection.execute(
            select(ranked.c.matter_id, ranked.c.masked_text)
            .where(ranked.c.place <= count)
            .order_by(ranked.c.matter_id, ranked.c.place)
        )
        for matter_id, text in rows:
            quotes[matter_id] = (*quotes.get(matter_id, ()), text)
    return quotes


def first_day(connection: Connection) -> date | None:
    """The day of the first message there is, None where there is none."""
    day: date | None = connection.execute(select(func.min(message.c.sent_on))).scalar_one()
    return day
