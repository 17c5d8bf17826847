"""The masked texts that a digest quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, TableValuedAlias, select

from service.storage.tables import message
from service.storage.values import read_for


def read_told_texts(
    connection: Connection, message_ids: Sequence[int]
) -> Sequence[tuple[Any, ...]]:
    """(id, sender id or None, masked title, masked text) of these messages, by id."""
    return sorted(read_for(connection, _by_id, message_ids), key=lambda row: int(row[0]))


def _by_id(asked: TableValuedAlias) -> Select[Any]:
    columns = message.c.id, message.c.sender_id, message.c.masked_title, message.c.masked_text
    return select(*columns).select_from(asked.join(message, message.c.id == asked.c.value))
