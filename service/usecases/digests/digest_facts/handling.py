"""What was done about matters, as facts: of the period and of those it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from service.digest.handling_facts import HandlingFacts, MatterDates, RatingFact
from service.digest.periods import Period, PeriodKind
from service.digest.references import references_of
from service.domain.deadline import SHANGHAI
from service.domain.digest_scope import DigestScope
from service.domain.reply import Satisfaction
from service.storage.database import Connection
from service.storage.digests.facts.handling import Span, read_dates, read_ratings
from service.triage.calendar import festival_on
from service.usecases.digests.digest_facts.deeds import read_deeds
from service.usecases.in_force.work_calendar import read_calendar


def read_handling(connection: Connection, period: Period, scope: DigestScope) -> HandlingFacts:
    """Dates, ratings, deeds and days off."""
    earlier = earlier_periods(period)
    spans = [span_of(each) for each in earlier]
    return HandlingFacts(
        dates=tuple(
            MatterDates(row.id, row.opened_at, row.due_at, row.closed_at)
            for row in read_dates(connection, spans, scope)
        ),
        ratings=tuple(
            RatingFact(
                row.message_id,
                row.matter_id,
                Satisfaction(row.satisfaction),
                row.at.astimezone(SHANGHAI).date(),
                row.department,
                row.studio,
            )
            for row in read_ratings(connection, [span_of(period), *spans], scope)
        ),
        deeds=read_deeds(connection, period, span_of(period), scope),
        days_off=_days_off(connection, (period, *earlier)),
    )


def earlier_periods(period: Period) -> list[Period]:
    """The earlier periods that the calendar has."""
    return [each.period for each in references_of(period) if each.period is not None]


def span_of(period: Period) -> Span:
    """From the period's first moment to its end."""
    return datetime.combine(period.first_day, time(), SHANGHAI), period.end_at


def _days_off(connection: Connection, periods: Iterable[Period]) -> Mapping[date, str]:
    """The days on which nobody works; of all time nobody asks."""
    calendar = read_calendar(connection)
    days = [
        period.first_day + timedelta(days=n)
        for period in periods
        if period.kind is not PeriodKind.ALL
        for n in range(period.day_count)
    ]
    return {day: festival_on(day) for day in days if not calendar.is_working_day(day)}
