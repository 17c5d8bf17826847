"""What people decided of messages, read for learning.

A correction stands beside the prediction it corrects, in the table ``classification``: the
model's row has labels, probabilities and the model's version, the person's row has labels, name
and time, and the version of the model it differs from or confirms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select

from service.domain.classification import MODEL
from service.domain.relation import Relation
from service.domain.returns import AcceptedReturn, accepted_returns
from service.domain.teaching import Teaching
from service.storage.casework.returns import read_moves_on_returns
from service.storage.matters.partings import text_of_demand
from service.storage.rows import chunks
from service.storage.tables import WAS_RETURNED, classification, demand, event, matter, message

_DISPATCHED, _RETURNED, _UPHELD = "dispatched", "returned", "return_refused"
# Written so that the index on the column serves.
_BY_PERSON = or_(classification.c.decided_by < MODEL, classification.c.decided_by > MODEL)


def read_teachings(connection: Connection) -> list[Teaching]:
    """All messages that a person decided on, by id; each with the last decision.

    Those are messages whose classification a person gave or confirmed, and those that opened a
    matter which a person sent out with labels nobody changed. Where a department sent it back as
    not its duty, and the desk agreed, only this is known of the department until another is told.
    What no longer has a text is left.
    """
    found: dict[int, Teaching] = {}
    for query, is_tacit in ((_sent_out(), True), (_classified(), False)):
        for row in connection.execute(query):
            found[row.message_id] = _teaching(
                row, row.decided_by, row.decided_at, is_tacit=is_tacit
            )
    _rule_out(connection, found)
    return [found[number] for number in sorted(found)]


def _rule_out(connection: Connection, found: dict[int, Teaching]) -> None:
    """Add what accepted returns tell, to teachings by the number of their message."""
    rows = _read_returned(connection)
    moves = read_moves_on_returns(connection, [row.matter_id for row in rows])
    for row in rows:
        returns = accepted_returns(moves.get(row.matter_id, ()), row.department)
        if returns:
            told = found.get(row.message_id)
            found[row.message_id] = _unless_returned(told, returns) if told else _back(row, returns)


def _unless_returned(told: Teaching, returns: Sequence[AcceptedReturn]) -> Teaching:
    """The same, where no department that was told sent the matter back since; else without it."""
    if all(one.department != told.department or one.at < told.decided_at for one in returns):
        return told
    return _without_department(told, returns)


def _back(row: Row[Any], returns: Sequence[AcceptedReturn]) -> Teaching:
    """Of a matter that came back, where nothing else is known of its department."""
    last = returns[-1]
    return _without_department(_teaching(row, last.actor, last.at, is_tacit=True), returns)


def _without_department(told: Teaching, returns: Sequence[AcceptedReturn]) -> Teaching:
    return replace(told, department="", ruled_out=frozenset(one.department for one in returns))


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
        _opened_by(event.c.actor.label("decided_by"), event.c.at.label("decided_at"))
        .join(sent, sent.c.matter_id == matter.c.id)
        .join(event, event.c.id == sent.c.event_id)
        .where(event.c.kind != _RETURNED, matter.c.department != "")
    )


def _read_returned(connection: Connection) -> list[Row[Any]]:
    """Matters that were ever sent back, with the message that opened them."""
    numbers = connection.execute(select(matter.c.id).where(WAS_RETURNED)).scalars().all()
    queries = (_opened_by().where(matter.c.id.in_(part)) for part in chunks(numbers))
    return [row for query in queries for row in connection.execute(query)]


def _opened_by(*more: Any) -> Any:
    """Matters with a topic and a kind, their labels, and the message that opened them."""
    return (
        select(
            matter.c.id.label("matter_id"),
            matter.c.topic,
            matter.c.department,
            matter.c.kind,
            matter.c.is_urgent,
            demand.c.message_id,
            *_WORDS,
            *more,
        )
        .select_from(matter)
        .join(
            demand,
            and_(demand.c.matter_id == matter.c.id, demand.c.relation == Relation.FIRST.value),
        )
        .join(message, message.c.id == demand.c.message_id)
        .where(_HAS_TEXT, matter.c.topic != "", matter.c.kind != "")
    )


_HAS_TEXT = or_(message.c.title != "", message.c.text != "")
_WORDS = (
    message.c.title,
    message.c.text,
    message.c.part_of,
    demand.c.part_start,
    demand.c.part_end,
)


def _teaching(row: Row[Any], by: str, at: datetime, *, is_tacit: bool) -> Teaching:
    return Teaching(
        message_id=row.message_id,
        matter_id=row.matter_id,
        title=row.title,
        text=text_of_demand(row),
        topic=row.topic,
        department=row.department,
        kind=row.kind,
        is_urgent=row.is_urgent,
        decided_by=by,
        decided_at=at,
        is_tacit=is_tacit,
    )
