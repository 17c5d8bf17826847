import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest.tail import tail_table, upper_tail

SHAPES = st.floats(0.01, 50)
ODDS = st.floats(0.001, 2)


def exact(count: int, shape: float, odds: float) -> float:
    """By adding up the probabilities of the smaller counts."""
    q, mass, below = odds / (1 + odds), (1 + odds) ** -shape, 0.0
    for j in range(count):
        below += mass
        mass *= (shape + j) / (j + 1) * q
    return 1 - below


@given(st.integers(0, 40), SHAPES, ODDS)
def test_the_tail_is_what_the_smaller_counts_leave(count: int, shape: float, odds: float) -> None:
    found = upper_tail(np.array([float(count)]), np.array([shape]), np.array([odds]))
    assert found[0] == pytest.approx(exact(count, shape, odds), abs=1e-9)


@given(SHAPES, ODDS)
def test_the_table_agrees_with_the_fraction_and_only_falls(shape: float, odds: float) -> None:
    table = tail_table(np.array([shape]), np.array([odds]), 1e-8)[:, 0]
    count = np.arange(len(table), dtype=float)
    held = np.full(len(table), shape), np.full(len(table), odds)
    assert table == pytest.approx(upper_tail(count, *held), abs=1e-8)
    assert (np.diff(table) <= 0).all()


def test_of_huge_counts_the_tail_is_a_half_at_the_mean() -> None:
    found = upper_tail(np.array([1e5]), np.array([1e7]), np.array([1e-2]))
    assert found[0] == pytest.approx(0.5, abs=0.01)
