"""All that a digest reads, by one connection: one view of the database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from service.digest.facts import Facts, MessageFact
from service.digest.periods import Period
from service.digest.rising import first_needed
from service.domain.digest_scope import DigestScope
from service.storage.database import Connection
from service.storage.digests.facts.history import read_history
from service.storage.digests.facts.messages import read_days
from service.usecases.digests.digest_facts.handling import earlier_periods, read_handling
from service.usecases.digests.digest_facts.judged import read_judging
from service.usecases.digests.digest_facts.matters import read_matters
from service.usecases.digests.digest_facts.messages import read_messages

HISTORY_DAYS = 3 * 364  # whole weeks: what came up in earlier years at this season


def read_facts(
    connection: Connection, period: Period, scope: DigestScope, cut_at: datetime
) -> Facts:
    """What the storage knows now of the period and of what it is compared with."""
    days = read_days(connection)
    first = first_needed(period)
    return Facts(
        messages=_messages(connection, period, scope),
        matters=read_matters(connection, period, scope),
        cut_at=cut_at,
        known_since=days[0] if days else None,
        history=read_history(connection, _days_before(first, HISTORY_DAYS), first, scope),
        handling=read_handling(connection, period, scope),
        judged=read_judging(connection, period, scope),
    )


def _days_before(day: date, count: int) -> date:
    return max(day, date.min + timedelta(days=count)) - timedelta(days=count)


def _messages(
    connection: Connection, period: Period, scope: DigestScope
) -> tuple[MessageFact, ...]:
    """The messages of the window, and of the compared periods that do not lie in it."""
    first, last = first_needed(period), period.last_day
    outside = [each for each in earlier_periods(period) if each.first_day < first]
    eve = first - timedelta(days=1) if outside else first
    spans = [(first, last), *((each.first_day, min(each.last_day, eve)) for each in outside)]
    found = (read_messages(connection, *span, scope) for span in spans)
    return tuple(message for messages in found for message in messages)
