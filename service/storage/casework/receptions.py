"""Receptions of studios, and the messages taken in at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, tuple_, update

from service.storage.matters.matters import UNKNOWN_SENDER
from service.storage.rows import is_id
from service.storage.tables import message, reception, reception_message


def insert_reception(connection: Connection, **columns: object) -> int:
    """Open a reception and give its id."""
    row = {"closed_at": None, "result": "", **columns}
    made = connection.execute(insert(reception).values(row).returning(reception.c.id))
    return int(made.scalar_one())


def lock_reception(connection: Connection, reception_id: int) -> Row[Any] | None:
    """A reception's row, kept for this transaction; None where there is none."""
    if not is_id(reception_id):
        return None
    query = select(reception).where(reception.c.id == reception_id)
    return connection.execute(query.with_for_update()).first()


def change_reception(connection: Connection, reception_id: int, **columns: object) -> None:
    """Set columns of a reception."""
    connection.execute(update(reception).where(reception.c.id == reception_id).values(**columns))


def add_message(connection: Connection, reception_id: int, message_id: int) -> None:
    """Note that a message was taken in at a reception; one that was noted before stays there."""
    there = select(reception_message.c.message_id).where(
        reception_message.c.message_id == message_id
    )
    if connection.execute(there).first() is None:
        row = {"reception_id": reception_id, "message_id": message_id}
        connection.execute(insert(reception_message).values(row))


def read_receptions(
    connection: Connection, studios: Sequence[str] | None, limit: int, before: int = 0
) -> list[Row[Any]]:
    """The newest receptions of these studios, of all where it is None, each with
    ``message_count`` and ``people_count``; those behind ``before`` where it is not 0.
    """
    query = _with_counts().order_by(reception.c.held_on.desc(), reception.c.id.desc()).limit(limit)
    if studios is not None:
        query = query.where(reception.c.studio.in_(studios))
    if before:
        place = select(reception.c.held_on, reception.c.id).where(reception.c.id == before)
        query = query.where(tuple_(reception.c.held_on, reception.c.id) < place.scalar_subquery())
    return list(connection.execute(query))


def read_reception(connection: Connection, reception_id: int) -> Row[Any] | None:
    """One reception in the same form; None where there is none."""
    if not is_id(reception_id):
        return None
    return connection.execute(_with_counts().where(reception.c.id == reception_id)).first()


def _with_counts() -> Select[Any]:
    counted = (
        select(
            reception_message.c.reception_id,
            func.count().label("messages"),
            func.count(message.c.sender_id.distinct()).label("known"),
            func.count(UNKNOWN_SENDER.distinct()).label("unknown"),
        )
        .join(message, message.c.id == reception_message.c.message_id)
        .group_by(reception_message.c.reception_id)
        .subquery()
    )
    return select(
        reception,
        func.coalesce(counted.c.messages, 0).label("message_count"),
        func.coalesce(counted.c.known + counted.c.unknown, 0).label("people_count"),
    ).outerjoin(counted, counted.c.reception_id == reception.c.id)
