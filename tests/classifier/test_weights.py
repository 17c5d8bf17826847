"""Weights: scores are what plain arithmetic says, and unsound arrays are refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features import FeatureScheme
from classifier.modelfile import Section
from classifier.weights import Weights, damped, read_weights, write_weights

SCHEME = FeatureScheme(bits=4)


def make_weights(rows: int = 9, columns: int = 5) -> Weights:
    random = np.random.default_rng(7)
    cells = random.integers(-127, 128, (rows, columns)).astype(np.int8)
    cells[0] = 0
    strengths = random.random(rows).astype(np.float32)
    strengths[0] = 0
    table = (np.arange(16) % rows).astype(np.uint16)
    return Weights(SCHEME, table, strengths, cells, random.random((2, columns), np.float32))


@given(st.lists(st.integers(0, 8), min_size=1, max_size=900))
def test_scores_are_the_sum_of_damped_rows_over_the_length(found: list[int]) -> None:
    weights = make_weights()
    total, square = np.zeros(5), 0.0
    for row, count in Counter(found).items():
        times = count.bit_length()
        total += times * weights.rows[row].astype(float)
        square += times * float(weights.strengths[row])
    expected = total * weights.columns[0] / (square**0.5 or 1.0) + weights.columns[1]
    scores = weights.scores(np.array(found, np.uint16))
    assert scores == pytest.approx(expected, rel=1e-4, abs=1e-4)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=200))
def test_damping_keeps_the_logarithm_of_each_count(found: list[int]) -> None:
    kept = Counter(damped(np.sort(np.array(found, np.uint16))).tolist())
    assert kept == {row: count.bit_length() for row, count in Counter(found).items()}


def test_a_thousand_rows_of_the_greatest_weight_do_not_overflow() -> None:
    weights = make_weights(rows=1001, columns=2)
    rows = np.full_like(weights.rows, 127)
    rows[0] = 0
    weights = replace(weights, rows=rows, columns=np.array([[1, 1], [0, 0]], np.float32))
    found = np.arange(1, 1001, dtype=np.uint16)
    length = float(weights.strengths[1:].sum()) ** 0.5
    assert weights.scores(found)[0] == pytest.approx(127_000 / length, rel=1e-4)


def test_weights_survive_their_sections() -> None:
    weights = make_weights()
    read = read_weights(SCHEME.as_json(), write_weights(weights))
    assert np.array_equal(read.rows, weights.rows)
    assert read.scheme == SCHEME


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("table", np.full(16, 9, np.uint16)),
        ("table", np.zeros(15, np.uint16)),
        ("table", np.zeros(16, np.int8)),
        ("strengths", np.full(9, np.nan, np.float32)),
        ("strengths", np.full(9, -1.0, np.float32)),
        ("strengths", np.ones(9, np.float32)),
        ("strengths", np.zeros(8, np.float32)),
        ("rows", np.ones((9, 5), np.int8)),
        ("rows", np.zeros((9, 5), np.float32)),
        ("rows", np.zeros(9, np.int8)),
        ("columns", np.zeros((5, 2), np.float32)),
        ("columns", np.full((2, 5), np.inf, np.float32)),
    ],
)
def test_unsound_arrays_are_refused(name: str, array: np.ndarray) -> None:
    with pytest.raises((TypeError, ValueError)):
        read_weights(SCHEME.as_json(), write_weights(make_weights()) | {name: Section(array)})


def test_a_missing_array_is_refused() -> None:
    with pytest.raises(KeyError):
        read_weights(SCHEME.as_json(), {})
