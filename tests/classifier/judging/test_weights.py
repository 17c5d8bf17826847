"""Weights: scores are what plain arithmetic says, and unsound arrays are refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.judging.features import FeatureScheme, Text
from classifier.judging.weights import (
    Rows,
    Weights,
    damped,
    damped_parts,
    read_weights,
    write_weights,
)
from classifier.modelfile import Section

SCHEME = FeatureScheme(bits=4)


def make_weights(rows: int = 9, columns: int = 5) -> Weights:
    random = np.random.default_rng(7)
    cells = random.integers(-127, 128, (rows, columns)).astype(np.int8)
    cells[0] = 0
    strengths = random.random(rows).astype(np.float32)
    strengths[0] = 0
    table = (np.arange(16) % rows).astype(np.uint16)
    return Weights(SCHEME, table, strengths, cells, random.random((2, columns), np.float32))


def rows_of(whole: list[int], opening: list[int]) -> Rows:
    return Rows(np.array(whole, np.uint16), np.array(opening, np.uint16))


def test_rows_beyond_16_bits_are_found() -> None:
    cells = np.zeros((2**16 + 10, 3), np.int8)
    cells[-1] = [1, 2, 3]
    strengths = np.ones(len(cells), np.float32)
    strengths[0] = 0
    table = np.full(16, len(cells) - 1, np.uint32)
    columns = np.array([[1.0] * 3, [0.0] * 3], np.float32)
    weights = Weights(replace(SCHEME, character_orders=(1,)), table, strengths, cells, columns)
    weights = read_weights(weights.scheme.as_json(), write_weights(weights))
    found = weights.scores(weights.look_up(Text("", "路灯", (), ("路灯",))))
    assert found.tolist() == pytest.approx((found[0] * np.array([1, 2, 3])).tolist())
    assert found[0] > 0


some_rows = st.lists(st.integers(0, 8), max_size=300)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=900), some_rows)
def test_scores_are_the_sums_of_damped_rows_over_their_lengths(
    whole: list[int], opening: list[int]
) -> None:
    weights = make_weights()
    expected = weights.columns[1].astype(float)
    for part, factor in ((whole, 1.0), (opening, SCHEME.opening_share**0.5)):
        total, square = np.zeros(5), 0.0
        for row, count in Counter(part).items():
            times = count.bit_length()
            total += times * weights.rows[row].astype(float)
            square += times * float(weights.strengths[row])
        expected += factor * total * weights.columns[0] / (square**0.5 or 1.0)
    scores = weights.scores(rows_of(whole, opening))
    assert scores == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_known_is_the_share_of_rows_that_training_kept() -> None:
    assert rows_of([0, 3, 3, 0], [0, 0]).known == 0.5


@given(st.lists(st.lists(st.integers(0, 5), max_size=200), min_size=1, max_size=5))
def test_damping_keeps_the_logarithm_of_each_count(parts: list[list[int]]) -> None:
    joined = np.array([row for part in parts for row in part], np.uint16)
    kept, ends = damped_parts(joined, list(accumulate(map(len, parts))))
    for part, start, end in zip(parts, [0, *ends], ends, strict=False):
        expected = {row: count.bit_length() for row, count in Counter(part).items()}
        assert Counter(kept[start:end].tolist()) == expected
        assert kept[start:end].tolist() == sorted(kept[start:end].tolist())
        assert kept[start:end].tolist() == damped(np.array(part, np.uint16)).tolist()
    assert ends[-1] == len(kept)


@pytest.mark.parametrize("count", [1, 4095, 4096, 8191, 8192, 70_000])
def test_of_any_count_the_logarithm_is_kept(count: int) -> None:
    rows = np.full(count, 7, np.uint16)
    assert len(damped(rows)) == count.bit_length()
    assert len(damped_parts(rows, [count])[0]) == count.bit_length()


def test_damping_leaves_the_rows_as_they_were() -> None:
    rows = rows_of([3, 1, 3], [2, 1])
    rows.damped()
    damped_parts(rows.whole, [3])
    assert (rows.whole.tolist(), rows.opening.tolist()) == ([3, 1, 3], [2, 1])


texts = st.text("水电路灯坏了 A市。😀", max_size=30)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_many_texts_score_as_one_by_one_to_the_last_bit(messages: list[tuple[str, str]]) -> None:
    weights = make_weights()
    made = [Text(title, body, list(title), list(body)) for title, body in messages] * 9
    alone = [weights.look_up(text) for text in made]
    together, known = weights.scores_many(made)
    assert together.tobytes() == np.array([weights.scores(rows) for rows in alone]).tobytes()
    assert known == [rows.known for rows in alone]


def test_ten_thousand_rows_of_the_least_weight_do_not_overflow() -> None:
    weights = make_weights(rows=10_001, columns=3)
    rows = np.full_like(weights.rows, -128)
    rows[0] = 0
    weights = replace(weights, rows=rows, columns=np.array([[1] * 3, [0] * 3], np.float32))
    every = list(range(1, 10_001))
    length = float(weights.strengths[1:].sum()) ** 0.5
    factor = 1 + weights.scheme.opening_share**0.5
    scores = weights.scores(rows_of(every, every))
    assert scores == pytest.approx([-1_280_000 * factor / length] * 3, rel=1e-4)


def test_a_thousand_rows_of_the_greatest_weight_do_not_overflow() -> None:
    weights = make_weights(rows=1001, columns=2)
    rows = np.full_like(weights.rows, 127)
    rows[0] = 0
    weights = replace(weights, rows=rows, columns=np.array([[1, 1], [0, 0]], np.float32))
    found = rows_of(list(range(1, 1001)), [])
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
