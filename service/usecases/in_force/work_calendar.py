"""The working calendar: a year's notice is loaded, and open deadlines are counted anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from service.domain.deadline import SHANGHAI, last_day, recounted
from service.domain.provision import NoticedDay, ProvisionKind
from service.intake.calendar_rows import read_calendar_file, read_calendar_text
from service.storage.database import Connection
from service.storage.matters.history import SYSTEM, NewEvent, insert_events
from service.storage.matters.matters import change_matter, read_open_after
from service.storage.organisation.provisions import insert_noticed_days, read_noticed_days
from service.storage.rows import take_intake_lock, take_provision_lock
from service.triage.calendar import WorkCalendar
from service.triage.pipeline import Triage
from service.usecases.context import Context
from service.usecases.in_force.changes import Change, list_changes

RECOUNTED = "recounted"  # the kind of the event of a matter whose deadline moved


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many days were loaded, of which years, and how many open deadlines moved."""

    day_count: int
    years: tuple[int, ...]
    moved_count: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days loaded by an administrator, and up to which year days of rest are known."""

    days: tuple[NoticedDay, ...]
    last_known_year: int
    changes: tuple[Change, ...]


def read_calendar(connection: Connection) -> WorkCalendar:
    """The calendar in force; read anew each time, so that every worker follows a change."""
    return calendar_of(read_noticed_days(connection))


def calendar_of(days: Iterable[NoticedDay]) -> WorkCalendar:
    """The calendar that follows these days of notices."""
    return WorkCalendar({one.day: one.is_working for one in days})


def with_calendar(connection: Connection, triage: Triage) -> Triage:
    """The triage that counts by the calendar in force."""
    return replace(triage, calendar=read_calendar(connection))


def show_calendar(context: Context) -> Calendar:
    """What was loaded, and who loaded it."""
    with context.database.reading() as connection:
        days = read_noticed_days(connection)
        known = read_calendar(connection).last_known_year
    return Calendar(days, known, tuple(list_changes(context, ProvisionKind.CALENDAR)))


def import_calendar(context: Context, path: Path, actor: str) -> Loaded:
    """Load the notice of one or more years from a CSV file.

    Raises
    ------
    CalendarError
        The file cannot be read, or a row is wrong; nothing was changed.
    """
    return load_days(context, read_calendar_file(path), actor)


def import_calendar_text(context: Context, text: str, actor: str) -> Loaded:
    """The same for the text of such a file. Raises as ``import_calendar``."""
    return load_days(context, read_calendar_text(text), actor)


def load_days(context: Context, days: tuple[NoticedDay, ...], actor: str) -> Loaded:
    """Put the days of some years in force; the deadlines of open matters are counted anew.

    Days of the same years that were loaded before give way to them.
    """
    years = sorted({one.day.year for one in days})
    with context.database.transaction() as connection:
        # What comes in meanwhile would count by the old days.
        take_intake_lock(connection)
        take_provision_lock(connection)
        before = read_calendar(connection)
        others = [one for one in read_noticed_days(connection) if one.day.year not in years]
        merged = sorted([*others, *days], key=lambda one: one.day)
        insert_noticed_days(connection, merged, context.now(), actor)
        moved = _recount(context, connection, before, read_calendar(connection), years[0])
    return Loaded(len(days), tuple(years), moved)


def _recount(
    context: Context, connection: Connection, before: WorkCalendar, now: WorkCalendar, year: int
) -> int:
    """Count the deadlines that lie in these years anew; how many moved."""
    eve = date(year, 1, 1) - timedelta(days=1)
    events = []
    for row in read_open_after(connection, eve):
        since = max(eve, row.opened_at.astimezone(SHANGHAI).date())
        due_at = recounted(row.due_at, since, before.is_working_day, now.is_working_day)
        if due_at != row.due_at:
            change_matter(connection, row.id, due_at=due_at)
            told = f"时限：{last_day(row.due_at):%Y-%m-%d} → {last_day(due_at):%Y-%m-%d}"
            details = {"changes": [told], "note": "放假安排有变"}
            events.append(NewEvent(row.id, context.now(), SYSTEM, RECOUNTED, details))
    insert_events(connection, events)
    return len(events)
