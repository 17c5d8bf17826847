"""保存期限: how long each class of data is kept before it goes by itself."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

KEPT_ALWAYS = 0
MONTHS_PER_YEAR = 12


@dataclass(frozen=True, slots=True)
class PeriodBounds:
    """What a period may be: from ``least`` to ``most``, or always where ``may_be_always``."""

    label_zh: str
    least: int
    most: int
    may_be_always: bool = True

    def includes(self, period: int) -> bool:
        """Whether a period may be laid down."""
        return self.least <= period <= self.most or (self.may_be_always and period == KEPT_ALWAYS)

    @property
    def told_zh(self) -> str:
        """The bounds in Chinese."""
        always = f"{KEPT_ALWAYS}（一直保存）或 " if self.may_be_always else ""
        return f"{always}{self.least} 至 {self.most}"


# Logs of access are kept for six months at least (Cybersecurity Law of the PRC, article 23).
PERIODS: Mapping[str, PeriodBounds] = {
    "message_years": PeriodBounds("来信和来信人：办结后几年", 1, 100),
    "digest_years": PeriodBounds("历期民情：作成后几年", 1, 100),
    "look_months": PeriodBounds("查看来信人的记录：几个月", 6, 1200),
    "account_event_months": PeriodBounds("账号变动的记录：几个月", 6, 1200),
    "answer_days": PeriodBounds("接口按 Idempotency-Key 留存的应答：几天", 1, 365, False),
}


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Periods by class of data, each within ``PERIODS``.

    Nothing of what citizens wrote or of who looked at it goes unless an administrator says so.
    """

    message_years: int = KEPT_ALWAYS
    digest_years: int = KEPT_ALWAYS
    look_months: int = KEPT_ALWAYS
    account_event_months: int = KEPT_ALWAYS
    answer_days: int = 30


def months_before(at: datetime, months: int) -> datetime:
    """The same day and time so many months earlier, the month's last day where it has none such."""
    year, month = divmod(at.year * MONTHS_PER_YEAR + at.month - 1 - months, MONTHS_PER_YEAR)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)
