"""Reminding: what will soon be late is noted, and what is long overdue is supervised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from service.domain.deadline import (
    SHANGHAI,
    IsWorkingDay,
    add_working_days,
    last_day,
    subtract_working_days,
)
from service.storage.history import SYSTEM, NewEvent, insert_events
from service.storage.matters import change_matter
from service.storage.reminders import read_long_overdue, read_soon_due
from service.storage.rows import take_intake_lock
from service.usecases.context import Context
from service.usecases.work_calendar import read_calendar

REMIND_DAYS = 2  # working days before a deadline
ESCALATE_DAYS = 5  # working days after it
_AT_ONCE = 500


@dataclass(slots=True)
class Reminded:
    """How many matters were reminded of, and how many are supervised from now on."""

    reminded: int = 0
    escalated: int = 0


def remind(context: Context) -> Reminded:
    """Note what will soon be late, once for each deadline; let what is long overdue be supervised.

    A matter whose sender is asked for more is left alone: its deadline stands still. Both are
    entries of the history; supervised matters can be filtered.
    """
    done = Reminded()
    while (found := _remind_some(context, done)) and found >= _AT_ONCE:
        pass
    return done


def _remind_some(context: Context, done: Reminded) -> int:
    """Go through some; how many of a kind there were at most."""
    now = context.now()
    today = now.astimezone(SHANGHAI).date()
    with context.database.transaction() as connection:
        # An intake changes many matters too, in another order: both would wait for each other.
        take_intake_lock(connection)
        works = read_calendar(connection).is_working_day
        late = read_long_overdue(connection, _late_before(today, works), _AT_ONCE)
        for row in late:
            change_matter(connection, row.id, is_supervised=True, reminded_of=row.due_at)
        soon = read_soon_due(connection, _due_before(today, works), _AT_ONCE)
        for row in soon:
            change_matter(connection, row.id, reminded_of=row.due_at)
        noted = [*((row, "escalated") for row in late), *((row, "reminded") for row in soon)]
        insert_events(connection, [_note(row, now, kind) for row, kind in noted])
    done.escalated += len(late)
    done.reminded += len(soon)
    return max(len(late), len(soon))


def _due_before(today: date, works: IsWorkingDay) -> datetime:
    """Deadlines before this are reminded of."""
    return _end_of(add_working_days(today, REMIND_DAYS, works))


def _late_before(today: date, works: IsWorkingDay) -> datetime:
    """Deadlines before this are long over."""
    return _end_of(subtract_working_days(today, ESCALATE_DAYS, works))


def _end_of(day: date) -> datetime:
    # A deadline is the end of its day: the comparison takes it in.
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def _note(row: Any, at: datetime, kind: str) -> NewEvent:
    told = f"时限 {last_day(row.due_at):%Y-%m-%d}"
    return NewEvent(row.id, at, SYSTEM, kind, {"changes": [told]})
