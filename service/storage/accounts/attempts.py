"""Attempts that failed, by the keyed digest of what was tried. Write under the account lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.storage.tables import attempt


def read_attempts(connection: Connection, digests: Sequence[bytes]) -> list[Row[Any]]:
    """The rows of these digests: ``failures``, the last of them at ``failed_at``."""
    return list(connection.execute(select(attempt).where(attempt.c.digest.in_(digests))))


def count_failure(connection: Connection, digest: bytes, at: datetime) -> None:
    """Count one failure more."""
    values = {"failures": attempt.c.failures + 1, "failed_at": at}
    done = connection.execute(update(attempt).where(attempt.c.digest == digest).values(values))
    if done.rowcount == 0:
        connection.execute(insert(attempt).values(digest=digest, failures=1, failed_at=at))


def take_back_failure(connection: Connection, digest: bytes, failed_at: datetime | None) -> None:
    """Count one failure less: the last one before it was at ``failed_at``, None for none."""
    if failed_at is None:
        connection.execute(
            delete(attempt).where(attempt.c.digest == digest, attempt.c.failures <= 1)
        )
    fewer = update(attempt).values(
        failures=attempt.c.failures - 1, failed_at=failed_at or attempt.c.failed_at
    )
    connection.execute(fewer.where(attempt.c.digest == digest, attempt.c.failures > 0))


def forget_attempts(connection: Connection, digest: bytes) -> None:
    """Forget the failures under a digest."""
    connection.execute(delete(attempt).where(attempt.c.digest == digest))


def forget_before(connection: Connection, at: datetime) -> None:
    """Forget all whose last failure was before a time."""
    connection.execute(delete(attempt).where(attempt.c.failed_at < at))
