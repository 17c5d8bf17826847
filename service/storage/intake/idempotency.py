"""Answers already given under an ``Idempotency-Key``."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, text, update

from service.storage.tables import idempotency


def read_answer(connection: Connection, key: str) -> Row[Any] | None:
    """The row of a key, or None."""
    return connection.execute(select(idempotency).where(idempotency.c.key == key)).first()


def lock_key(connection: Connection, key: str) -> None:
    """Let one transaction at a time ask for a key, until it ends."""
    if connection.dialect.name == "postgresql":
        lock = zlib.crc32(key.encode())
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:space, :key)"),
            {"space": 0x4D52, "key": lock - 2**31},
        )


def begin_answer(connection: Connection, key: str, body_digest: bytes, at: datetime) -> None:
    """Note that a request under this key is being handled."""
    connection.execute(insert(idempotency).values(key=key, body_digest=body_digest, begun_at=at))


def keep_answer(
    connection: Connection,
    key: str,
    begun_at: datetime,
    status: int,
    response: Mapping[str, object],
) -> None:
    """Keep the answer given by the request that began at ``begun_at``, if it is still its key."""
    connection.execute(
        update(idempotency).where(_is_of(key, begun_at)).values(status=status, response=response)
    )


def forget_key(connection: Connection, key: str, begun_at: datetime) -> None:
    """Let the key of the request that began at ``begun_at`` be used again."""
    connection.execute(delete(idempotency).where(_is_of(key, begun_at)))


def _is_of(key: str, begun_at: datetime) -> ColumnElement[bool]:
    return and_(idempotency.c.key == key, idempotency.c.begun_at == begun_at)
