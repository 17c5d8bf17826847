"""The matters that a period touches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    or_,
    select,
    union,
    union_all,
)

from service.domain.deadline import SHANGHAI
from service.domain.digest_scope import DigestScope
from service.domain.path import Move
from service.domain.relation import Relation
from service.domain.status import OPEN_STATUSES
from service.storage.digests.facts.scope import in_digest_scope
from service.storage.matters.matters import UNKNOWN_SENDER
from service.storage.matters.unindexed import MATTER_OPENED_AT, MATTER_STANDS
from service.storage.rows import chunks
from service.storage.tables import STANDS, demand, event, matter, message

# Status by status: the queue's index has each, all of them at once would be sought among all.
_OPEN_IDS = union_all(
    *(
        select(matter.c.id).where(STANDS, matter.c.status == status)
        for status in sorted(status.value for status in OPEN_STATUSES)
    )
).subquery()
_IS_OPEN = matter.c.id.in_(select(_OPEN_IDS.c.id))
_COLUMNS = (
    *(matter.c[name] for name in ("id", "number", "title", "status", "topic", "department")),
    *(matter.c[name] for name in ("place", "studio", "opened_at", "due_at", "closed_at")),
    *(matter.c[name] for name in ("return_count", "reopen_count")),
)


def read_matter_rows_of_period(
    connection: Connection,
    begin_at: datetime,
    end_at: datetime,
    scope: DigestScope,
    waiting_count: int,
) -> list[Row[Any]]:
    """The matters that a digest of the span tells of, by id; its ends are midnights of Shanghai.

    Those with a message in it, opened or closed in it; of those open at its end the overdue, the
    ones that came back or were opened again, and the ``waiting_count`` that were opened first.
    """
    first, end = (moment.astimezone(SHANGHAI).date() for moment in (begin_at, end_at))
    # By the day, which has an index; by the moment all messages would be read.
    heard = (
        select(demand.c.matter_id.label("id"))
        .join(message, message.c.id == demand.c.message_id)
        .where(message.c.sent_on >= first, message.c.sent_on < end)
    )
    # Each by its own index: one condition of them all would go through the whole table.
    ids = union(
        heard,
        *(
            select(matter.c.id).where(in_digest_scope(scope), condition)
            for condition in (
                in_span(matter.c.opened_at, begin_at, end_at),
                in_span(matter.c.closed_at, begin_at, end_at),
                *(and_(open_then, _is_stuck(end_at)) for open_then in _open_at(end_at)),
            )
        ),
        *(_oldest(open_then, scope, waiting_count) for open_then in _open_at(end_at)),
    ).subquery()
    query = select(*_COLUMNS).where(
        matter.c.id.in_(select(ids.c.id)), in_digest_scope(scope), MATTER_STANDS
    )
    return list(connection.execute(query.order_by(matter.c.id)))


def in_span(column: ColumnElement[datetime], begin_at: datetime, end_at: datetime) -> Any:
    """The condition that a moment lies from ``begin_at`` to before ``end_at``."""
    return and_(column >= begin_at, column < end_at)


def _open_at(end_at: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The two ways to have been open then: to be so still, or to have been closed since."""
    opened = end_at > MATTER_OPENED_AT
    return and_(_IS_OPEN, opened), and_(matter.c.closed_at >= end_at, opened)


def _is_stuck(end_at: datetime) -> ColumnElement[bool]:
    returned = or_(matter.c.return_count > 0, matter.c.reopen_count > 0)
    return or_(matter.c.due_at <= end_at, returned)


def _oldest(open_then: ColumnElement[bool], scope: DigestScope, count: int) -> Select[Any]:
    first = (
        select(matter.c.id)
        .where(open_then, in_digest_scope(scope), MATTER_STANDS)
        .order_by(MATTER_OPENED_AT, matter.c.id)
        .limit(count)
        .subquery()
    )
    return select(first.c.id)


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


def count_moves_until(
    connection: Connection, matter_ids: Sequence[int], move: Move, end_at: datetime
) -> dict[int, int]:
    """How often a move was made with each of these matters before ``end_at``; 0 left out."""
    found: dict[int, int] = {}
    for part in chunks(matter_ids):
        rows = connection.execute(
            select(event.c.matter_id, func.count())
            .where(event.c.matter_id.in_(part), event.c.kind == move.value, event.c.at < end_at)
            .group_by(event.c.matter_id)
        )
        found.update({row[0]: row[1] for row in rows})
    return found
