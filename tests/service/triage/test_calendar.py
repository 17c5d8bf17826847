"""The state calendar, by dates that were announced."""

from datetime import date

import pytest

from service.triage.calendar import is_working_day

DAYS = """
2024-02-09 work  eve of Spring Festival, a working day that year
2024-02-10 rest  Spring Festival
2024-02-18 work  a Sunday in exchange
2024-09-29 work  a Sunday in exchange
2024-10-07 rest  National Day
2024-10-12 work  a Saturday in exchange
2025-01-01 rest  New Year
2025-04-27 work  a Sunday in exchange
2026-01-02 rest  New Year
2026-01-04 work  a Sunday in exchange
2019-07-12 work  a Friday
2019-07-13 rest  a Saturday
"""


@pytest.mark.parametrize("line", DAYS.strip().splitlines())
def test_the_state_calendar_is_known(line: str) -> None:
    day, expected, *_ = line.split()
    assert is_working_day(date.fromisoformat(day)) is (expected == "work")


@pytest.mark.parametrize("day", [date(1990, 10, 1), date(2199, 10, 1), date.max, date.min])
def test_a_year_without_a_calendar_goes_by_the_days_of_the_week(day: date) -> None:
    assert is_working_day(day) is (day.weekday() < 5)
