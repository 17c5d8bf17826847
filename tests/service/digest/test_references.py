"""Which earlier periods a period is held against, and what speaks against it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest.periods import PeriodKind, parse_period, period_of
from service.digest.references import obstacle_to, references_of
from service.domain.deadline import SHANGHAI

CUT = datetime(2030, 1, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("2019-W28", ["2019-W27", "2019-W24", "2018-W28"]),
        ("2020-W53", ["2020-W52", "2020-W49", None]),
        ("2019-01", ["2018-12", "2018-01"]),
        ("2019-Q1", ["2018-Q4", "2018-Q1"]),
        ("2020-02-29", ["2020-02-28", "2020-02-22", None]),
        ("2019", ["2018"]),
        ("all", []),
    ],
)
def test_the_periods_a_reader_expects(code: str, codes: list[str | None]) -> None:
    found = references_of(parse_period(code))
    assert [one.period.code if one.period else None for one in found] == codes


@given(st.dates(date(2, 1, 1), date(9990, 1, 1)), st.sampled_from(list(PeriodKind)))
def test_they_lie_before_it_and_are_of_its_kind(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    for one in references_of(period):
        assert one.period is None or one.period.kind is kind
        assert one.period is None or one.period.last_day < period.first_day


def obstacle(code: str, days_off: dict[date, str], place: int = 0, since: int = 2010) -> str:
    period = parse_period(code)
    return obstacle_to(references_of(period)[place], period, date(since, 1, 1), CUT, days_off)


def test_a_week_of_holidays_is_told_by_its_festival() -> None:
    festival = {date(2019, 2, 4) + timedelta(days=n): "春节" for n in range(7)}
    weekend = {date(2019, 2, 2): "", date(2019, 2, 3): ""}
    told = obstacle("2019-W06", festival | weekend)
    assert told == "工作日本期0天、该期5天，因春节放假"


def test_a_working_day_more_in_a_month_changes_nothing() -> None:
    assert obstacle("2019-03", {date(2019, 3, n): "" for n in (2, 3, 9)}) == ""


def test_data_that_begin_later_and_a_period_that_goes_on_are_told() -> None:
    assert "自2019年1月1日起有留言" in obstacle("2019-W28", {}, 2, since=2019)
    assert obstacle("2029-W52", {}) == ""
    assert obstacle("2030-W01", {}) == "本期尚未结束"
    assert "历法上没有去年同周" in obstacle("2020-W53", {}, 2)
