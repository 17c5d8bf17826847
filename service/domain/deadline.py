"""办理时限: working days by the state calendar, as pure functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

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


def add_working_days(start: date, days: int, is_working_day: IsWorkingDay) -> date:
    """The day on which ``days`` working days after ``start`` have passed (start not counted)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return day


def deadline(received_at: datetime, days: int, is_working_day: IsWorkingDay) -> datetime:
    """The end (24:00, Asia/Shanghai) of the last day allowed, counted from ``received_at``."""
    last_day = add_working_days(received_at.astimezone(SHANGHAI).date(), days, is_working_day)
    return datetime.combine(last_day + timedelta(days=1), time(), SHANGHAI)


def is_overdue(due_at: datetime, now: datetime) -> bool:
    """Whether the deadline has passed at ``now``."""
    return now >= due_at
