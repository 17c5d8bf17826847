"""Calibration: shares sum to one, and straightening never turns an order round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.judging.calibration import Groups, sigmoid, softmax, straightened

scores = st.floats(-1e4, 1e4, width=32)


@given(st.lists(scores, min_size=6, max_size=6))
def test_shares_of_each_run_sum_to_one(row: list[float]) -> None:
    shares = softmax(np.array(row, np.float32), Groups.of_sizes([1, 3, 2]))
    assert shares[0] == 1
    assert shares[1:4].sum() == pytest.approx(1, abs=1e-5)
    assert shares[4:].sum() == pytest.approx(1, abs=1e-5)


def test_many_messages_are_as_one_by_one() -> None:
    groups = Groups.of_sizes([2, 2])
    rows = np.array([[1, 2, 3, 4], [4, 2, 1, 0]], np.float32)
    assert np.array_equal(softmax(rows, groups), [softmax(row, groups) for row in rows])


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 5), st.floats(-3, 3))
def test_straightening_keeps_the_order(one: float, other: float, slope: float, off: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= straightened(low, slope, off) <= straightened(high, slope, off) <= 1


def test_the_plain_line_changes_nothing() -> None:
    assert straightened(0.3, 1.0, 0.0) == pytest.approx(0.3)


@given(st.floats(-1e300, 1e300))
def test_any_score_has_a_probability(score: float) -> None:
    assert 0 < sigmoid(score) < 1
