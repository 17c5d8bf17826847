"""Scoring: texts to scores, by the compiled part where it was built and by numpy where not.

Both ways give the same to the last bit; the compiled one is several times as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Protocol

import numpy as np

from classifier.compiled import find_compiled
from classifier.judging.features import Text, families, window_of
from classifier.judging.weights import F32, Weights

Runs = list[tuple[int, int]]


# The compiled part; None where there is none, and then numpy does all.
compiled = find_compiled("_scoring")


class Scoring(Protocol):
    """Scores texts by the weights of a model."""

    def of(self, texts: Sequence[Text]) -> tuple[F32, list[float]]:
        """The scores of one text or some dozens.

        Returns
        -------
        array, shape (texts, columns)
            The ``Weights.scores`` of each.
        list of float
            The share of each text's n-grams that is known.
        """


def scoring(weights: Weights) -> Scoring:
    """The fastest way there is to score texts by some weights."""
    return NumpyScoring(weights) if compiled is None else CompiledScoring(weights, compiled)


class NumpyScoring:
    """Scoring that is always there."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def of(self, texts: Sequence[Text]) -> tuple[F32, list[float]]:
        """See :class:`Scoring`."""
        if len(texts) > 1:
            return self._weights.scores_many(texts)
        found = self._weights.look_up(texts[0])
        return self._weights.scores(found)[None], [found.known]


class CompiledScoring:
    """Scoring by the compiled part."""

    def __init__(self, weights: Weights, module: ModuleType) -> None:
        self._scheme = weights.scheme
        orders, multipliers = families(weights.scheme)
        pairs = multipliers.reshape(2, -1).T.tolist()
        self._scores = module.TextScores(
            weights.table,
            weights.strengths,
            weights.rows,
            weights.columns,
            [(*order, tuple(pair)) for order, pair in zip(orders, pairs, strict=True)],
            weights.scheme.bits,
            weights.scheme.opening_share**0.5,
        )

    def of(self, texts: Sequence[Text]) -> tuple[F32, list[float]]:
        """See :class:`Scoring`."""
        found: tuple[F32, list[float]] = self._scores.of(
            [window_of(text, self._scheme) for text in texts]
        )
        return found


def likeliest(shares: F32, runs: Runs, count: int) -> list[list[list[int]]]:
    """The places of the greatest shares, for each row of ``shares`` within each run of columns.

    Parameters
    ----------
    shares
        Shape (n, columns), no NaN.
    runs
        The first column of each run and one behind its last.
    count
        How many places at most.

    Returns
    -------
    list of list of list of int
        Counted from the beginning of the run, greatest first; of equal shares the first.
    """
    if compiled is not None:
        found: list[list[list[int]]] = compiled.likeliest(shares, runs, count)
        return found
    falling = np.negative(shares)
    orders = [falling[:, slice(*run)].argsort(axis=-1, kind="stable") for run in runs]
    return [[order[row, :count].tolist() for order in orders] for row in range(len(shares))]
