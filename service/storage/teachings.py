"""What people decided of messages, read for learning.

A correction stands beside the prediction it corrects, in the table ``classification``: the
model's row has labels, probabilities and the model's version, the person's row has labels, name
and time, and the version of the model it differs from or confirms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select

from service.domain.classification import MODEL
from service.domain.relation import Relation
from service.domain.teaching import Teaching
from service.storage.partings import text_of_demand
from service.storage.rows import chunks
from service.storage.tables import classification, demand, event, matter, message

_DISPATCHED, _RETURNED, _UPHELD = "dispatched", "returned", "return_refused"
# Written so that the index on the column serves.
_BY_PERSON = or_(classification.c.decided_by < MODEL, classification.c.decided_by > MODEL)


def read_teachings(connection: Connection) -> list[Teaching]:
    """All messages that a person decided on, by id; each with the last decision.

    Those are messages whose classification a person gave or confirmed, and those that opened a
    matter which a person sent out with labels nobody changed. What no longer has a text is left.
    """
    found: dict[int, Teaching] = {}
    for query, is_tacit in ((_sent_out(), True), (_classified(), False)):
        for row in connection.execute(query):
            found[row.message_id] = _teaching(row, is_tacit=is_tacit)
    return [found[number] for number in sorted(found)]


def find_newest_taught(connection: Connection, count: int) -> list[int]:
    """The matters that people classified or confirmed last, at most ``count`` of them, by id."""
    query = (
        select(demand.c.matter_id)
        .join(classification, classification.c.message_id == demand.c.message_id)
        .where(_BY_PERSON)
        .group_by(demand.c.matter_id)
        .order_by(func.max(classification.c.id).desc())
        .limit(count)
    )
    return sorted(connection.execute(query).scalars())


def find_leading_of(connection: Connection, matter_ids: Sequence[int]) -> dict[int, int]:
    """For each of these matters the message that opened it."""
    found: dict[int, int] = {}
    for part in chunks(matter_ids):
        query = select(demand.c.matter_id, demand.c.message_id).where(
            demand.c.matter_id.in_(part), demand.c.relation == Relation.FIRST.value
        )
        found.update({row.matter_id: row.message_id for row in connection.execute(query)})
    return found


def _classified() -> Any:
    """The last classification by a person of each message."""
    last = (
        select(func.max(classification.c.id))
        .where(_BY_PERSON)
        .group_by(classification.c.message_id)
    )
    return (
        select(classification, *_WORDS, demand.c.matter_id)
        .join(message, message.c.id == classification.c.message_id)
        .join(demand, demand.c.message_id == message.c.id)
        .where(classification.c.id.in_(last), _HAS_TEXT)
    )


def _sent_out() -> Any:
    """Matters that a person sent out, with the message that opened them and the last such time.

    Not those that came back since: who sent them back says that the department was wrong, unless
    the desk then said that it was right.
    """
    is_sent = event.c.kind == _DISPATCHED
    sent = (
        select(event.c.matter_id, func.max(event.c.id).label("event_id"))
        .where(or_(is_sent, event.c.kind.in_((_RETURNED, _UPHELD))))
        .group_by(event.c.matter_id)
        .having(func.max(case((is_sent, 1), else_=0)) == 1)
        .subquery()
    )
    return (
        select(
            matter.c.id.label("matter_id"),
            matter.c.topic,
            matter.c.department,
            matter.c.kind,
            matter.c.is_urgent,
            event.c.actor.label("decided_by"),
            event.c.at.label("decided_at"),
            demand.c.message_id,
            *_WORDS,
        )
        .join(sent, sent.c.matter_id == matter.c.id)
        .join(event, event.c.id == sent.c.event_id)
        .join(
            demand,
            and_(demand.c.matter_id == matter.c.id, demand.c.relation == Relation.FIRST.value),
        )
        .join(message, message.c.id == demand.c.message_id)
        .where(event.c.kind != _RETURNED)
        .where(_HAS_TEXT, matter.c.topic != "", matter.c.department != "", matter.c.kind != "")
    )


_HAS_TEXT = or_(message.c.title != "", message.c.text != "")
_WORDS = (
    message.c.title,
    message.c.text,
    message.c.part_of,
    demand.c.part_start,
    demand.c.part_end,
)


def _teaching(row: Row[Any], *, is_tacit: bool) -> Teaching:
    return Teaching(
        message_id=row.message_id,
        matter_id=row.matter_id,
        title=row.title,
        text=text_of_demand(row),
        topic=row.topic,
        department=row.department,
        kind=row.kind,
        is_urgent=row.is_urgent,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        is_tacit=is_tacit,
    )
