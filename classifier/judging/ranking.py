"""Ranking: which labels of each head are the likeliest for a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from classifier.judging.calibration import sigmoid, straightened
from classifier.judging.heads import NO, Head
from classifier.judging.judgement import Verdict
from classifier.judging.scoring import likeliest
from classifier.judging.weights import F32

_ALTERNATIVES = 3


class Ranked(NamedTuple):
    """What a message's scores say of the labels.

    Parameters
    ----------
    scores
        A score a column.
    shares
        The share of each label within its head: those that have columns, then any others.
    best
        The places of the likeliest labels within each head by its name, likeliest first.
    """

    scores: F32
    shares: list[float]
    best: dict[str, list[int]]


class Ranking:
    """Ranks the labels of some heads, none of which is a yes-or-no question."""

    def __init__(self, heads: Iterable[Head]) -> None:
        heads = tuple(heads)
        self._names = [head.name for head in heads]
        self._runs = [(head.columns.start, head.columns.stop) for head in heads]

    def of(self, scores: F32, shares: F32) -> list[Ranked]:
        """Rank for each of some messages; both have a row a message."""
        places = likeliest(shares, self._runs, _ALTERNATIVES + 1)
        best = [dict(zip(self._names, each, strict=True)) for each in places]
        return list(map(Ranked, scores, shares.tolist(), best))


def yes_or_no(head: Head, score: float, limit: float) -> Verdict:
    """The verdict of a head with one column: yes from the probability ``limit`` on."""
    yes = sigmoid(score)
    sides = (head.labels[0], yes), (NO, 1.0 - yes)
    said, other = sides if yes >= limit else sides[::-1]
    return Verdict(*said, (other,))


def best_of(head: Head, ranked: Ranked, best: int | None = None) -> Verdict:
    """The best label of a head, or the one at place ``best``, with the likeliest others.

    The best label's share is straightened; the others divide what is left as before.
    """
    labels, first, shares = head.labels, head.first, ranked.shares
    order = ranked.best[head.name]
    best = order[0] if best is None else best
    share = shares[first + best]
    probability = straightened(share, head.slope, head.offset)
    left = (1.0 - probability) / max(1.0 - share, 1e-9)
    others = [(labels[at], min(shares[first + at] * left, 1.0)) for at in order if at != best]
    return Verdict(labels[best], probability, tuple(others[:_ALTERNATIVES]))


def yes_probability(verdict: Verdict) -> float:
    """The probability of yes that :func:`yes_or_no` found."""
    return verdict.alternatives[0][1] if verdict.label == NO else verdict.probability
