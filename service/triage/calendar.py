"""Working days by the state calendar with its exchanged days (调休)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import chinese_calendar


@lru_cache(maxsize=4096)  # the library looks through all its years at each call
def is_working_day(day: date) -> bool:
    """Whether people work on ``day``; Monday to Friday in years without a published calendar."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5
