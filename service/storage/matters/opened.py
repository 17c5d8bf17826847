"""Matters with the title of the message that opened them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from service.domain.relation import Relation
from service.storage.rows import chunks
from service.storage.tables import demand, matter, message

_OPENED_BY = and_(demand.c.matter_id == matter.c.id, demand.c.relation == Relation.FIRST.value)


def read_opened(connection: Connection, matter_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """By matter its columns, with ``masked_title`` and ``masked_text`` of its first message."""
    found: dict[int, Row[Any]] = {}
    for part in chunks(matter_ids):
        rows = connection.execute(
            select(matter, message.c.masked_title, message.c.masked_text)
            .join(demand, _OPENED_BY)
            .join(message, message.c.id == demand.c.message_id)
            .where(matter.c.id.in_(part))
        )
        found.update({row.id: row for row in rows})
    return found
