"""The queue as the desk sees it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from service.domain.matter import Matter
from service.errors import InvalidInputError
from service.storage.matters import as_matter, count_people
from service.storage.partings import find_offered
from service.storage.queue import (
    QueueFilter,
    QueuePosition,
    count_open_by_studio,
    count_queue,
    read_queue,
)
from service.usecases.context import Context
from service.usecases.similar_matters import find_suggested

__all__ = ["QueueFilter", "QueuePage", "count_queue_by_studio", "list_queue"]

MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some matters in the queue's order; ``next_cursor`` is "" on the last page.

    ``suggested`` are the ids of those that are perhaps the same as another, ``offered`` of those
    with a message that is perhaps several demands: of both a person must say.
    """

    matters: tuple[Matter, ...]
    next_cursor: str
    total: int
    suggested: frozenset[int]
    offered: frozenset[int]


def list_queue(
    context: Context, wanted: QueueFilter, cursor: str = "", limit: int = 50
) -> QueuePage:
    """A page of the queue: by urgency, deadline, arrival.

    Raises
    ------
    InvalidInputError
        The cursor is none that this function gave out.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    position = _read_cursor(cursor) if cursor else None
    now = context.now()
    with context.database.reading() as connection:
        rows = read_queue(connection, wanted, position, limit + 1, now)
        total = count_queue(connection, wanted, now)
        ids = [row.id for row in rows[:limit]]
        people = count_people(connection, ids)
        suggested = find_suggested(connection, ids)
        offered = find_offered(connection, ids)
    matters = tuple(as_matter(row, people.get(row.id, 0)) for row in rows[:limit])
    next_cursor = _write_cursor(matters[-1]) if len(rows) > limit else ""
    return QueuePage(matters, next_cursor, total, suggested, offered)


def count_queue_by_studio(context: Context) -> list[tuple[str, int]]:
    """Open matters of each studio, the busiest first."""
    with context.database.reading() as connection:
        counts = count_open_by_studio(connection)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _write_cursor(matter: Matter) -> str:
    parts = [matter.is_urgent, matter.due_at.isoformat(), matter.id]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> QueuePosition:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        is_urgent, written, identity = json.loads(base64.urlsafe_b64decode(padded))
        due_at = datetime.fromisoformat(written)
        if due_at.tzinfo is None or not 0 <= identity < 2**63:
            raise ValueError(cursor)
        return QueuePosition(bool(is_urgent), due_at.astimezone(UTC), int(identity))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidInputError("翻页标记不正确") from error
