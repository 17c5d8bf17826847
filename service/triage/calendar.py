"""Working days by the state calendar with its exchanged days (调休)."""

from __future__ import annotations

from datetime import date

import chinese_calendar


def is_working_day(day: date) -> bool:
    """Whether people work on ``day``; Monday to Friday in years without a published calendar."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5
