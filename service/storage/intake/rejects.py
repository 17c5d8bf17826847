"""Rows of files that could not be taken in: counted once each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.tables import reject


@dataclass(frozen=True, slots=True)
class NewReject:
    """A refused row; ``digest`` (32 bytes) stands for its content. A mail has the line 0."""

    source: str
    file: str
    line: int
    reason: str
    digest: bytes


def insert_rejects(connection: Connection, rejects: Iterable[NewReject]) -> None:
    """Count refused rows; the same row of the same source counts once."""
    rows = [
        {"source": r.source, "file": r.file, "line": r.line, "reason": r.reason, "digest": r.digest}
        for r in rejects
    ]
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(reject).on_conflict_do_nothing(), rows)


@dataclass(frozen=True, slots=True)
class StoredReject:
    """A refused row as it is kept: where it stood, and the code of the reason."""

    id: int
    source: str
    file: str
    line: int
    reason: str


def read_rejects(connection: Connection) -> list[StoredReject]:
    """The refused rows that nobody settled, oldest first."""
    columns = (reject.c.id, reject.c.source, reject.c.file, reject.c.line, reject.c.reason)
    found = connection.execute(select(*columns).order_by(reject.c.id))
    return [StoredReject(*row) for row in found]


def delete_reject(connection: Connection, number: int) -> bool:
    """Forget a refused row; whether it was there."""
    return connection.execute(reject.delete().where(reject.c.id == number)).rowcount > 0


def count_rejects(connection: Connection) -> int:
    """How many rows were refused."""
    return int(connection.execute(select(func.count()).select_from(reject)).scalar_one())
