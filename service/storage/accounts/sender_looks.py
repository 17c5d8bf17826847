"""Looks at senders: only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from service.storage.tables import sender_look


def insert_look(
    connection: Connection, at: datetime, account: str, matter_id: int, messages: Sequence[int]
) -> None:
    """Keep a look."""
    row = {"at": at, "account": account, "matter_id": matter_id, "messages": list(messages)}
    connection.execute(insert(sender_look).values(row))


def read_looks(connection: Connection, account: str, matter_id: int, limit: int) -> list[Row[Any]]:
    """The newest looks, of an account and at a matter where these are told."""
    query = select(sender_look).order_by(sender_look.c.id.desc()).limit(limit)
    if account:
        query = query.where(sender_look.c.account == account)
    if matter_id:
        query = query.where(sender_look.c.matter_id == matter_id)
    return list(connection.execute(query))
