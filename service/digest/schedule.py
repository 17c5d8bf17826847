"""定时汇总: when a digest is due by itself, in Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.digest.periods import Period, PeriodKind, period_of
from service.domain.deadline import SHANGHAI
from service.errors import InvalidInputError

MOST_MADE_UP = 5  # periods that were missed, the newest ones
_LAST_DAY = {
    PeriodKind.DAY: 1,
    PeriodKind.WEEK: 7,
    PeriodKind.MONTH: 28,
    PeriodKind.QUARTER: 28,
    PeriodKind.YEAR: 28,
}
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Timing:
    """At which moment after a period its digest is due.

    ``on_day`` counts the days after the period from 1 (of a week: 1 is Monday); ``at_minute``
    the minutes of that day from midnight.
    """

    kind: PeriodKind = PeriodKind.WEEK
    on_day: int = 1
    at_minute: int = 7 * 60 + 30

    @property
    def at_zh(self) -> str:
        """The time of day, e.g. ``07:30``."""
        return f"{self.at_minute // 60:02d}:{self.at_minute % 60:02d}"

    def due_at(self, period: Period) -> datetime:
        """When the digest of a period is due."""
        return period.end_at + timedelta(days=self.on_day - 1, minutes=self.at_minute)

    def due_periods(self, since: datetime, now: datetime) -> list[Period]:
        """The periods whose digest fell due behind ``since`` and up to ``now``, earliest first.

        At most ``MOST_MADE_UP``: those of a machine that was off for longer are not made up.
        """
        found: list[Period] = []
        period = period_of(now.astimezone(SHANGHAI).date(), self.kind).previous()
        while len(found) < MOST_MADE_UP and self.due_at(period) > since:
            if self.due_at(period) <= now:
                found.append(period)
            period = period.previous()
        return found[::-1]


def check_timing(timing: Timing) -> None:
    """Let a timing pass that every period of its kind has.

    Raises
    ------
    InvalidInputError
        Of all time no digest falls due; or the day or the minute does not exist.
    """
    last = _LAST_DAY.get(timing.kind)
    if last is None:
        raise InvalidInputError("定时汇总的周期须为日、周、月、季或年")
    if not 1 <= timing.on_day <= last:
        raise InvalidInputError(f"民情{timing.kind.label_zh}的生成日应在 1 至 {last} 之间")
    if not 0 <= timing.at_minute < _MINUTES_OF_A_DAY:
        raise InvalidInputError("生成时刻应在 00:00 至 23:59 之间")
