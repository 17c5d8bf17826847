"""Answers to the senders of a matter, their ratings, and what senders told on being asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from service.domain.reply import ReplyState
from service.storage.rows import chunks, is_id
from service.storage.tables import rating, reply, supplement

_OPEN = (ReplyState.DRAFT.value, ReplyState.CHECKED.value)


def insert_draft(connection: Connection, matter_id: int, **columns: object) -> int:
    """Keep a draft (``text``, ``masked_text``, ``department``, ``drafted_by``, ``drafted_at``) and
    give its id; an earlier one of the matter that was not sent is void from then on.
    """
    earlier = reply.c.matter_id == matter_id, reply.c.state.in_(_OPEN)
    connection.execute(update(reply).where(*earlier).values(state=ReplyState.WITHDRAWN.value))
    row = {
        "matter_id": matter_id,
        "state": ReplyState.DRAFT.value,
        "checked_by": "",
        "checked_at": None,
        "sent_by": "",
        "sent_at": None,
        "check": [],
        **columns,
    }
    return int(connection.execute(insert(reply).values(row).returning(reply.c.id)).scalar_one())


def read_reply(connection: Connection, reply_id: int) -> Row[Any] | None:
    """An answer's row, or None."""
    if not is_id(reply_id):
        return None
    return connection.execute(select(reply).where(reply.c.id == reply_id)).first()


def change_reply(connection: Connection, reply_id: int, **columns: object) -> None:
    """Set columns of an answer."""
    connection.execute(update(reply).where(reply.c.id == reply_id).values(**columns))


def read_replies(connection: Connection, matter_ids: Sequence[int]) -> list[Row[Any]]:
    """The answers of matters, void drafts left out, in the order they were drafted."""
    found: list[Row[Any]] = []
    for part in chunks(matter_ids):
        query = select(reply).where(
            reply.c.matter_id.in_(part), reply.c.state != ReplyState.WITHDRAWN.value
        )
        found += connection.execute(query)
    return sorted(found, key=lambda row: row.id)


def insert_rating(
    connection: Connection,
    reply_id: int,
    message_id: int,
    satisfaction: str,
    reason: str,
    at: datetime,
) -> None:
    """Keep what a sender says of an answer."""
    connection.execute(
        insert(rating).values(
            reply_id=reply_id,
            message_id=message_id,
            satisfaction=satisfaction,
            reason=reason,
            at=at,
        )
    )


def read_ratings(connection: Connection, reply_ids: Sequence[int]) -> list[Row[Any]]:
    """What senders said of answers, in the order they said it."""
    found: list[Row[Any]] = []
    for part in chunks(reply_ids):
        found += connection.execute(select(rating).where(rating.c.reply_id.in_(part)))
    return sorted(found, key=lambda row: (row.at, row.message_id))


def insert_supplement(
    connection: Connection,
    matter_id: int,
    message_id: int,
    text: str,
    masked_text: str,
    at: datetime,
) -> None:
    """Keep what a sender told on being asked for more."""
    connection.execute(
        insert(supplement).values(
            matter_id=matter_id, message_id=message_id, text=text, masked_text=masked_text, at=at
        )
    )


def read_supplements(connection: Connection, matter_id: int) -> list[Row[Any]]:
    """What senders of a matter told on being asked for more, in the order they told it."""
    query = select(supplement).where(supplement.c.matter_id == matter_id)
    return list(connection.execute(query.order_by(supplement.c.id)))
