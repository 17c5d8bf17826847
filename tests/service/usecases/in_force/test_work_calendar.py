"""A year's notice is loaded: deadlines follow it, those that stand open too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.deadline import (
    SHANGHAI,
    add_working_days,
    count_working_days,
    deadline,
    last_day,
    recounted,
    subtract_working_days,
)
from service.domain.provision import NoticedDay
from service.errors import CalendarError
from service.storage import tables
from service.triage.calendar import STATE_CALENDAR, WorkCalendar
from service.usecases.context import Context
from service.usecases.in_force.work_calendar import (
    import_calendar,
    import_calendar_text,
    load_days,
    show_calendar,
)
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, rows

YEAR = STATE_CALENDAR.last_known_year + 1
SPRING = date(YEAR, 2, 1)
REST = tuple(NoticedDay(SPRING + timedelta(days=n), False, "春节") for n in range(10))
EVENING = datetime(YEAR, 1, 25, 20, tzinfo=SHANGHAI)


@pytest.fixture
def open_matter(context: Context, clock: Clock) -> int:
    clock.at = EVENING
    return receive_messages(context, [a_message(sent_at=EVENING)])[0].matter_id


def due_at(context: Context, matter_id: int) -> datetime:
    return show_matter(context, matter_id).matter.due_at


def test_past_the_last_notice_a_deadline_is_provisional(context: Context, open_matter: int) -> None:
    assert show_matter(context, open_matter).is_due_provisional
    load_days(context, REST, "admin")
    assert not show_matter(context, open_matter).is_due_provisional
    assert show_calendar(context).last_known_year == YEAR


def test_an_open_deadline_is_counted_anew_and_says_so(context: Context, open_matter: int) -> None:
    before = due_at(context, open_matter)
    loaded = load_days(context, REST, "admin")
    assert (loaded.day_count, loaded.years, loaded.moved_count) == (10, (YEAR,), 1)
    after = due_at(context, open_matter)
    calendar = WorkCalendar({one.day: False for one in REST})
    assert after == deadline(EVENING, 15, calendar.is_working_day) > before
    event = show_matter(context, open_matter).events[-1]
    assert (event.actor, event.kind_zh) == ("system", "重新计算时限")
    assert f"{last_day(before)} → {last_day(after)}" in event.detail
    check_books(context)


def test_loaded_again_nothing_moves_and_what_is_closed_stays(
    context: Context, open_matter: int
) -> None:
    load_days(context, REST, "admin")
    assert load_days(context, REST, "admin").moved_count == 0
    assert load_days(context, REST[:1], "admin").moved_count == 1
    assert len(rows(context, tables.provision)) == 3
    assert len(show_calendar(context).days) == 1


def test_what_comes_in_later_follows_the_notice(context: Context, clock: Clock) -> None:
    clock.at = EVENING
    load_days(context, REST, "admin")
    (received,) = receive_messages(context, [a_message(sent_at=EVENING)])
    calendar = WorkCalendar({one.day: False for one in REST})
    assert due_at(context, received.matter_id) == deadline(EVENING, 15, calendar.is_working_day)


def test_a_wrong_file_changes_nothing(context: Context, open_matter: int, tmp_path: Path) -> None:
    before = due_at(context, open_matter)
    path = tmp_path / "x.csv"
    path.write_text("日期,安排,名称\n昨天,放假,x\n", "utf-8")
    with pytest.raises(CalendarError):
        import_calendar(context, path, "admin")
    with pytest.raises(CalendarError):
        import_calendar_text(context, "x", "admin")
    assert due_at(context, open_matter) == before
    assert rows(context, tables.provision) == []


def test_a_loaded_year_is_known_by_what_was_loaded_alone() -> None:
    calendar = WorkCalendar({SPRING: False, date(YEAR + 2, 1, 1): False})
    assert calendar.last_known_year == YEAR
    assert not calendar.is_working_day(SPRING)
    assert calendar.is_provisional(date(YEAR + 2, 5, 1))
    assert calendar.is_working_day(date(2024, 2, 9))


days = st.dates(date(2019, 1, 1), date(2026, 12, 31))
calendars = st.sets(days, max_size=40).map(
    lambda rest: lambda day: day not in rest and day.weekday() < 5
)


@given(since=days, count=st.integers(0, 60), before=calendars, after=calendars)
def test_as_many_working_days_lie_between_as_before(since, count, before, after) -> None:  # type: ignore[no-untyped-def]
    due = deadline(datetime(since.year, since.month, since.day, tzinfo=SHANGHAI), count, before)
    moved = recounted(due, since, before, after)
    assert count_working_days(since, last_day(moved), after) == count_working_days(
        since, last_day(due), before
    )
    assert recounted(moved, since, after, before) == due


@given(start=days, count=st.integers(0, 60), works=calendars)
def test_days_counted_back_are_counted_forth(start, count, works) -> None:  # type: ignore[no-untyped-def]
    back = subtract_working_days(start, count, works)
    assert count_working_days(back, start, works) == count
    assert add_working_days(back, count, works) <= start
