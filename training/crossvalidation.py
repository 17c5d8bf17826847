"""Cross-validation: scores of messages by a model that has not seen them or their near copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from training.examples import Example
from training.heads_fit import Material, Plan, fit_heads
from training.near_copies import folds, group_near_copies

F64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

FOLDS = 5
_SEED = 20190700
# Each fit is computed in one thread and needs some gigabytes, so no more run at a time.
_AT_A_TIME = 2


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What fits without a message say of it.

    ``fold``, the fold of each message, has shape (messages,); ``scores`` (messages, columns);
    ``known``, the share of a message's n-grams that the fit knew, (messages,).
    """

    fold: Places
    scores: F64
    known: F64


def hold_out(
    examples: Sequence[Example],
    measured: int,
    material: Material,
    plan: Plan,
    progress: Callable[[int, int], None],
) -> HeldOut:
    """Score each measured message by a fit without its fold.

    Parameters
    ----------
    examples
        The measured messages, then all that is learned from beside them. What is a near copy of
        a measured message is left out together with it.
    measured
        How many are measured.
    material, plan
        See ``heads_fit``; ``material`` is of ``examples``.
    progress
        Is told after each fold how many are done, and of how many.
    """
    groups = group_near_copies([example.text for example in examples])
    fold = folds(groups, FOLDS, _SEED)
    fold[~np.isin(groups, groups[:measured])] = FOLDS  # never held out
    scores = np.empty((measured, material.targets.shape[1]))
    known = np.empty(measured)
    tasks = (delayed(_score_fold)(material, plan, fold, measured, n) for n in range(FOLDS))
    parallel = Parallel(n_jobs=_AT_A_TIME, return_as="generator")
    for number, found in enumerate(parallel(tasks)):
        held_out = np.flatnonzero(fold[:measured] == number)
        scores[held_out], known[held_out] = found
        progress(number + 1, FOLDS)
    return HeldOut(fold[:measured], scores, known)


def _score_fold(
    material: Material, plan: Plan, fold: Places, measured: int, number: int
) -> tuple[F64, F64]:
    vocabulary, linear = fit_heads(material.select(np.flatnonzero(fold != number)), plan)
    counts = material.counts.of(np.flatnonzero(fold[:measured] == number))
    vectors = vocabulary.vectors(counts, plan.scheme.opening_share)
    return linear.scores(vectors), vocabulary.known(counts)
