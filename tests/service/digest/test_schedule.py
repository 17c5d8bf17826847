"""When a digest is due by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest.periods import PeriodKind, parse_period, period_of
from service.digest.schedule import MOST_MADE_UP, Timing, check_timing
from service.domain.deadline import SHANGHAI
from service.errors import InvalidInputError

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("timing", "period", "due"),
    [
        (Timing(), "2026-W09", "2026-03-02T07:30"),
        (Timing(PeriodKind.WEEK, 3, 0), "2026-W09", "2026-03-04T00:00"),
        (Timing(PeriodKind.DAY, 1, 1439), "2026-03-04", "2026-03-05T23:59"),
        (Timing(PeriodKind.MONTH, 28, 60), "2026-01", "2026-02-28T01:00"),
        (Timing(PeriodKind.QUARTER, 2, 0), "2026-Q1", "2026-04-02T00:00"),
        (Timing(PeriodKind.YEAR, 5, 0), "2025", "2026-01-05T00:00"),
    ],
)
def test_a_digest_is_due_after_its_period(timing: Timing, period: str, due: str) -> None:
    moment = at(due)
    assert timing.due_at(parse_period(period)) == moment
    before, after = (
        timing.due_periods(LONG_AGO, moment - lapse)
        for lapse in (timedelta(seconds=1), timedelta())
    )
    assert before[-1].code != period
    assert after[-1].code == period


def test_what_fell_due_before_the_schedule_was_laid_down_is_not() -> None:
    assert Timing().due_periods(at("2026-03-02T07:30"), at("2026-03-02T07:31")) == []
    (made,) = Timing().due_periods(at("2026-03-02T07:29"), at("2026-03-02T07:31"))
    assert made.code == "2026-W09"


def test_missed_ones_are_made_up_the_newest_first_of_all() -> None:
    found = Timing().due_periods(LONG_AGO, at("2026-03-04T12:00"))
    assert [one.code for one in found] == [
        "2026-W05",
        "2026-W06",
        "2026-W07",
        "2026-W08",
        "2026-W09",
    ]


@given(
    st.sampled_from([kind for kind in PeriodKind if kind is not PeriodKind.ALL]),
    st.integers(1, 7),
    st.integers(0, 1439),
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001
)
def test_every_moment_has_its_newest_periods(
    kind: PeriodKind, on_day: int, at_minute: int, moment: datetime
) -> None:
    timing = Timing(kind, 1 if kind is PeriodKind.DAY else on_day, at_minute)
    now = moment.replace(tzinfo=SHANGHAI)
    found = timing.due_periods(datetime(1990, 1, 1, tzinfo=UTC), now)
    assert len(found) == MOST_MADE_UP
    assert all(timing.due_at(one) <= now for one in found)
    assert all(one.previous() == two for two, one in pairwise(found))
    after = period_of(found[-1].last_day + timedelta(days=1), kind)
    assert timing.due_at(after) > now


@pytest.mark.parametrize(
    "timing",
    [
        Timing(PeriodKind.ALL),
        Timing(PeriodKind.DAY, 2),
        Timing(PeriodKind.WEEK, 0),
        Timing(PeriodKind.WEEK, 8),
        Timing(PeriodKind.MONTH, 29),
        Timing(at_minute=-1),
        Timing(at_minute=1440),
    ],
)
def test_a_moment_that_not_every_period_has_is_refused(timing: Timing) -> None:
    with pytest.raises(InvalidInputError):
        check_timing(timing)
