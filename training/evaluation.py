"""Evaluation: how often a model is right, and whether its probabilities mean what they say."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv
from sklearn.metrics import average_precision_score, f1_score

F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.str_]

_BINS = 10
_DRAWS = 1000
_DOUBT = 0.05


def interval(values: F64, seed: int = 0) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean of values, shape (n,)."""
    drawn = np.random.default_rng(seed).integers(0, len(values), (_DRAWS, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)


def share_interval(hits: int, count: int) -> tuple[float, float]:
    """The exact 95 % interval of a share, for ``hits`` of ``count`` (1 or more).

    Clopper and Pearson, 1934. It does not shrink to a point where all or none are hits, as the
    bootstrap's does.
    """
    low = betaincinv(hits, count - hits + 1, _DOUBT / 2) if hits else 0.0
    high = betaincinv(hits + 1, count - hits, 1 - _DOUBT / 2) if hits < count else 1.0
    return float(low), float(high)


def macro_f1(truth: Labels, found: Labels) -> float:
    """The mean of the classes' F1 over the classes that occur in the truth."""
    classes = sorted(set(truth.tolist()))
    score = f1_score(truth, found, labels=classes, average="macro", zero_division=0.0)
    return float(score)


def calibration_error(probability: F64, is_right: Flags) -> float:
    """Expected calibration error over ten bins of equal mass, debiased.

    The expected share of sampling noise is taken out of each bin's squared gap (Kumar, Liang
    and Ma, 2019, "Verified uncertainty calibration"), so that few messages do not look worse.
    """
    order = np.argsort(probability, kind="stable")
    total = 0.0
    for part in np.array_split(order, _BINS):
        if len(part) < 2:
            continue
        rate = is_right[part].mean()
        noise = rate * (1 - rate) / (len(part) - 1)
        gap = (probability[part].mean() - rate) ** 2 - noise
        total += len(part) * max(float(gap), 0.0)
    return float(np.sqrt(total / len(order)))


def coverage(probability: F64, is_right: Flags, precision: float) -> tuple[float, float]:
    """The largest share of messages, surest first, of which ``precision`` are right.

    Returns
    -------
    share, limit
        The share (0–1) and the least probability in it; 0 and 1 where there is none.
    """
    order = np.argsort(-probability, kind="stable")
    rate = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(rate >= precision)
    if not len(enough):
        return 0.0, 1.0
    return float((enough[-1] + 1) / len(order)), float(probability[order[enough[-1]]])


def safe_limit(probability: F64, is_right: Flags, precision: float) -> float:
    """The least probability from which on the messages keep a precision, with 95 % confidence.

    What a few messages show by chance is no ground to let others pass. So it is not the plain
    fraction of :func:`coverage` that must reach the precision but its exact one-sided lower
    bound (Clopper and Pearson, 1934, "The use of confidence or fiducial limits illustrated in
    the case of the binomial"): 95 % takes 59 messages without an error, 98 % takes 149. The bound
    is of each limit for itself; that the lowest of many is chosen is not corrected for.

    Parameters
    ----------
    probability, is_right
        Held-out answers, shape (messages,).
    precision
        The share (0–1) that should be right.

    Returns
    -------
    float
        The limit (0–1); 1 where none is shown to keep the precision.
    """
    order = np.argsort(-probability, kind="stable")
    ranked, right = probability[order], np.cumsum(is_right[order])
    counts = np.arange(1, len(order) + 1)
    bound = np.where(right, betaincinv(np.maximum(right, 1), counts - right + 1, _DOUBT), 0.0)
    is_last = np.append(ranked[1:] < ranked[:-1], True)[: len(ranked)]  # equal ones pass together
    enough = np.flatnonzero((bound >= precision) & is_last)
    return float(ranked[enough[-1]]) if len(enough) else 1.0


def least_count(precision: float) -> int:
    """How many right answers without an error it takes to show a precision (0–1, below 1)."""
    return math.ceil(math.log(_DOUBT) / math.log(precision))


def urgency(probability: F64, is_urgent: Flags, flagged: float) -> tuple[float, float, float]:
    """Average precision; and, when the likeliest ``flagged`` share is flagged, recall and limit."""
    count = max(1, int(flagged * len(probability)))
    order = np.argsort(-probability, kind="stable")[:count]
    recall = is_urgent[order].sum() / max(1, is_urgent.sum())
    precision = average_precision_score(is_urgent, probability)
    return float(precision), float(recall), float(probability[order[-1]])
