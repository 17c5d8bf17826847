"""Messages as facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from service.digest.facts import MessageFact
from service.domain.channel import Channel
from service.domain.digest_scope import DigestScope
from service.domain.kind import Kind
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.storage.database import Connection
from service.storage.digests.facts.messages import read_message_rows, read_rows_about


def read_messages(
    connection: Connection, first: date, last: date, scope: DigestScope
) -> tuple[MessageFact, ...]:
    """The messages sent from ``first`` to ``last`` inclusive, by id."""
    return tuple(_message_fact(row) for row in read_message_rows(connection, first, last, scope))


def read_messages_about(
    connection: Connection,
    spans: Sequence[tuple[date, date]],
    subjects: Sequence[tuple[str, str]],
    scope: DigestScope,
) -> tuple[MessageFact, ...]:
    """The messages sent within any of the spans about any (topic, place; "": everywhere), by id."""
    return tuple(map(_message_fact, read_rows_about(connection, spans, subjects, scope)))


def _message_fact(row: Any) -> MessageFact:
    return MessageFact(
        id=row.id,
        sent_on=row.sent_on,
        matter_id=row.matter_id,
        topic_l1=row.topic[:2],
        topic=row.topic,
        department=row.department,
        kind=Kind(row.kind),
        place=row.place,
        committee=row.committee,
        studio=row.studio,
        channel=Channel(row.channel),
        relation=Relation(row.relation),
        sender_key=row.sender_id,
        like_count=row.like_count,
        dislike_count=row.dislike_count,
        is_urgent=row.is_urgent,
        needs_review=row.status == MatterStatus.REVIEW.value,
        part_of=row.part_of,
    )
