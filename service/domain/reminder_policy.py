"""催办要求: when a deadline is reminded of, and when what is late is supervised 督办."""

from __future__ import annotations

from dataclasses import dataclass

MOST_DAYS = 60
DAYS_ZH = {
    "remind_days": "到期前几个工作日提醒",
    "escalate_days": "逾期后几个工作日督办",
    "urgent_remind_days": "紧急的，到期前几个工作日提醒",
    "urgent_escalate_days": "紧急的，逾期后几个工作日督办",
}


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """Working days before a deadline (a reminder) and after it (supervision), 0 to ``MOST_DAYS``.

    Urgent matters have two working days in all: theirs are days of their own.
    """

    remind_days: int = 2
    escalate_days: int = 5
    urgent_remind_days: int = 1
    urgent_escalate_days: int = 1

    def days(self, is_urgent: bool) -> tuple[int, int]:
        """Working days before a deadline and after it for matters of one urgency."""
        if is_urgent:
            return self.urgent_remind_days, self.urgent_escalate_days
        return self.remind_days, self.escalate_days


USUAL = ReminderPolicy()
