"""The span of days a digest speaks of, in Asia/Shanghai."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from service.domain.deadline import SHANGHAI
from service.domain.labels import Labelled
from service.errors import InvalidInputError

BASE_COUNT = 4  # how many earlier periods of the same kind a digest is compared with


class PeriodKind(Labelled):
    """The lengths of a period; the label names the digest of that length."""

    DAY = "day", "日报"
    WEEK = "week", "周报"
    MONTH = "month", "月报"
    QUARTER = "quarter", "季报"
    YEAR = "year", "年报"
    ALL = "all", "总报"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from ``first_day`` to ``last_day``, both included, of one kind."""

    kind: PeriodKind
    first_day: date
    last_day: date

    @property
    def code(self) -> str:
        """The form that ``parse_period`` reads, e.g. ``2019-W28``."""
        first = self.first_day
        year, week, _ = first.isocalendar()
        return {
            PeriodKind.DAY: f"{first:%Y-%m-%d}",
            PeriodKind.WEEK: f"{year:04d}-W{week:02d}",
            PeriodKind.MONTH: f"{first:%Y-%m}",
            PeriodKind.QUARTER: f"{first:%Y}-Q{(first.month + 2) // 3}",
            PeriodKind.YEAR: f"{first:%Y}",
            PeriodKind.ALL: "all",
        }[self.kind]

    @property
    def label_zh(self) -> str:
        """The period's Chinese name, e.g. ``2019年第28周``."""
        first = self.first_day
        year, week, _ = first.isocalendar()
        return {
            PeriodKind.DAY: show_day(first),
            PeriodKind.WEEK: f"{year}年第{week}周",
            PeriodKind.MONTH: f"{first.year}年{first.month}月",
            PeriodKind.QUARTER: f"{first.year}年第{(first.month + 2) // 3}季度",
            PeriodKind.YEAR: f"{first.year}年",
            PeriodKind.ALL: "全部时间",
        }[self.kind]

    @property
    def range_zh(self) -> str:
        """The days covered, e.g. ``2019年7月8日至7月14日``."""
        first, last = self.first_day, self.last_day
        if first == last:
            return show_day(first)
        same_year = first.year == last.year
        until = f"{last.month}月{last.day}日" if same_year else show_day(last)
        return f"{show_day(first)}至{until}"

    @property
    def day_count(self) -> int:
        """How many days the period has."""
        return (self.last_day - self.first_day).days + 1

    @property
    def end_at(self) -> datetime:
        """The moment after the last day (24:00, Asia/Shanghai)."""
        return datetime.combine(self.last_day + timedelta(days=1), time(), SHANGHAI)

    def has(self, day: date) -> bool:
        """Whether ``day`` lies in the period."""
        return self.first_day <= day <= self.last_day

    def previous(self) -> Period:
        """The period of the same kind that ends the day before this one begins.

        Raises
        ------
        InvalidInputError
            The calendar has no day before this period.
        """
        if self.first_day == date.min or self.kind is PeriodKind.ALL:
            raise InvalidInputError(f"{self.label_zh}之前没有可比的周期")
        return period_of(self.first_day - timedelta(days=1), self.kind)

    def base(self) -> tuple[Period, ...]:
        """The ``BASE_COUNT`` periods before this one, the nearest first; of all time none."""
        if self.kind is PeriodKind.ALL:
            return ()
        found = [self.previous()]
        while len(found) < BASE_COUNT:
            found.append(found[-1].previous())
        return tuple(found)

    def window(self) -> tuple[date, date]:
        """First and last day of the messages a digest of this period reads."""
        earliest = (self, *self.base())[-1]
        return earliest.first_day, self.last_day

    def within(self, first_day: date, last_day: date) -> Period:
        """All time as the days from the first to the last; any other period as it is."""
        if self.kind is not PeriodKind.ALL:
            return self
        return replace(self, first_day=first_day, last_day=last_day)


# Until it is known from when to when there are messages.
ALL_TIME = Period(PeriodKind.ALL, date.min, date.max)


def show_day(day: date) -> str:
    """A day as a Chinese document writes it, e.g. ``2019年7月8日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_of(day: date, kind: PeriodKind) -> Period:
    """The period of ``kind`` in which ``day`` lies; all time is ``ALL_TIME``."""
    if kind is PeriodKind.ALL:
        return ALL_TIME
    first = _first_day(day, kind)
    return Period(kind, first, _last_day(first, kind))


def parse_period(text: str) -> Period:
    """Read a period's code.

    Parameters
    ----------
    text : str
        ``2019-W28``, ``2019-07``, ``2019-Q3``, ``2019``, ``2019-07-08`` or ``all``.

    Raises
    ------
    InvalidInputError
        The text has none of these forms, or names a day the calendar lacks or one too
        early to have earlier periods.
    """
    if text.strip().lower() == PeriodKind.ALL.value:
        return ALL_TIME
    for pattern, read in _FORMS:
        found = re.fullmatch(pattern, text.strip().upper(), re.ASCII)
        if found:
            return _checked(text, found, read)
    raise InvalidInputError(
        f"周期“{text[:40]}”无法识别，请写作 2019-W28（周）、2019-07（月）、2019-Q3（季）、"
        "2019（年）、2019-07-08（日）或 all（全部时间）"
    )


def _checked(text: str, found: re.Match[str], read: Callable[[tuple[int, ...]], Period]) -> Period:
    """The period of a matched form, if the calendar has it and the periods before it."""
    try:
        period = read(tuple(int(group) for group in found.groups()))
        period.base()
        period.end_at  # noqa: B018 - the calendar must have the day after it too
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(f"日历中没有周期“{text.strip()}”") from error
    return period


def _first_day(day: date, kind: PeriodKind) -> date:
    if kind is PeriodKind.DAY:
        return day
    if kind is PeriodKind.WEEK:
        return day - timedelta(days=day.weekday())
    if kind is PeriodKind.MONTH:
        return day.replace(day=1)
    if kind is PeriodKind.QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def _last_day(first: date, kind: PeriodKind) -> date:
    if kind is PeriodKind.DAY:
        return first
    if kind is PeriodKind.WEEK:
        return first + timedelta(days=6)
    months = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[kind]
    month = first.month + months
    if month > 12:
        return date(first.year, 12, 31)
    return date(first.year, month, 1) - timedelta(days=1)


_FORMS: tuple[tuple[str, Callable[[tuple[int, ...]], Period]], ...] = (
    (
        r"(\d{4})-?W(\d{1,2})",
        lambda n: period_of(date.fromisocalendar(n[0], n[1], 1), PeriodKind.WEEK),
    ),
    (
        r"(\d{4})-Q(\d)",
        lambda n: period_of(date(n[0], 3 * n[1] - 2, 1), PeriodKind.QUARTER),
    ),
    (r"(\d{4})-(\d{1,2})", lambda n: period_of(date(n[0], n[1], 1), PeriodKind.MONTH)),
    (
        r"(\d{4})-(\d{1,2})-(\d{1,2})",
        lambda n: period_of(date(n[0], n[1], n[2]), PeriodKind.DAY),
    ),
    (r"(\d{4})", lambda n: period_of(date(n[0], 1, 1), PeriodKind.YEAR)),
)
