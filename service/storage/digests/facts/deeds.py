"""What studios and members did in a span of time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, false, select, true

from service.domain.digest_scope import DigestScope, DigestScopeKind
from service.domain.reply import ReplyState
from service.storage.digests.facts.matters import in_span
from service.storage.digests.facts.scope import in_digest_scope
from service.storage.matters.unindexed import MATTER_STANDS
from service.storage.rows import chunks
from service.storage.tables import (
    consultation,
    matter,
    reception,
    reception_message,
    reply,
    studio,
)


def read_receptions(
    connection: Connection, first: date, last: date, scope: DigestScope
) -> list[Row[Any]]:
    """The receptions held from ``first`` to ``last`` inclusive, by id.

    A department or topic has none: they are a studio's.
    """
    query = select(reception).where(reception.c.held_on.between(first, last), _of_studios(scope))
    return list(connection.execute(query.order_by(reception.c.id)))


def _of_studios(scope: DigestScope) -> ColumnElement[bool]:
    of_committee = select(studio.c.code).where(studio.c.committee.in_(scope.covered))
    return {
        DigestScopeKind.WHOLE: true(),
        DigestScopeKind.COMMITTEE: reception.c.studio.in_(of_committee),
        DigestScopeKind.STUDIO: reception.c.studio == scope.key,
    }.get(scope.kind, false())


def read_messages_at(
    connection: Connection, reception_ids: list[int]
) -> dict[int, tuple[int, ...]]:
    """The messages taken in at each of these receptions, ascending."""
    found: dict[int, tuple[int, ...]] = {}
    for part in chunks(reception_ids):
        query = select(reception_message).where(reception_message.c.reception_id.in_(part))
        for row in connection.execute(query.order_by(reception_message.c.message_id)):
            found[row.reception_id] = (*found.get(row.reception_id, ()), row.message_id)
    return found


def read_consultations(
    connection: Connection, first: date, last: date, scope: DigestScope
) -> list[Row[Any]]:
    """What was held from ``first`` to ``last`` inclusive, with its matter's studio, by id."""
    query = (
        select(
            consultation.c.id,
            consultation.c.kind,
            consultation.c.is_solved,
            consultation.c.matter_id,
            matter.c.studio,
            matter.c.members,
        )
        .join(matter, matter.c.id == consultation.c.matter_id)
        .where(consultation.c.held_on.between(first, last), in_digest_scope(scope))
    )
    return list(connection.execute(query.order_by(consultation.c.id)))


def read_replies_sent(
    connection: Connection, begin_at: datetime, end_at: datetime, scope: DigestScope
) -> list[Row[Any]]:
    """The answers signed in the span, with their matter's studio, by id."""
    query = (
        select(reply.c.id, reply.c.matter_id, matter.c.studio, matter.c.members)
        .join(matter, matter.c.id == reply.c.matter_id)
        .where(
            reply.c.state == ReplyState.SENT.value,
            in_span(reply.c.sent_at, begin_at, end_at),
            in_digest_scope(scope),
        )
    )
    return list(connection.execute(query.order_by(reply.c.id)))


def read_closings(
    connection: Connection, begin_at: datetime, end_at: datetime, scope: DigestScope
) -> list[Row[Any]]:
    """The matters closed in the span, by id."""
    columns = (matter.c.id, matter.c.studio, matter.c.members, matter.c.closed_at, matter.c.due_at)
    query = select(*columns).where(
        in_span(matter.c.closed_at, begin_at, end_at), in_digest_scope(scope), MATTER_STANDS
    )
    return list(connection.execute(query.order_by(matter.c.id)))
