"""办理时限: working days by the state calendar, as pure functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991

IsWorkingDay = Callable[[date], bool]

QUESTION_DAYS = 5
DEFAULT_DAYS = 15
URGENT_DAYS = 2


def days_allowed(kind: str, is_urgent: bool) -> int:
    """Working days in which a matter of this kind must be answered."""
    if is_urgent:
        return URGENT_DAYS
    return QUESTION_DAYS if kind == "question" else DEFAULT_DAYS


@lru_cache(maxsize=1024)
def add_working_days(start: date, days: int, is_working_day: IsWorkingDay) -> date:
    """The day on which ``days`` working days after ``start`` have passed (start not counted)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return day


def subtract_working_days(start: date, days: int, is_working_day: IsWorkingDay) -> date:
    """The day after which ``days`` working days have passed on ``start`` (start counted)."""
    day = start
    while days > 0:
        days -= is_working_day(day)
        day -= timedelta(days=1)
    return day


def deadline(received_at: datetime, days: int, is_working_day: IsWorkingDay) -> datetime:
    """The end (24:00, Asia/Shanghai) of the last day allowed, counted from ``received_at``."""
    last_day = add_working_days(received_at.astimezone(SHANGHAI).date(), days, is_working_day)
    return datetime.combine(last_day + timedelta(days=1), time(), SHANGHAI)


def count_working_days(after: date, until: date, is_working_day: IsWorkingDay) -> int:
    """Working days after ``after`` up to and including ``until``; 0 where that is not later."""
    days = (until - after).days
    return sum(is_working_day(after + timedelta(days=n)) for n in range(1, days + 1))


def last_day(due_at: datetime) -> date:
    """The last day (Asia/Shanghai) that a deadline allows."""
    return (due_at - timedelta(microseconds=1)).astimezone(SHANGHAI).date()


def extended(due_at: datetime, days: int, is_working_day: IsWorkingDay) -> datetime:
    """A deadline moved by working days, counted from the last day it allowed."""
    day = add_working_days(last_day(due_at), days, is_working_day)
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def resumed(
    due_at: datetime, paused_at: datetime, resumed_at: datetime, is_working_day: IsWorkingDay
) -> datetime:
    """The deadline after a pause: as many working days are left as there were when it began.

    A deadline that had passed when the pause began stays as it was.
    """
    left = count_working_days(
        paused_at.astimezone(SHANGHAI).date(), last_day(due_at), is_working_day
    )
    if due_at <= paused_at:
        return due_at
    # A clock that was set back never takes days away.
    return max(due_at, deadline(resumed_at, left, is_working_day))


def recounted(due_at: datetime, since: date, before: IsWorkingDay, now: IsWorkingDay) -> datetime:
    """A deadline when days after ``since`` turn out to be of rest or of work.

    As many working days lie between as before; one that had passed by then stays.
    """
    last = last_day(due_at)
    if last <= since:
        return due_at
    day = add_working_days(since, count_working_days(since, last, before), now)
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def is_overdue(due_at: datetime, now: datetime) -> bool:
    """Whether the deadline has passed at ``now``."""
    return now >= due_at
