from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest.periods import PeriodKind, parse_period, period_of
from service.errors import InvalidInputError

KINDS = st.sampled_from(list(PeriodKind))
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("code", "first", "last", "label"),
    [
        ("2019-W28", date(2019, 7, 8), date(2019, 7, 14), "2019年第28周"),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3), "2020年第53周"),
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28), "2019年2月"),
        ("2019-12", date(2019, 12, 1), date(2019, 12, 31), "2019年12月"),
        ("2019-Q4", date(2019, 10, 1), date(2019, 12, 31), "2019年第4季度"),
        ("2020", date(2020, 1, 1), date(2020, 12, 31), "2020年"),
        ("2019-07-08", date(2019, 7, 8), date(2019, 7, 8), "2019年7月8日"),
    ],
)
def test_a_code_names_its_days(code: str, first: date, last: date, label: str) -> None:
    period = parse_period(code)
    assert (period.first_day, period.last_day, period.label_zh) == (first, last, label)
    assert period.code == code


def test_case_blanks_and_a_missing_dash_do_not_matter() -> None:
    assert parse_period(" 2019w28 ") == parse_period("2019-W28")


@pytest.mark.parametrize(
    "text", ["", "28", "2019-W54", "2019-W0", "2019-13", "2019-Q5", "2019-02-30", "0000", "0001",
             "2019-W28; DROP", "二〇一九", "２０１９", "9" * 5000],
)  # fmt: skip
def test_what_is_no_period_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_period(text)
    assert "周期" in caught.value.message
    assert len(caught.value.message) < 200


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-Q4", "9999-12-31"])
def test_a_period_that_the_calendar_has_no_day_after_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_period(text)


def test_a_range_over_new_year_tells_both_years() -> None:
    assert parse_period("2020-W53").range_zh == "2020年12月28日至2021年1月3日"


def test_the_window_is_the_period_and_the_four_before() -> None:
    assert parse_period("2019-W28").window() == (date(2019, 6, 10), date(2019, 7, 14))


@given(DAYS, KINDS.filter(lambda kind: kind is not PeriodKind.ALL))
def test_periods_of_a_kind_lie_end_to_end(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert period.has(day)
    assert period.previous().last_day + timedelta(days=1) == period.first_day
    assert period_of(period.last_day, kind) == period == period_of(period.first_day, kind)


@given(DAYS, KINDS)
def test_a_period_is_read_back_from_its_code(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert parse_period(period.code) == period
