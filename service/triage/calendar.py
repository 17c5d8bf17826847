"""Working days by the state calendar with its exchanged days (调休)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

import chinese_calendar


@lru_cache(maxsize=4096)  # the library looks through all its years at each call
def is_working_day(day: date) -> bool:
    """Whether people work on ``day``; Monday to Friday in years without a published calendar."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def festival_on(day: date) -> str:
    """The Chinese name of the state's festival on ``day``, "" where there is none or none known."""
    festival = chinese_calendar.holidays.get(day)
    return "" if festival is None else str(chinese_calendar.Holiday(festival).chinese)


@dataclass(frozen=True)
class WorkCalendar:
    """The days of rest and work that are known.

    Parameters
    ----------
    loaded
        What an administrator took over from a year's notice: for a day whether people work. The
        other days of such a year are what the day of the week says.
    """

    loaded: Mapping[date, bool] = field(default_factory=dict)

    @cached_property
    def loaded_years(self) -> frozenset[int]:
        """The years whose notice was loaded."""
        return frozenset(day.year for day in self.loaded)

    @cached_property
    def last_known_year(self) -> int:
        """The last year whose days of rest are known, without a gap before it."""
        year: int = max(chinese_calendar.holidays).year
        while year + 1 in self.loaded_years:
            year += 1
        return year

    def is_working_day(self, day: date) -> bool:
        """Whether people work on a day."""
        if day.year not in self.loaded_years:
            return is_working_day(day)
        return self.loaded.get(day, day.weekday() < 5)

    def is_provisional(self, day: date) -> bool:
        """Whether what is said of a day may still change: the year's notice is not known."""
        return day.year > self.last_known_year


STATE_CALENDAR = WorkCalendar()
