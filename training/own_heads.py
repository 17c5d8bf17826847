"""Heads of any labels: their columns, and what scaled scores answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from classifier.judging.calibration import Groups, softmax, straightened
from classifier.judging.heads import Head, Line
from training.measures import Answered
from training.rows import LabelledRow, label_counts
from training.scaling import fit_odds, fit_vector_scaling, log_odds

F64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_ENOUGH, _ENOUGH_WRONG = 200, 10
_SECOND_WEIGHT = 0.6  # beside 1 for the first: where heads_fit.Plan puts it between no and yes


def own_heads(
    rows: Sequence[LabelledRow], names: Sequence[str], first: int = 0
) -> tuple[Head, ...]:
    """A head for each name, with the labels of the rows in order; columns from ``first`` on."""
    heads: list[Head] = []
    for name in names:
        labels = tuple(sorted(label_counts(rows, name)))
        heads.append(Head(name, labels, first))
        first += len(labels)
    return tuple(heads)


def told(rows: Sequence[LabelledRow], head: Head) -> Places:
    """The places of the rows that tell the label of a head."""
    return np.flatnonzero([row.labels.get(head.name) in head.labels for row in rows])


def truth_of(rows: Sequence[LabelledRow], head: Head, places: Places) -> Places:
    """The place in the head of the label of each of these rows."""
    place = {label: index for index, label in enumerate(head.labels)}
    return np.array([place[rows[row].labels[head.name]] for row in places.tolist()], np.intp)


def wanted_of(rows: Sequence[LabelledRow], head: Head, places: Places) -> F64:
    """The share that each label should have in each of these rows, shape (places, labels).

    It is 1 for the label alone; with a second acceptable one the two share it.
    """
    given = [rows[row] for row in places.tolist()]
    labels = np.array(head.labels)
    second = np.array([row.seconds.get(head.name, "") for row in given])
    is_second = second[:, None] == labels
    wanted = np.where(is_second, _SECOND_WEIGHT, 0.0)
    wanted[np.arange(len(given)), truth_of(rows, head, places)] = 1.0
    return np.asarray(wanted / wanted.sum(axis=1, keepdims=True))


def scale_head(scores: F64, rows: Sequence[LabelledRow], head: Head) -> F64:
    """A factor and an offset a label, shape (2, labels), fitted to held-out scores.

    ``scores`` has shape (rows, labels of the head). Other than the desk's, these leave the
    labels' frequencies as they are: the rows are the user's own.
    """
    known = told(rows, head)
    return fit_vector_scaling(scores[known], truth_of(rows, head, known), less_prior=0.0)


def cross_scaled(scores: F64, fold: Places, rows: Sequence[LabelledRow], head: Head) -> F64:
    """Scores scaled by what was fitted without their own fold: shape as ``scores``."""
    found = np.empty_like(scores)
    for number in np.unique(fold):
        others = np.flatnonzero(fold != number)
        factors, offsets = scale_head(scores[others], [rows[i] for i in others.tolist()], head)
        found[fold == number] = scores[fold == number] * factors + offsets
    return found


def answered(scores: F64, rows: Sequence[LabelledRow], head: Head) -> Answered:
    """What scaled scores, shape (rows, labels of the head), say of the rows that tell a label.

    The probability is straightened by the head's line.
    """
    known = told(rows, head)
    shares = softmax(scores[known], Groups.of_sizes([len(head.labels)]))
    labels = np.array(head.labels)
    given = [rows[row] for row in known.tolist()]
    probability = [straightened(share, head.slope, head.offset) for share in shares.max(axis=1)]
    return Answered.of(
        np.array([row.labels[head.name] for row in given]),
        np.array([row.seconds.get(head.name, "") for row in given]),
        labels[shares.argmax(axis=1)],
        np.array(probability),
    )


def fit_line(found: Answered) -> Line:
    """The line that straightens the best label's share; none where too little is known for one."""
    is_right = found.is_right
    if len(is_right) < _ENOUGH or np.count_nonzero(~is_right) < _ENOUGH_WRONG:
        return 1.0, 0.0
    return fit_odds(log_odds(found.probability), is_right)
