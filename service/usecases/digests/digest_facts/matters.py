"""Matters as facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from service.digest.facts import MatterFact
from service.digest.periods import Period
from service.digest.stuck import WAITING_COUNT
from service.domain.deadline import SHANGHAI
from service.domain.digest_scope import DigestScope
from service.domain.path import Move
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.storage.database import Connection
from service.storage.digests.facts.matters import (
    count_moves_until,
    count_until,
    read_matter_rows_of_period,
)


def read_matters(
    connection: Connection, period: Period, scope: DigestScope
) -> tuple[MatterFact, ...]:
    """The matters that the period touches, by id."""
    begin_at = datetime.combine(period.first_day, time(), SHANGHAI)
    rows = read_matter_rows_of_period(connection, begin_at, period.end_at, scope, WAITING_COUNT)
    ids = [row.id for row in rows]
    counts = count_until(connection, ids, period.end_at)
    returned = _moves(connection, [row.id for row in rows if row.return_count], Move.RETURN, period)
    reopened = _moves(connection, [row.id for row in rows if row.reopen_count], Move.REOPEN, period)
    return tuple(
        replace(
            _matter_fact(row, counts.get(row.id, (0, 0, 0)), period),
            return_count=returned.get(row.id, 0),
            reopen_count=reopened.get(row.id, 0),
        )
        for row in rows
    )


def _moves(connection: Connection, ids: list[int], move: Move, period: Period) -> dict[int, int]:
    return count_moves_until(connection, ids, move, period.end_at)


def _matter_fact(row: Any, counts: tuple[int, int, int], period: Period) -> MatterFact:
    # What was closed after the period was still open when it ended.
    closed_at = row.closed_at if row.closed_at and row.closed_at < period.end_at else None
    status = MatterStatus(row.status)
    if closed_at is None and status in ENDED_STATUSES:
        status = MatterStatus.ASSIGNED
    messages, people, copies = counts
    return MatterFact(
        id=row.id,
        number=row.number,
        title=row.title,
        status=status,
        topic=row.topic,
        department=row.department,
        place=row.place,
        studio=row.studio,
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=closed_at,
        message_count=messages,
        people_count=people,
        copy_count=copies,
    )
