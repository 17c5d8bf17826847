"""What the model judged and people decided in a span of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from service.domain.classification import MODEL
from service.domain.digest_scope import DigestScope
from service.domain.path import Move
from service.storage.digests.facts.matters import in_span
from service.storage.digests.facts.scope import in_digest_scope
from service.storage.matters.unindexed import JUDGED_BY_MODEL, MATTER_STANDS, MESSAGE_IS_WHOLE
from service.storage.rows import chunks
from service.storage.tables import (
    classification,
    demand,
    event,
    matter,
    message,
)

# Not equal, as two ends of the index: it holds few of people and nearly all of the model.
_BY_PEOPLE = or_(classification.c.decided_by < MODEL, classification.c.decided_by > MODEL)
_LOOKS = ("review_wanted", Move.REVIEW.value)  # events: a person was to look before it went out


def read_judged(
    connection: Connection, first: date, last: date, scope: DigestScope
) -> list[Row[Any]]:
    """The model's judgements on whole messages sent from ``first`` to ``last``, in their order."""
    details = classification.c.details
    query = (
        select(
            classification.c.message_id,
            message.c.sent_on,
            details[("topic_l1", 0)].as_string().label("topic_l1"),
            details[("topic_l1", 1)].as_float().label("confidence"),
            classification.c.model_version,
        )
        .join(message, message.c.id == classification.c.message_id)
        .join(demand, demand.c.message_id == message.c.id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(
            message.c.sent_on.between(first, last),
            JUDGED_BY_MODEL,
            MESSAGE_IS_WHOLE,
            in_digest_scope(scope),
        )
        .order_by(classification.c.id)
    )
    return list(connection.execute(query))


def read_checked(
    connection: Connection, begin_at: datetime, end_at: datetime, scope: DigestScope
) -> list[Row[Any]]:
    """What people decided on whole messages in the span, in their order."""
    columns = ("message_id", "decided_at", "topic", "department", "kind", "is_urgent")
    query = (
        select(*(classification.c[name] for name in columns))
        .join(message, message.c.id == classification.c.message_id)
        .join(demand, demand.c.message_id == message.c.id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(
            _BY_PEOPLE,
            in_span(classification.c.decided_at, begin_at, end_at),
            MESSAGE_IS_WHOLE,
            in_digest_scope(scope),
        )
        .order_by(func.coalesce(classification.c.id, 0))  # by its index all would be read
    )
    return list(connection.execute(query))


def read_first_judged(connection: Connection, message_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """The model's first judgement on each of these messages, by message."""
    found: dict[int, Row[Any]] = {}
    columns = ("message_id", "topic", "department", "kind", "is_urgent")
    for part in chunks(message_ids):
        query = (
            select(*(classification.c[name] for name in columns))
            .where(classification.c.message_id.in_(part), JUDGED_BY_MODEL)
            .order_by(classification.c.id)
        )
        for row in connection.execute(query):
            found.setdefault(row.message_id, row)
    return found


def read_opened(
    connection: Connection, begin_at: datetime, end_at: datetime, scope: DigestScope
) -> list[Row[Any]]:
    """The matters opened in the span, and whether a person was to look at them first."""
    looked = (
        select(event.c.id)
        .where(and_(event.c.matter_id == matter.c.id, event.c.kind.in_(_LOOKS)))
        .exists()
        .label("is_reviewed")
    )
    query = select(matter.c.id, matter.c.opened_at, looked).where(
        in_span(matter.c.opened_at, begin_at, end_at), in_digest_scope(scope), MATTER_STANDS
    )
    return list(connection.execute(query.order_by(matter.c.id)))
