"""Cross-validation: scores of messages by a model that has not seen them or their near copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.examples import Example
from training.heads_fit import Material, Plan, fit_heads
from training.near_copies import folds, group_near_copies

F64 = npt.NDArray[np.float64]

FOLDS = 5
_SEED = 20190700


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What fits without a message say of it.

    ``fold``, the fold of each message, has shape (messages,); ``scores`` (messages, columns);
    ``known``, the share of a message's n-grams that the fit knew, (messages,).
    """

    fold: npt.NDArray[np.intp]
    scores: F64
    known: F64


def hold_out(
    messages: Sequence[Example],
    material: Material,
    plan: Plan,
    progress: Callable[[int, int], None],
) -> HeldOut:
    """Score each message by a fit without its fold.

    Parameters
    ----------
    messages, material, plan
        See ``heads_fit``.
    progress
        Is told after each fold how many are done, and of how many.
    """
    fold = folds(group_near_copies([message.text for message in messages]), FOLDS, _SEED)
    scores = np.empty((len(messages), material.targets.shape[1]))
    known = np.empty(len(messages))
    for number in range(FOLDS):
        vocabulary, linear = fit_heads(material.select(np.flatnonzero(fold != number)), plan)
        held_out = np.flatnonzero(fold == number)
        counts = material.counts[held_out]
        scores[held_out] = linear.scores(vocabulary.vectors(counts))
        known[held_out] = vocabulary.known(counts)
        progress(number + 1, FOLDS)
    return HeldOut(fold, scores, known)
