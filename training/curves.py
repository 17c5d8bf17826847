"""Cost and coverage: how many messages pass without a look, and how many of these are wrong.

Both are told by the model file, so that an administrator can state the precision wanted and see
its price (the risk–coverage curve of El-Yaniv and Wiener, 2010, "On the foundations of noise-free
selective classification").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.evaluation import coverage, least_count, safe_limit

F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.str_]

PRECISIONS = (0.90, 0.95, 0.98)
LIMITED = (*PRECISIONS, 0.99, 0.995, 0.999)
ANY_LABEL = ""  # stands for all labels together
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
    found: Labels, probability: F64, is_right: Flags, precisions: Sequence[float] = LIMITED
) -> dict[str, dict[str, float]]:
    """For each label the least probability that keeps each precision among its own messages.

    Messages go out by these limits, so they are those of ``evaluation.safe_limit``. A label too
    rare to show a precision of its own has the limit of all labels together, or from 20 messages
    on what its own messages need, where that is higher.

    Returns
    -------
    dict of label to dict of precision (three digits, as text) to limit
        1 where no limit keeps the precision; ``ANY_LABEL`` has that of all labels together.
    """
    limits: dict[str, dict[str, float]] = {ANY_LABEL: {}}
    for precision in precisions:
        name, together = f"{precision:.3f}", safe_limit(probability, is_right, precision)
        limits[ANY_LABEL][name] = round(together, 4)
        for label in sorted(set(found.tolist())):
            own = found == label
            limit = _own_limit(probability[own], is_right[own], precision, together)
            limits.setdefault(label, {})[name] = round(limit, 4)
    return limits


def _own_limit(probability: F64, is_right: Flags, precision: float, together: float) -> float:
    if len(is_right) >= least_count(precision):
        return safe_limit(probability, is_right, precision)
    if len(is_right) >= _FEWEST:
        return max(together, coverage(probability, is_right, precision)[1])
    return together
