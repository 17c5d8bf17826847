"""Files that came with messages, sealed as the use case gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from service.storage.rows import chunks, insert_rows, is_id
from service.storage.tables import attachment

_TOLD = tuple(column for column in attachment.c if column is not attachment.c.content)


def insert_attachments(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep attachments: all columns but the id."""
    insert_rows(connection, attachment, rows)


def read_attachments(connection: Connection, message_id: int) -> list[Row[Any]]:
    """The attachments of a message in their order, without their content."""
    query = select(*_TOLD).where(attachment.c.message_id == message_id)
    return list(connection.execute(query.order_by(attachment.c.number)))


def count_attachments(connection: Connection, message_ids: Sequence[int]) -> dict[int, int]:
    """How many attachments these messages have, by id; those without any are left out."""
    found: dict[int, int] = {}
    for part in chunks(message_ids):
        query = (
            select(attachment.c.message_id, func.count())
            .where(attachment.c.message_id.in_(part))
            .group_by(attachment.c.message_id)
        )
        found.update({row[0]: row[1] for row in connection.execute(query)})
    return found


def read_attachment(connection: Connection, attachment_id: int) -> Row[Any] | None:
    """One attachment with its content, or None."""
    if not is_id(attachment_id):
        return None
    query = select(attachment).where(attachment.c.id == attachment_id)
    return connection.execute(query).first()
