"""Calibration: from scores to probabilities that mean what they say.

The scores in a model file are on a logarithmic scale fitted to held-out messages (a temperature
a head, folded into the weights); a softmax turns them into shares. The best label's share is then
straightened by a line on the scale of log odds (after Platt, 1999), which takes out what
temperatures cannot: too much trust in clear cases, too little in hard ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Indices = npt.NDArray[np.intp]

_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Groups:
    """Runs of adjacent columns that compete: the probabilities of each run sum to 1.

    Parameters
    ----------
    starts
        First column of each run, ascending from 0; the last run ends with the columns.
    members
        The run of each column.
    """

    starts: Indices
    members: Indices

    @classmethod
    def of_sizes(cls, sizes: list[int]) -> Groups:
        """Runs of the given sizes (1 or more), one after the other."""
        ends = np.cumsum(sizes, dtype=np.intp)
        return cls(ends - np.array(sizes, np.intp), np.repeat(np.arange(len(sizes)), sizes))


def softmax(scores: Floats, groups: Groups) -> Floats:
    """Probabilities within each run of columns.

    Parameters
    ----------
    scores
        Shape (..., columns), finite.
    groups
        The runs.

    Returns
    -------
    array
        Of the shape and type of ``scores``.
    """
    peaks = np.maximum.reduceat(scores, groups.starts, axis=-1)
    shares: Floats = scores - peaks.take(groups.members, axis=-1)
    np.exp(shares, out=shares)
    sums = np.add.reduceat(shares, groups.starts, axis=-1)
    shares /= sums.take(groups.members, axis=-1)
    return shares


def straightened(share: float, slope: float, offset: float) -> float:
    """The probability that the best label is right, from its share (both 0–1).

    ``slope`` is above 0, so that a larger share never gives a smaller probability.
    """
    share = min(max(share, _LEAST), 1.0 - _LEAST)
    return sigmoid(slope * math.log(share / (1.0 - share)) + offset)


def sigmoid(score: float) -> float:
    """The probability of a yes-or-no question from its score (log odds)."""
    return 1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0)))
