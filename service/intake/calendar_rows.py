"""放假安排 as rows of a table: read and checked as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from service.domain.provision import NoticedDay
from service.errors import CalendarError
from service.intake.organisation_entries import (
    Complaints,
    Entry,
    read_entries,
    read_entries_of_text,
)

COLUMNS = ("日期", "安排", "名称")
_WORKS = {"上班": True, "放假": False}
_YEARS = range(2000, 2101)
_MAX_DAYS = 2000
_SHOWN_ERRORS = 50
_SATURDAY = 5


def read_calendar_file(path: Path) -> tuple[NoticedDay, ...]:
    """The days of a CSV file, ascending.

    Its columns are 日期, 安排 (放假 or 上班) and 名称. A weekday of work or a weekend's day of rest
    need not be named.

    Raises
    ------
    CalendarError
        The file cannot be read, or a row is wrong; the detail names each with its row.
    """
    complaints = Complaints()
    return _finish(read_entries(path, COLUMNS, complaints), complaints)


def read_calendar_text(text: str) -> tuple[NoticedDay, ...]:
    """The same for the text of such a file. Raises as ``read_calendar_file``."""
    complaints = Complaints()
    return _finish(read_entries_of_text("放假安排", text, COLUMNS, complaints), complaints)


def _finish(entries: Iterable[Entry], complaints: Complaints) -> tuple[NoticedDay, ...]:
    days = list(_read(entries))
    if len(days) > _MAX_DAYS:
        raise CalendarError(f"共 {len(days)} 天，不能超过 {_MAX_DAYS} 天")
    if complaints.lines:
        shown = complaints.lines[:_SHOWN_ERRORS]
        more = [f"……共 {len(complaints.lines)} 处"] if len(complaints.lines) > len(shown) else []
        raise CalendarError("\n".join([*shown, *more]))
    if not days:
        raise CalendarError("没有一天")
    return tuple(sorted(days, key=lambda one: one.day))


def _read(entries: Iterable[Entry]) -> Iterator[NoticedDay]:
    seen: Counter[object] = Counter()
    for entry in entries:
        day = entry.day("日期")
        works = _WORKS.get(entry.text("安排"))
        if works is None:
            entry.complain(f"“安排”应为 放假 或 上班，而不是“{entry.text('安排')}”")
        if day is None:
            entry.needed("日期")
            continue
        seen[day] += 1
        if day.year not in _YEARS:
            entry.complain(f"“日期”不在 {_YEARS[0]}–{_YEARS[-1]} 年之间")
        if seen[day] > 1:
            entry.complain(f"{day} 写了不止一次")
        if works and day.weekday() < _SATURDAY:
            entry.complain(f"{day} 本来就上班")
        yield NoticedDay(day, bool(works), entry.text("名称"))
