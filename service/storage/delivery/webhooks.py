"""Webhooks: where to, for which events, and the sealed secrets they are signed with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from service.storage.rows import is_id
from service.storage.tables import webhook


def insert_webhook(
    connection: Connection,
    url: str,
    events: Sequence[str],
    secret: bytes,
    actor: str,
    at: datetime,
) -> int:
    """Keep a webhook and give its id; ``secret`` is sealed."""
    new = {
        "url": url,
        "events": list(events),
        "secret": secret,
        "failure_count": 0,
        "made_by": actor,
        "made_at": at,
    }
    made = connection.execute(insert(webhook).values(new).returning(webhook.c.id))
    return int(made.scalar_one())


def read_webhooks(connection: Connection) -> list[Row[Any]]:
    """All webhooks that were not removed, by id."""
    query = select(webhook).where(webhook.c.removed_at.is_(None)).order_by(webhook.c.id)
    return list(connection.execute(query))


def read_webhook(connection: Connection, webhook_id: int, lock: bool = False) -> Row[Any] | None:
    """A webhook that was not removed, or None; kept for this transaction where ``lock``."""
    if not is_id(webhook_id):
        return None
    query = select(webhook).where(webhook.c.id == webhook_id, webhook.c.removed_at.is_(None))
    return connection.execute(query.with_for_update() if lock else query).first()


def change_webhook(connection: Connection, webhook_id: int, **values: object) -> None:
    """Set columns of a webhook."""
    connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(values))
