"""Heaviest: the most weight first, then the oldest; compiled and by numpy alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import heaviest as module
from classifier.heaviest import heaviest, heaviest_by_numpy

# Weights as those of words are: with few binary digits.
weights = st.integers(1, 2**19).map(lambda number: number / 4096)
ids = st.lists(st.integers(0, 40) | st.integers(0, 2**62), unique=True, max_size=30)
keys = st.lists(st.tuples(ids, weights), max_size=20)


def as_arrays(
    found: list[tuple[list[int], float]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    flat = [each for under, _ in found for each in under]
    counts = [len(under) for under, _ in found]
    shares = [weight for _, weight in found]
    return np.array(flat, np.int64), np.array(counts, np.int64), np.array(shares, np.float64)


@given(keys, st.integers(1, 50))
def test_both_ways_find_what_adding_up_finds(
    found: list[tuple[list[int], float]], most: int
) -> None:
    shares: dict[int, float] = {}
    for under, weight in found:
        for each in under:
            shares[each] = shares.get(each, 0.0) + weight
    expected = sorted((-share, each) for each, share in shares.items())[:most]
    assert heaviest(*as_arrays(found), most) == expected
    assert heaviest_by_numpy(*as_arrays(found), most) == expected


def test_without_the_compiled_part_numpy_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "compiled", None)
    assert heaviest(*as_arrays([([5, 3], 1.0), ([3], 2.0)]), 9) == [(-3.0, 3), (-1.0, 5)]


@pytest.mark.skipif(module.compiled is None, reason="Minqing was built without a C compiler")
def test_what_does_not_fit_together_is_refused() -> None:
    two, none = np.array([1, 2]), np.zeros(0, np.int64)
    refused = [
        (two, np.array([1]), np.array([1.0]), 5),
        (two, np.array([3]), np.array([1.0]), 5),
        (two, np.array([3, -1]), np.array([1.0, 1.0]), 5),
        (two, np.array([2]), np.array([1.0, 2.0]), 5),
        (two, np.array([2]), np.array([1.0]), 0),
        (two, none, np.zeros(0), 5),
    ]
    for given_them in refused:
        with pytest.raises(ValueError, match=r"count|weight"):
            module.compiled.heaviest(*given_them)
