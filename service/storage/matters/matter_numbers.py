"""Matters by the number that people write."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from service.storage.rows import chunks
from service.storage.tables import matter


def find_matter_ids(connection: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """The ids of matters by number, of those that exist."""
    found: dict[str, int] = {}
    for part in chunks(numbers):
        query = select(matter.c.number, matter.c.id).where(matter.c.number.in_(part))
        found.update({row.number: row.id for row in connection.execute(query)})
    return found
