"""Cost and coverage: the curve is what counting gives, and rare labels lean on all."""

from __future__ import annotations

import numpy as np
import pytest

from training.curves import ANY_LABEL, class_limits, coverage_curve

RANDOM = np.random.default_rng(11)
PROBABILITY = RANDOM.random(1000)
IS_RIGHT = RANDOM.random(1000) < PROBABILITY


def test_each_point_is_what_counting_gives() -> None:
    for limit, share, precision in coverage_curve(PROBABILITY, IS_RIGHT):
        passed = limit - 5e-5 <= PROBABILITY
        assert passed.mean() == pytest.approx(share, abs=2e-3)
        assert IS_RIGHT[passed].mean() == pytest.approx(precision, abs=1e-2)


def test_the_last_point_lets_all_pass() -> None:
    assert coverage_curve(PROBABILITY, IS_RIGHT)[-1][1] == 1.0


@pytest.mark.parametrize("count", [1, 3, 60])
def test_few_messages_have_a_curve_too(count: int) -> None:
    points = coverage_curve(PROBABILITY[:count], IS_RIGHT[:count])
    assert 1 <= len(points) <= count
    assert points[-1][1] == 1.0


def test_a_label_has_the_limit_of_its_own_messages() -> None:
    found = np.where(np.arange(1000) < 500, "A", "B")
    is_right = np.where(found == "A", True, PROBABILITY > 0.6)
    limits = class_limits(found, PROBABILITY, is_right)
    assert limits["A"]["0.980"] == pytest.approx(PROBABILITY[:500].min(), abs=1e-4)
    assert limits["B"]["0.980"] > 0.5


def test_a_rare_label_has_the_limit_of_all() -> None:
    found = np.where(np.arange(1000) < 5, "rare", "B")
    limits = class_limits(found, PROBABILITY, IS_RIGHT)
    everything = class_limits(np.full(1000, "all"), PROBABILITY, IS_RIGHT)["all"]
    assert limits["rare"] == everything


def test_where_no_limit_keeps_the_precision_it_is_one() -> None:
    found = np.full(100, "A")
    assert class_limits(found, PROBABILITY[:100], np.zeros(100, bool))["A"]["0.900"] == 1.0


def test_what_few_messages_need_themselves_can_only_raise_the_limit() -> None:
    found = np.where(np.arange(1000) < 30, "few", "B")
    probability, is_right = PROBABILITY.copy(), np.ones(1000, bool)
    is_right[:30] = False
    probability[:30] = np.linspace(0.4, 0.5, 30)
    limits = class_limits(found, probability, is_right)
    assert limits["few"]["0.950"] == 1.0 > limits["B"]["0.950"]
    is_right[:30] = True
    limits = class_limits(found, probability, is_right)
    assert limits[ANY_LABEL]["0.950"] < limits["few"]["0.950"] == 0.4
