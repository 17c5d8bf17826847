"""Measures of one question with any labels: what an evaluation tells, in JSON types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_fscore_support

from training import evaluation
from training.curves import PRECISIONS

F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.str_]


_DRAWS = 200
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model said of messages whose label is known. All arrays have shape (messages,).

    Parameters
    ----------
    truth
        The label, or a second acceptable one where that was found.
    found
        The label found, empty where none could be.
    probability
        The probability of the label found (0–1).
    """

    truth: Labels
    found: Labels
    probability: F64

    @property
    def is_right(self) -> Flags:
        """Whether the label found is right."""
        return np.asarray(self.truth == self.found)

    @classmethod
    def of(cls, truth: Labels, second: Labels, found: Labels, probability: F64) -> Answered:
        """With a second acceptable label for each message, empty where there is none."""
        is_second = (second != "") & (found == second)
        return cls(np.where(is_second, found, truth), found, probability)


def measure(answered: Answered) -> dict[str, Any]:
    """All figures of one question, rounded to four digits; shares are 0–1.

    Intervals are of 95 %: exact for the accuracy, by the bootstrap with a fixed seed for the
    calibration error, which is debiased, over ten bins of equal mass; ``coverage`` tells for
    each precision the largest share of messages, surest first, that keeps it, and the least
    probability among them.
    """
    is_right, probability = answered.is_right, answered.probability
    return {
        "rows": len(is_right),
        "accuracy": _rounded(is_right.mean()),
        "accuracy_interval": list(
            map(_rounded, evaluation.share_interval(int(is_right.sum()), len(is_right)))
        ),
        "macro_f1": _rounded(evaluation.macro_f1(answered.truth, answered.found)),
        "calibration_error": _rounded(evaluation.calibration_error(probability, is_right)),
        "calibration_interval": _interval(
            len(is_right),
            lambda drawn: evaluation.calibration_error(probability[drawn], is_right[drawn]),
        ),
        "coverage": {
            f"{precision:.2f}": dict(
                zip(
                    ("share", "limit"),
                    map(_rounded, evaluation.coverage(probability, is_right, precision)),
                    strict=True,
                )
            )
            for precision in PRECISIONS
        },
        "classes": class_table(answered),
    }


def class_table(answered: Answered) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and number of messages (``support``) of each label that occurs."""
    labels = sorted({*answered.truth.tolist(), *answered.found.tolist()} - {""})
    columns = precision_recall_fscore_support(
        answered.truth, answered.found, labels=labels, zero_division=0.0
    )
    names = ("precision", "recall", "f1", "support")
    return {
        label: {name: _rounded(value) for name, value in zip(names, values, strict=True)}
        for label, *values in zip(labels, *columns, strict=True)
    }


def confusion(answered: Answered) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The labels of the truth by number of messages, and how often each was found for each.

    Returns
    -------
    labels, counts
        Row i of ``counts``, shape (labels, labels), has the messages whose truth is label i.
    """
    kinds, counts = np.unique(answered.truth, return_counts=True)
    labels = kinds[np.lexsort((kinds, -counts))].tolist()
    place = {label: number for number, label in enumerate(labels)}
    pairs = zip(answered.truth.tolist(), answered.found.tolist(), strict=True)
    inside = [(place[truth], place[found]) for truth, found in pairs if found in place]
    found = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(found, tuple(np.array(inside, np.intp).reshape(-1, 2).T), 1)
    return labels, found


def _interval(count: int, of: Callable[[npt.NDArray[np.int64]], float]) -> list[float]:
    random = np.random.default_rng(0)
    drawn = [of(random.integers(0, count, count)) for _ in range(_DRAWS)]
    return [_rounded(end) for end in np.quantile(drawn, (0.025, 0.975))]


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS)
