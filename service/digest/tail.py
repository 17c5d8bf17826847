"""Upper tails of negative binomial counts.

A count whose Poisson rate is itself only known as a gamma distribution is negative binomial: with
``shape`` the gamma's and ``odds`` the ratio of what is watched to what the rate was learned from,
its mean is ``shape * odds``. P(X ≥ x) is the regularised incomplete beta function I(x, shape) at
odds / (1 + odds).
"""

from __future__ import annotations

from math import lgamma

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TINY = 1e-300
_STEPS = 500
_CLOSE = 1e-12
_lgamma = np.frompyfunc(lgamma, 1, 1)


def upper_tail(count: Floats, shape: Floats, odds: Floats) -> Floats:
    """P(X ≥ ``count``) for each negative binomial count, by the continued fraction.

    Parameters
    ----------
    count
        Whole numbers from 0 on.
    shape, odds
        Above 0; of the same length.

    Returns
    -------
    ndarray
        Probabilities, 0–1.
    """
    found = np.ones(len(count))
    asked = count > 0
    q = odds[asked] / (1 + odds[asked])
    found[asked] = _incomplete_beta(count[asked], shape[asked], q)
    return found


def _incomplete_beta(a: Floats, b: Floats, x: Floats) -> Floats:
    """I_x(a, b); the fraction converges quickly on one side of the mean, the other mirrors it."""
    is_mirrored = x > (a + 1) / (a + b + 2)
    low = np.where(is_mirrored, b, a)
    high = np.where(is_mirrored, a, b)
    at = np.where(is_mirrored, 1 - x, x)
    front = np.exp(
        (_lgamma(low + high) - _lgamma(low) - _lgamma(high)).astype(np.float64)
        + low * np.log(at)
        + high * np.log1p(-at)
    )
    part = np.clip(front * _fraction(low, high, at) / low, 0.0, 1.0)
    return np.asarray(np.where(is_mirrored, 1 - part, part), np.float64)


def _fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c = np.ones_like(a)
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d.copy()
    for step in range(1, _STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            value = value * c * d
        if np.all(np.abs(c * d - 1) < _CLOSE):
            break
    return value


def _away_from_zero(value: Floats) -> Floats:
    return np.where(np.abs(value) < _TINY, _TINY, value)


def tail_table(shape: Floats, odds: Floats, floor: float) -> Floats:
    """P(X ≥ j) for j = 0, 1, 2 … until all are below ``floor``: one row for each j.

    Meant for means of at most some tens: the number of rows grows with the mean.
    """
    q = odds / (1 + odds)
    mass = np.exp(-shape * np.log1p(odds))
    tail = np.ones_like(shape)
    rows, at = [tail], np.arange(len(shape))
    while np.any(tail >= floor):
        # What rounding leaves of a tail that has gone is none.
        tail = np.where(tail - mass > floor * 1e-3, tail - mass, 0.0)
        rows.append(np.zeros(len(rows[0])))
        rows[-1][at] = tail
        count = len(rows) - 2
        mass = mass * (shape + count) / (count + 1) * q
        is_left = tail > 0
        if 2 * np.count_nonzero(is_left) < len(at):  # most are over early
            at, shape, q = at[is_left], shape[is_left], q[is_left]
            mass, tail = mass[is_left], tail[is_left]
    return np.array(rows)
