"""A count against the periods before it: is a rise one?

The count of a period and those of the four before are taken as draws of Poisson variables
whose rate a day is the same. Given their sum, the period's count is then binomial with the
period's share of the days (the exact conditional test of two Poisson rates). Of all rows of
one table together, those are called risen or fallen that Benjamini and Hochberg's step-up
procedure keeps at ``FALSE_RATE``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.digest.periods import Period, show_day
from service.domain.labels import Labelled

FALSE_RATE = 0.05


class Change(Labelled):
    """What the test says of a count."""

    RISE = "rise", "上升"
    FALL = "fall", "下降"
    STEADY = "steady", "平稳"
    UNKNOWN = "unknown", "不可比"


@dataclass(frozen=True, slots=True)
class Base:
    """The earlier periods, the nearest first, and what speaks against comparing with them.

    ``known_count`` tells how many of them the data cover whole (counted from the nearest);
    ``obstacle`` is a Chinese sentence, or "" when the test can be made.
    """

    period: Period
    periods: tuple[Period, ...]
    known_count: int
    obstacle: str

    @property
    def day_share(self) -> float:
        """The period's share of the days of the period and all earlier ones together."""
        return self.period.day_count / sum(p.day_count for p in (self.period, *self.periods))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A count's history.

    ``before`` holds the counts of the earlier periods, the nearest first, None where the data
    do not cover the period; ``mean`` their mean, None unless all are known; ``p_value`` the
    two-sided chance of a count at least this far off under an unchanged rate.
    """

    value: int
    before: tuple[int | None, ...]
    mean: float | None
    p_value: float | None
    change: Change

    @property
    def previous(self) -> int | None:
        """The count of the period just before, if known."""
        return self.before[0] if self.before else None


def lay_base(period: Period, known_since: date | None, cut_at: datetime) -> Base:
    """What ``period`` can be compared with, given the first day of the data and their cut."""
    periods = period.base()
    known = 0
    if known_since is not None:
        known = sum(known_since <= earlier.first_day for earlier in periods)
    return Base(period, periods, known, _obstacle(period, periods, known_since, cut_at))


def _obstacle(
    period: Period, periods: Sequence[Period], known_since: date | None, cut_at: datetime
) -> str:
    if not periods:
        return "全部时间没有可比的以前各期，不判断升降"
    if cut_at < period.end_at:
        return "本期尚未结束，数据不全，不与以前各期比较"
    if known_since is None:
        return "系统中尚无留言，不与以前各期比较"
    if known_since > periods[-1].first_day:
        return f"系统自{show_day(known_since)}起有留言，以前各期数据不全，不判断升降"
    return ""


def compare_all(counts: Sequence[tuple[int, Sequence[int]]], base: Base) -> list[Comparison]:
    """Compare every row of one table.

    Parameters
    ----------
    counts : sequence of (int, sequence of int)
        Each row's count in the period and in the earlier ones, the nearest first.
    base : Base
        What may be compared.

    Returns
    -------
    list of Comparison
        In the order of ``counts``.
    """
    if base.obstacle:
        return [_unjudged(value, before, base) for value, before in counts]
    p_values = [two_sided_p(value, sum(before), base.day_share) for value, before in counts]
    limit = step_up_limit(p_values, FALSE_RATE)
    return [
        _judged(value, before, p_value, p_value <= limit, base)
        for (value, before), p_value in zip(counts, p_values, strict=True)
    ]


def _unjudged(value: int, before: Sequence[int], base: Base) -> Comparison:
    shown = tuple(count if place < base.known_count else None for place, count in enumerate(before))
    return Comparison(value, shown, None, None, Change.UNKNOWN)


def _judged(
    value: int, before: Sequence[int], p_value: float, is_kept: bool, base: Base
) -> Comparison:
    earlier = sum(before)
    is_more = value >= (value + earlier) * base.day_share
    moved = Change.RISE if is_more else Change.FALL
    change = moved if is_kept else Change.STEADY
    return Comparison(value, tuple(before), earlier / len(before), p_value, change)


def two_sided_p(value: int, earlier: int, share: float) -> float:
    """Twice the smaller tail of the exact conditional test, at most 1.

    Parameters
    ----------
    value, earlier : int
        The count of the period, and of all earlier periods together.
    share : float
        The period's share of all days, between 0 and 1.
    """
    total = value + earlier
    if value >= total * share:
        return min(1.0, 2 * _upper_tail(value, total, share))
    return min(1.0, 2 * _upper_tail(earlier, total, 1 - share))


def _upper_tail(least: int, total: int, share: float) -> float:
    """P(X ≥ least) for X binomial(total, share), where ``least`` is at or above the mean."""
    if least == 0:
        return 1.0
    term = math.exp(
        math.lgamma(total + 1)
        - math.lgamma(least + 1)
        - math.lgamma(total - least + 1)
        + least * math.log(share)
        + (total - least) * math.log1p(-share)
    )
    tail, odds = 0.0, share / (1 - share)
    for count in range(least, total + 1):
        tail += term
        term *= odds * (total - count) / (count + 1)
        if term < tail * 1e-15:  # terms only fall from here on
            break
    return tail


def step_up_limit(p_values: Sequence[float], false_rate: float) -> float:
    """The largest p-value that Benjamini and Hochberg's procedure keeps, -1.0 if none."""
    limit = -1.0
    for rank, p_value in enumerate(sorted(p_values), start=1):
        if p_value <= false_rate * rank / len(p_values):
            limit = p_value
    return limit
