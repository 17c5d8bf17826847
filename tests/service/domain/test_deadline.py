"""Deadlines as a table of dates, with exchanged days (调休) and year ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.deadline import (
    SHANGHAI,
    add_working_days,
    days_allowed,
    deadline,
    is_overdue,
)
from service.domain.kind import Kind
from service.triage.calendar import is_working_day

# received on, working days, the last day allowed
DATES = """
2024-03-04 1  2024-03-05
2024-03-08 1  2024-03-11
2024-03-09 1  2024-03-11
2024-09-27 2  2024-09-30
2024-09-30 5  2024-10-12
2024-10-11 2  2024-10-14
2024-12-31 1  2025-01-02
2025-09-26 1  2025-09-28
2025-09-26 5  2025-10-10
2025-12-31 1  2026-01-04
2024-12-20 15 2025-01-13
2024-02-08 2  2024-02-18
2024-02-28 2  2024-03-01
2030-01-04 1  2030-01-07
1999-12-31 1  2000-01-03
"""


@pytest.mark.parametrize("line", DATES.strip().splitlines())
def test_the_last_day_allowed(line: str) -> None:
    received, days, last = line.split()
    assert add_working_days(date.fromisoformat(received), int(days), is_working_day) == (
        date.fromisoformat(last)
    )


def test_a_deadline_is_the_end_of_its_day_in_shanghai() -> None:
    received = datetime(2024, 3, 4, 9, 0, tzinfo=SHANGHAI)
    assert deadline(received, 1, is_working_day) == datetime(2024, 3, 6, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("hour", "due"), [(15, date(2024, 3, 6)), (16, date(2024, 3, 7))])
def test_the_day_of_receipt_is_that_of_shanghai(hour: int, due: date) -> None:
    received = datetime(2024, 3, 4, hour, 30, tzinfo=UTC)
    found = deadline(received, 1, is_working_day)
    assert found == datetime(due.year, due.month, due.day, tzinfo=SHANGHAI)


@pytest.mark.parametrize("kind", list(Kind))
def test_urgency_shortens_and_a_question_is_answered_sooner(kind: Kind) -> None:
    assert days_allowed(kind.value, is_urgent=True) == 2
    assert days_allowed(kind.value, is_urgent=False) == (5 if kind is Kind.QUESTION else 15)


def test_a_matter_is_overdue_from_the_deadline_on() -> None:
    due = datetime(2024, 3, 6, tzinfo=SHANGHAI)
    assert not is_overdue(due, due - timedelta(microseconds=1))
    assert is_overdue(due, due)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(0, 40))
def test_exactly_so_many_working_days_lie_behind_the_start(start: date, days: int) -> None:
    last = add_working_days(start, days, is_working_day)
    passed = [start + timedelta(n) for n in range(1, (last - start).days + 1)]
    assert sum(map(is_working_day, passed)) == days
    assert days == 0 or is_working_day(last)
