"""Scaling: fitted numbers that turn held-out scores into probabilities.

Each label has a factor and an offset of its own (vector scaling; Guo and others, 2017, "On
calibration of modern neural networks"): ridge regression reaches for a rare label with too short
an arm, and this lengthens it. Part of each label's log frequency is then taken away, since the
next county's frequencies are others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_expit, log_softmax, logit
from threadpoolctl import threadpool_limits

from classifier.judging.heads import URGENT, Head, Line
from training.desk import QUESTIONS, Answers, labels_of
from training.examples import YES, Example

F64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_START = 5.0
_PULL = 0.3
_LESS_PRIOR = 0.3
_LEAST = 1e-6


def fit_scaling(scores: F64, heads: Sequence[Head], examples: Sequence[Example]) -> F64:
    """Factors and offsets for scores, fitted to held-out ones.

    Parameters
    ----------
    scores
        Held-out scores, shape (examples, columns).
    heads
        The heads of the columns, in order.
    examples
        The truth.

    Returns
    -------
    array of float64, shape (2, columns)
        Scores are to be multiplied with the first row, and the second to be added.
    """
    with threadpool_limits(1):
        parts = [_fit_head(scores[:, head.columns], head, examples) for head in heads]
    return np.hstack(parts)


def cross_scaled(
    scores: F64, fold: Places, heads: Sequence[Head], examples: Sequence[Example]
) -> F64:
    """Scores scaled by what was fitted without their own fold: shape as ``scores``."""
    found = np.empty_like(scores)
    for number in np.unique(fold):
        others = np.flatnonzero(fold != number)
        told = [examples[index] for index in others.tolist()]
        factors, offsets = fit_scaling(scores[others], heads, told)
        found[fold == number] = scores[fold == number] * factors + offsets
    return found


def _fit_head(scores: F64, head: Head, examples: Sequence[Example]) -> F64:
    truth = labels_of(examples, head.name)
    if head.name == URGENT:
        return np.array(fit_odds(scores[:, 0], truth == YES))[:, None]
    place = {label: index for index, label in enumerate(head.labels)}
    return fit_vector_scaling(scores, np.array([place[label] for label in truth.tolist()]))


def fit_vector_scaling(scores: F64, truth: Places, less_prior: float = _LESS_PRIOR) -> F64:
    """A factor and an offset for each label: shape (2, labels).

    ``scores`` has shape (messages, labels); ``truth``, the place of each message's label,
    (messages,); ``less_prior`` is the part of each label's log frequency that is taken away.
    Both are pulled towards what all labels share, so that a label of few messages
    does not run away.
    """
    messages, labels = scores.shape
    row = np.arange(messages)

    def surprise(point: F64) -> tuple[float, F64]:
        factors, offsets = np.exp(point[:labels]) * _START, point[labels:]
        shares = log_softmax(scores * factors + offsets, axis=1)
        total = -shares[row, truth].sum() + _PULL * np.square(point).sum()
        slope = np.exp(shares)
        slope[row, truth] -= 1.0
        by_factor = (slope * scores).sum(axis=0) * factors
        return float(total), np.r_[by_factor, slope.sum(axis=0)] + 2 * _PULL * point

    start = np.zeros(2 * labels)
    point = minimize(surprise, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    frequency = (np.bincount(truth, minlength=labels) + 1.0) / (messages + labels)
    offsets = point[labels:] - less_prior * np.log(frequency)
    return np.stack([np.exp(point[:labels]) * _START, offsets])


def fit_lines(answers: Answers) -> dict[str, Line]:
    """For each question the line that straightens the best label's share."""
    lines = {}
    for question in QUESTIONS:
        odds = log_odds(answers.probability[question])
        lines[question] = fit_odds(odds, answers.is_right[question])
    return lines


def log_odds(shares: F64) -> F64:
    """The log odds of shares (0–1), kept finite."""
    return np.asarray(logit(np.clip(shares, _LEAST, 1 - _LEAST)))


def fit_odds(scores: F64, is_yes: npt.NDArray[np.bool_]) -> Line:
    """Factor and offset that turn a score into the log odds of a yes (Platt, 1999).

    ``scores`` and ``is_yes`` have shape (messages,). The factor is above 0: a higher score
    never speaks against.
    """
    signs = np.where(is_yes, 1.0, -1.0)

    def surprise(line: F64) -> float:
        return -float(log_expit(signs * (np.exp(line[0]) * scores + line[1])).mean())

    found = minimize(surprise, np.zeros(2), method="L-BFGS-B", bounds=((-5, 5), (-20, 20))).x
    return float(np.exp(found[0])), float(found[1])
