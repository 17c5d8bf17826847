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
from service.domain.reminder_policy import DAYS_ZH, MOST_DAYS, ReminderPolicy
from service.errors import InvalidInputError
from service.storage.casework.reminders import Limits, read_long_overdue, read_soon_due
from service.storage.matters.history import SYSTEM, NewEvent, insert_events
from service.storage.matters.matters import change_matter
from service.storage.organisation.provisions import (
    insert_reminder_policy,
    read_reminder_policy,
)
from service.storage.rows import take_intake_lock, take_provision_lock
from service.usecases.context import Context
from service.usecases.in_force.work_calendar import read_calendar

_AT_ONCE = 500


@dataclass(slots=True)
class Reminded:
    """How many matters were reminded of, and how many are supervised from now on."""

    reminded: int = 0
    escalated: int = 0


def show_reminder_policy(context: Context) -> ReminderPolicy:
    """The reminder policy in force."""
    with context.database.reading() as connection:
        return read_reminder_policy(connection)


def save_reminder_policy(context: Context, policy: ReminderPolicy, actor: str) -> None:
    """Put a reminder policy in force in the place of the one before, which is kept.

    Raises
    ------
    InvalidInputError
        A number of days is not between 0 and ``MOST_DAYS``.
    """
    for name, days_zh in DAYS_ZH.items():
        if not 0 <= getattr(policy, name) <= MOST_DAYS:
            raise InvalidInputError(f"“{days_zh}”应在 0 至 {MOST_DAYS} 之间")
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        insert_reminder_policy(connection, policy, context.now(), actor)


def remind(context: Context) -> Reminded:
    """Note what will soon be late, once for each deadline; let what is long overdue be supervised.

    When that is, the administrator's reminder policy says.
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
        policy = read_reminder_policy(connection)
        late = read_long_overdue(connection, _late_by(policy, today, works), _AT_ONCE)
        for row in late:
            change_matter(connection, row.id, is_supervised=True, reminded_of=row.due_at)
        soon = read_soon_due(connection, _due_by(policy, today, works), _AT_ONCE)
        for row in soon:
            change_matter(connection, row.id, reminded_of=row.due_at)
        noted = [*((row, "escalated") for row in late), *((row, "reminded") for row in soon)]
        insert_events(connection, [_note(row, now, kind) for row, kind in noted])
    done.escalated += len(late)
    done.reminded += len(soon)
    return max(len(late), len(soon))


def _due_by(policy: ReminderPolicy, today: date, works: IsWorkingDay) -> Limits:
    """Deadlines up to these are reminded of."""
    ordinary, urgent = (
        add_working_days(today, policy.days(is_urgent)[0], works) for is_urgent in (False, True)
    )
    return Limits(_end_of(ordinary), _end_of(urgent))


def _late_by(policy: ReminderPolicy, today: date, works: IsWorkingDay) -> Limits:
    """Deadlines up to these are long over."""
    ordinary, urgent = (
        subtract_working_days(today, policy.days(is_urgent)[1], works)
        for is_urgent in (False, True)
    )
    return Limits(_end_of(ordinary), _end_of(urgent))


def _end_of(day: date) -> datetime:
    # A deadline is the end of its day: the comparison takes it in.
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def _note(row: Any, at: datetime, kind: str) -> NewEvent:
    told = f"时限 {last_day(row.due_at):%Y-%m-%d}"
    return NewEvent(row.id, at, SYSTEM, kind, {"changes": [told]})
