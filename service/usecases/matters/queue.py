"""The queue as the desk sees it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from service.domain.access import WHOLE, Scope
from service.domain.claim import Claim
from service.domain.matter import Matter
from service.errors import InvalidInputError
from service.storage.database import Connection
from service.storage.matters.matters import as_matter, count_people
from service.storage.matters.newest_demands import newest_demands
from service.storage.matters.partings import find_offered
from service.storage.matters.queue import (
    QueuePosition,
    count_open_by_studio,
    count_queue,
    count_some_by_studio,
    read_queue,
)
from service.storage.matters.queue_filter import QueueFilter
from service.usecases.context import Context
from service.usecases.matters.claims import find_claims
from service.usecases.matters.similar_matters import find_suggested

__all__ = ["Count", "QueueFilter", "QueuePage", "count_queue_by_studio", "list_queue"]

MAX_LIMIT = 200
MAX_COUNT = 1_000
# Of a matter with more messages only as many are looked at where a page of matters is shown.
LOOKED_AT = 500
_STUDIO_COUNT = 99


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; at least so many where it is not exact."""

    number: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some matters in the queue's order; a cursor is "" where there is no further page.

    ``suggested`` are the ids of those that are perhaps the same as another, ``offered`` of those
    with a message that is perhaps several demands: of both a person must say. ``claims`` are those
    that hold, by matter. ``crowded`` are the ids of those with so many messages that their people
    were counted, and offers looked for, among the newest 500 only: there are at least so many.
    """

    matters: tuple[Matter, ...]
    next_cursor: str
    total: Count
    suggested: frozenset[int]
    offered: frozenset[int]
    claims: Mapping[int, Claim] = field(default_factory=dict)
    crowded: frozenset[int] = frozenset()
    previous_cursor: str = ""


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
    is_backward = position is not None and position.is_backward
    now = context.now()
    with context.database.reading() as connection:
        rows = read_queue(connection, wanted, position, limit + 1, now)
        has_more = len(rows) > limit
        shown = rows[-limit:] if is_backward else rows[:limit]
        total = count_bounded(connection, wanted, now)
        has_before, has_behind = (
            (has_more, bool(shown)) if is_backward else (position is not None, has_more)
        )
        return show_page_of(
            connection,
            shown,
            now,
            total=total,
            next_cursor=_write_cursor(shown[-1]) if has_behind else "",
            previous_cursor=_write_cursor(shown[0], True) if has_before and shown else "",
        )


def show_page_of(
    connection: Connection, rows: Sequence[Any], now: datetime, **told: Any
) -> QueuePage:
    """A page of these rows of matters, with what is known of each; ``told`` is the rest of it."""
    ids = [row.id for row in rows]
    crowded = [row.id for row in rows if row.message_count > LOOKED_AT]
    others = [row.id for row in rows if row.message_count <= LOOKED_AT]
    people, offered = count_people(connection, others), find_offered(connection, others)
    if crowded:
        newest = newest_demands(crowded, LOOKED_AT)
        people |= count_people(connection, crowded, newest)
        offered |= find_offered(connection, crowded, newest)
    return QueuePage(
        matters=tuple(as_matter(row, people.get(row.id, 0)) for row in rows),
        suggested=find_suggested(connection, ids),
        offered=offered,
        claims=find_claims(connection, ids, now),
        crowded=frozenset(crowded),
        **told,
    )


def count_bounded(
    connection: Connection, wanted: QueueFilter, now: datetime, at_most: int = MAX_COUNT
) -> Count:
    """How many a filter lets through, counted up to a bound: counting a million takes too long."""
    number = count_queue(connection, wanted, now, at_most + 1)
    return Count(min(number, at_most), number <= at_most)


def count_queues(
    context: Context, filters: Sequence[QueueFilter], at_most: int = MAX_COUNT
) -> list[Count]:
    """How many each of these filters lets through, counted up to a bound."""
    now = context.now()
    with context.database.reading() as connection:
        return [count_bounded(connection, wanted, now, at_most) for wanted in filters]


def count_open_in_studios(context: Context, scope: Scope = WHOLE) -> dict[str, Count]:
    """Open matters of a scope of each studio in the directory, counted up to 99."""
    codes = [studio.code for studio in context.triage.organisation.studios]
    with context.database.reading() as connection:
        counts = count_some_by_studio(connection, codes, _STUDIO_COUNT + 1, scope)
    return {
        code: Count(min(number, _STUDIO_COUNT), number <= _STUDIO_COUNT)
        for code, number in counts.items()
    }


def count_queue_by_studio(context: Context) -> list[tuple[str, int]]:
    """Open matters of each studio, the busiest first."""
    with context.database.reading() as connection:
        counts = count_open_by_studio(connection)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _write_cursor(row: Any, is_backward: bool = False) -> str:
    parts = [row.is_urgent, row.due_at.isoformat(), row.id, *([True] if is_backward else [])]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> QueuePosition:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        is_urgent, written, identity, *backward = json.loads(base64.urlsafe_b64decode(padded))
        due_at = datetime.fromisoformat(written)
        if due_at.tzinfo is None or not 0 <= identity < 2**63 or backward not in ([], [True]):
            raise ValueError(cursor)
        place = due_at.astimezone(UTC)
        return QueuePosition(bool(is_urgent), place, int(identity), bool(backward))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidInputError("翻页标记不正确") from error
