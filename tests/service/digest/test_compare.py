from datetime import date, datetime
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest.compare import Change, compare_all, lay_base, step_up_limit, two_sided_p
from service.digest.periods import parse_period
from service.domain.deadline import SHANGHAI

WEEK = parse_period("2019-W28")
AFTER = datetime(2019, 7, 15, tzinfo=SHANGHAI)
LONG_AGO = date(2018, 1, 1)


def test_a_clear_rise_is_one() -> None:
    [found] = compare_all([(40, (10, 12, 9, 11))], lay_base(WEEK, LONG_AGO, AFTER))
    assert (found.change, found.previous, found.mean) == (Change.RISE, 10, 10.5)


def test_a_clear_fall_is_one() -> None:
    [found] = compare_all([(0, (10, 12, 9, 11))], lay_base(WEEK, LONG_AGO, AFTER))
    assert found.change is Change.FALL


def test_three_after_one_is_no_rise() -> None:
    [found] = compare_all([(3, (1, 1, 1, 1))], lay_base(WEEK, LONG_AGO, AFTER))
    assert found.change is Change.STEADY


def test_nothing_against_nothing_is_steady() -> None:
    [found] = compare_all([(0, (0, 0, 0, 0))], lay_base(WEEK, LONG_AGO, AFTER))
    assert (found.change, found.p_value) == (Change.STEADY, 1.0)


def test_where_the_data_begin_too_late_only_the_covered_periods_are_shown() -> None:
    base = lay_base(WEEK, date(2019, 6, 24), AFTER)
    [found] = compare_all([(9, (1, 2, 3, 4))], base)
    assert found.before == (1, 2, None, None)
    assert (found.mean, found.p_value, found.change) == (None, None, Change.UNKNOWN)
    assert base.obstacle.startswith("系统自2019年6月24日起有留言")


def test_a_period_that_still_runs_is_not_judged() -> None:
    base = lay_base(WEEK, LONG_AGO, datetime(2019, 7, 14, 23, tzinfo=SHANGHAI))
    assert "尚未结束" in base.obstacle
    assert compare_all([(40, (1, 1, 1, 1))], base)[0].change is Change.UNKNOWN


def test_an_empty_system_has_nothing_to_compare_with() -> None:
    assert lay_base(WEEK, None, AFTER).obstacle == "系统中尚无留言，不与以前各期比较"


def test_a_month_is_weighed_by_its_days() -> None:
    base = lay_base(parse_period("2019-02"), LONG_AGO, AFTER)
    assert base.day_share == pytest.approx(28 / (28 + 31 + 31 + 30 + 31))


@given(st.integers(0, 60), st.integers(0, 200), st.floats(0.05, 0.5))
def test_the_p_value_is_that_of_the_exact_binomial(value: int, earlier: int, share: float) -> None:
    total = value + earlier
    mass = [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]
    tail = sum(mass[value:]) if value >= total * share else sum(mass[: value + 1])
    assert two_sided_p(value, earlier, share) == pytest.approx(min(1.0, 2 * tail), rel=1e-6)


def test_huge_counts_are_weighed_too() -> None:
    assert two_sided_p(2_000_000, 4_000_000, 0.2) == 0.0
    assert two_sided_p(1_000_000, 4_000_000, 0.2) == 1.0


def test_the_step_up_procedure_weighs_the_rows_together() -> None:
    assert step_up_limit([0.012, 0.9, 0.02, 0.03], 0.05) == 0.03
    assert step_up_limit([0.04, 0.9, 0.8, 0.7], 0.05) == -1.0
    assert step_up_limit([], 0.05) == -1.0


def test_among_many_steady_rows_chance_alone_raises_none() -> None:
    rows = [(count, (5, 6, 4, 5)) for count in (3, 4, 5, 6, 7, 8, 9, 10)]
    changes = {one.change for one in compare_all(rows, lay_base(WEEK, LONG_AGO, AFTER))}
    assert changes == {Change.STEADY}
