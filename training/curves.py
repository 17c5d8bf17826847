"""Cost and coverage: how many messages pass without a look, and how many of these are wrong.

Both are told by the model file, so that an administrator can state the precision wanted and see
its price (the risk–coverage curve of El-Yaniv and Wiener, 2010, "On the foundations of noise-free
selective classification").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.evaluation import coverage

F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.str_]

PRECISIONS = (0.90, 0.95, 0.98)
_POINTS = 50
_FEWEST = 20


def coverage_curve(probability: F64, is_right: Flags) -> list[list[float]]:
    """Points of the curve, surest messages first.

    Parameters
    ----------
    probability, is_right
        Held-out answers, shape (messages,).

    Returns
    -------
    list of [limit, share, precision]
        With this least probability this share of messages passes (0–1), and this share of them
        is right (0–1). At most 50 points of even distance in share; the last one lets all pass.
    """
    order = np.argsort(-probability, kind="stable")
    right = np.cumsum(is_right[order])
    counts = np.unique(np.linspace(len(order) / _POINTS, len(order), _POINTS).astype(int))
    return [
        [
            round(float(probability[order[count - 1]]), 4),
            round(float(count / len(order)), 4),
            round(float(right[count - 1] / count), 4),
        ]
        for count in counts.tolist()
        if count
    ]


def class_limits(
    found: Labels, probability: F64, is_right: Flags, precisions: Sequence[float] = PRECISIONS
) -> dict[str, dict[str, float]]:
    """For each label the least probability that keeps each precision among its own messages.

    A label that was found fewer than 20 times has the limit of all labels together, since its own
    would be chance; 1 where no limit keeps the precision.

    Returns
    -------
    dict of label to dict of precision (two digits, as text) to limit
    """
    together = _limits(probability, is_right, precisions)
    limits = {}
    for label in sorted(set(found.tolist())):
        own = found == label
        is_enough = np.count_nonzero(own) >= _FEWEST
        limits[label] = (
            _limits(probability[own], is_right[own], precisions) if is_enough else together
        )
    return limits


def _limits(probability: F64, is_right: Flags, precisions: Sequence[float]) -> dict[str, float]:
    return {
        f"{precision:.2f}": round(coverage(probability, is_right, precision)[1], 4)
        for precision in precisions
    }
