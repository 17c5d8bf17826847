"""同比和环比: the earlier periods that a reader expects a period to be held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.digest.periods import Period, PeriodKind, period_of, show_day

# Above this difference of the share of working days two periods are not alike: a working day of
# a week, four of a month.
_MOST_DIFFERENCE = 0.1


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier period; None where the calendar has none, e.g. week 53 of most years."""

    label_zh: str
    period: Period | None


def references_of(period: Period) -> tuple[Reference, ...]:
    """The period before; of weeks also the one four weeks back; the same one a year ago."""
    return tuple(Reference(label, _made(period, make)) for label, make in _ASKED[period.kind])


def _made(period: Period, make: Callable[[Period], date | None]) -> Period | None:
    try:
        day = make(period)
        return None if day is None else period_of(day, period.kind)
    except (ValueError, OverflowError):  # the calendar has no such day
        return None


def _back(days: int) -> Callable[[Period], date]:
    return lambda period: period.first_day - timedelta(days=days)


def _year_ago(period: Period) -> date:
    return period.first_day.replace(year=period.first_day.year - 1)


def _week_a_year_ago(period: Period) -> date:
    year, week, _ = period.first_day.isocalendar()
    return date.fromisocalendar(year - 1, week, 1)


_ASKED: Mapping[PeriodKind, tuple[tuple[str, Callable[[Period], date | None]], ...]] = {
    PeriodKind.DAY: (("前一日", _back(1)), ("上周同日", _back(7)), ("去年同日", _year_ago)),
    PeriodKind.WEEK: (
        ("上周", _back(7)),
        ("四周前", _back(28)),
        ("去年同周", _week_a_year_ago),
    ),
    PeriodKind.MONTH: (("上月", _back(1)), ("去年同月", _year_ago)),
    PeriodKind.QUARTER: (("上季度", _back(1)), ("去年同季", _year_ago)),
    PeriodKind.YEAR: (("上年", _back(1)),),
    PeriodKind.ALL: (),
}


def obstacle_to(
    reference: Reference,
    period: Period,
    known_since: date | None,
    cut_at: datetime,
    days_off: Mapping[date, str],
) -> str:
    """Why the period cannot be compared with an earlier one, in Chinese; "" where it can.

    Parameters
    ----------
    known_since
        The day of the first message there is, None where there is none.
    cut_at
        Up to when the data go (aware).
    days_off
        The days of both periods on which nobody works, with the festival's name or "".
    """
    earlier = reference.period
    if earlier is None:
        return f"{period.label_zh}在历法上没有{reference.label_zh}"
    if known_since is None or known_since > earlier.first_day:
        since = f"自{show_day(known_since)}起有留言" if known_since else "尚无留言"
        return f"系统{since}，不含该期全部数据"
    if cut_at < period.end_at:
        return "本期尚未结束"
    own, other = _working(period, days_off), _working(earlier, days_off)
    if abs(own / period.day_count - other / earlier.day_count) <= _MOST_DIFFERENCE:
        return ""
    here, there = _festivals(period, days_off), _festivals(earlier, days_off)
    festivals = sorted(name for name in here | there if here[name] != there[name])
    named = f"，因{'、'.join(festivals)}放假" if festivals else ""
    return f"工作日本期{own}天、该期{other}天{named}"


def _working(period: Period, days_off: Mapping[date, str]) -> int:
    return period.day_count - sum(period.has(day) for day in days_off)


def _festivals(period: Period, days_off: Mapping[date, str]) -> Counter[str]:
    """How many days of each festival lie in the period."""
    return Counter(name for day, name in days_off.items() if name and period.has(day))
