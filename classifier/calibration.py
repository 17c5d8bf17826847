"""Calibration: from scores to probabilities that mean what they say.

The scores in a model file are already on a calibrated logarithmic scale (``training`` fits a
temperature for each head and folds it into the weights), so that here only the softmax is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]


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


def softmax(scores: F32, groups: Groups) -> F32:
    """Probabilities within each run of columns.

    Parameters
    ----------
    scores
        Shape (..., columns), finite.
    groups
        The runs.

    Returns
    -------
    array of float32
        Of the shape of ``scores``.
    """
    peaks = np.maximum.reduceat(scores, groups.starts, axis=-1)
    powers = np.exp(scores - peaks[..., groups.members])
    sums = np.add.reduceat(powers, groups.starts, axis=-1)
    shares: F32 = powers / sums[..., groups.members]
    return shares


def sigmoid(score: float) -> float:
    """The probability of a yes-or-no question from its score (log odds)."""
    return float(1.0 / (1.0 + np.exp(-min(max(score, -30.0), 30.0))))
