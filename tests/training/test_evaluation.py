"""Figures of merit, against cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation import (
    calibration_error,
    coverage,
    interval,
    least_count,
    macro_f1,
    safe_limit,
    share_interval,
    urgency,
)

RANDOM = np.random.default_rng(5)


def test_coverage_is_the_share_that_keeps_the_precision() -> None:
    probability = np.array([0.9, 0.8, 0.7, 0.6])
    is_right = np.array([True, True, False, True])
    assert coverage(probability, is_right, 1.0) == (0.5, 0.8)
    assert coverage(probability, is_right, 0.75) == (1.0, 0.6)
    assert coverage(probability, ~is_right & False, 0.5) == (0.0, 1.0)


@pytest.mark.parametrize(("precision", "count"), [(0.9, 29), (0.95, 59), (0.98, 149)])
def test_few_right_answers_show_no_precision(precision: float, count: int) -> None:
    assert least_count(precision) == count
    probability = np.linspace(0.9, 0.5, count)
    is_right = np.ones(count, bool)
    assert safe_limit(probability, is_right, precision) == 0.5
    assert safe_limit(probability[1:], is_right[1:], precision) == 1.0
    assert safe_limit(probability, ~is_right, precision) == 1.0
    assert safe_limit(probability[:0], is_right[:0], precision) == 1.0


def test_many_answers_have_nearly_the_plain_limit() -> None:
    probability = RANDOM.uniform(0.5, 1.0, 20_000)
    is_right = RANDOM.random(20_000) < probability
    plain, safe = coverage(probability, is_right, 0.9)[1], safe_limit(probability, is_right, 0.9)
    assert plain < safe < plain + 0.03


def test_what_is_equally_sure_passes_together_or_not_at_all() -> None:
    is_right = np.arange(200) < 100
    assert safe_limit(np.full(200, 0.9), is_right, 0.9) == 1.0


def test_honest_probabilities_have_no_calibration_error() -> None:
    probability = RANDOM.random(20_000)
    is_right = RANDOM.random(20_000) < probability
    assert calibration_error(probability, is_right) < 0.015


def test_overconfidence_is_measured() -> None:
    is_right = RANDOM.random(20_000) < 0.7
    assert calibration_error(np.full(20_000, 0.9), is_right) == pytest.approx(0.2, abs=0.02)


def test_macro_f1_counts_each_class_alike() -> None:
    truth = np.array(["a", "a", "a", "b"])
    assert macro_f1(truth, truth) == 1
    assert macro_f1(truth, np.array(["a", "a", "a", "a"])) == pytest.approx(0.5 * 6 / 7)


def test_urgency_flags_the_likeliest() -> None:
    probability = np.linspace(1, 0, 20)
    is_urgent = np.zeros(20, bool)
    is_urgent[[0, 15]] = True
    precision, recall, limit = urgency(probability, is_urgent, 0.1)
    assert recall == 0.5
    assert limit == probability[1]
    assert precision == pytest.approx((1 + 2 / 16) / 2)


def test_the_interval_holds_the_mean_and_is_the_same_again() -> None:
    values = (RANDOM.random(500) < 0.8).astype(float)
    low, high = interval(values)
    assert low < values.mean() < high
    assert interval(values) == (low, high)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    # All or none of n: the other end is the n-th root of 2.5 %.
    [(0, 10, 0.0, 1 - 0.025**0.1), (10, 10, 0.025**0.1, 1.0), (5, 10, 0.1871, 0.8129)],
)
def test_the_interval_of_a_share_never_shrinks_to_a_point(
    hits: int, count: int, low: float, high: float
) -> None:
    assert share_interval(hits, count) == pytest.approx((low, high), abs=1e-4)
