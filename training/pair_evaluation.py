"""How well the pair model tells pairs apart that it was not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, precision_recall_curve

from classifier.matching.agreement import RARE
from classifier.matching.pair_evidence import EVIDENCE, F32
from classifier.matching.pair_model import JoinPoint, PairModel
from classifier.matching.profile import Records
from classifier.matching.term_statistics import TermStatistics
from training.near_copies import folds
from training.pairs import (
    COPY,
    SAME,
    JudgedPair,
    PairText,
    evidence_of,
    fit_weights,
    is_any_of,
    matters_of,
    profiles_of_pairs,
)
from training.term_statistics import fit_term_statistics

F64 = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

FOLDS = 10
_SEED = 20190700
_RESAMPLES = 1000
_SURE = 0.95
_LEAST_JOIN = 51  # hundredths
_FEW_WORDS, _MUCH_LONGER, _HALF, _LONG_DAYS = 0.3, 3.0, 0.5, 90.0
_WANTED = {"same": SAME, "copy": COPY}


class Quality(NamedTuple):
    """Average precision, the best F1, and recall where precision is 0.95 at least."""

    average_precision: float
    best_f1: float
    recall_at_precision_95: float


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs with the probabilities of a model that was not fitted on them.

    ``truth`` and ``found`` hold an array of shape (pairs,) for "same" and for "copy",
    ``evidence`` is that of ``pair_evidence``; ``group`` numbers the matters of the pairs.
    """

    truth: Mapping[str, Bools]
    found: Mapping[str, F64]
    evidence: F32
    group: Places

    @property
    def cosine(self) -> F32:
        """That of the words alone, shape (pairs,)."""
        return _column(self.evidence, "words")


def fold_of_pairs(pairs: Sequence[JudgedPair], seed: int = _SEED) -> Places:
    """A fold for each pair, all messages of one matter on the same side; shape (pairs,)."""
    return folds(_groups(pairs), FOLDS, seed)


def cross_fitted_weights(evidence: F32, pairs: Sequence[JudgedPair], fold: Places) -> list[F32]:
    """For each fold the weights that were fitted on all others."""
    fitted = []
    for number in range(FOLDS):
        rest = fold != number
        others = [pair for pair, is_in in zip(pairs, rest, strict=True) if is_in]
        fitted.append(fit_weights(evidence[rest], others))
    return fitted


def score_unseen(texts: Mapping[str, PairText], pairs: Sequence[JudgedPair]) -> Scored:
    """Score each pair by a model fitted without its matter."""
    compared = _compared(texts, pairs)
    fold = fold_of_pairs(pairs)
    found = np.empty((len(pairs), 2))
    for number, weights in enumerate(cross_fitted_weights(compared.evidence, pairs, fold)):
        found[fold == number] = compared.scored_by(weights, np.flatnonzero(fold == number))
    return _scored(pairs, compared.evidence, found)


def score_held_out(
    texts: Mapping[str, PairText], pairs: Sequence[JudgedPair], held_out: Sequence[JudgedPair]
) -> Scored:
    """Score pairs by a model fitted on others."""
    weights = fit_weights(_compared(texts, pairs).evidence, pairs)
    compared = _compared(texts, held_out)
    found = compared.scored_by(weights, np.arange(len(held_out)))
    return _scored(held_out, compared.evidence, found)


def figures(scored: Scored) -> dict[str, dict[str, float | str]]:
    """The figures of both questions, each with its 95 % interval, and those of the cosine."""
    found: dict[str, dict[str, float | str]] = {}
    for name, truth in scored.truth.items():
        own = quality(truth, scored.found[name])
        low, high = _interval(truth, scored.found[name], scored.group)
        plain = average_precision_score(truth, scored.cosine)
        found[name] = {
            **{key: round(value, 4) for key, value in own._asdict().items()},
            **{
                f"{key}_interval": f"{start:.3f}–{end:.3f}"
                for key, start, end in zip(own._fields, low, high, strict=True)
            },
            "average_precision_of_cosine": round(float(plain), 4),
        }
    return found


def errors(scored: Scored, question: str, limit: float) -> dict[str, dict[str, int]]:
    """What is wrong and what is missed of "same" or "copy" where pairs count from a limit (0–1) on.

    By kind: how many of each have what the kind's name says, and lie in how many matters.
    """
    truth, counted = scored.truth[question], scored.found[question] >= limit
    kinds = _kinds(scored)
    found = {}
    for name, which in {
        "found": truth & counted,
        "wrong": ~truth & counted,
        "missed": truth & ~counted,
    }.items():
        found[name] = {
            "pairs": int(which.sum()),
            "matters": len(np.unique(scored.group[which])),
            **{kind: int((which & has).sum()) for kind, has in kinds.items()},
        }
    return found


def precision_curve(scored: Scored) -> list[JoinPoint]:
    """How precise joining is from each hundredth of probability on, and the share it finds.

    From a half on, which a person must be asked about; up to where something is found.
    """
    truth, found = scored.truth["same"], scored.found["same"]
    curve = []
    for probability in np.arange(_LEAST_JOIN, 100) / 100:
        joins = found >= probability
        if joins.any():
            right = float((joins & truth).sum())
            precision, share = right / float(joins.sum()), right / float(truth.sum())
            curve.append(JoinPoint(float(probability), round(precision, 4), round(share, 4)))
    return curve


def asked(scored: Scored, least: float, limit: float) -> dict[str, int]:
    """How many pairs a person is asked about, from one probability on to another, and are right."""
    is_asked = (scored.found["same"] >= least) & (scored.found["same"] < limit)
    return {"pairs": int(is_asked.sum()), "right": int((is_asked & scored.truth["same"]).sum())}


def _kinds(scored: Scored) -> dict[str, Bools]:
    def column(name: str) -> F32:
        return _column(scored.evidence, name)

    return {
        "the same submission": scored.truth["copy"],
        "the same sender": column("same_sender") > 0,
        "a rare name in common": column("name") > RARE,
        "no name in common": column("name") == 0,
        "cosine of words below 0.3": column("words") < _FEW_WORDS,
        "one three times as long": column("log_length_ratio") > np.log(_MUCH_LONGER),
        "topics agree by less than half": column("topic") < _HALF,
        "different places named": column("other_place") > 0,
        "more than 90 days apart": column("log_days") > np.log1p(_LONG_DAYS),
    }


def _column(evidence: F32, name: str) -> F32:
    column: F32 = evidence[:, EVIDENCE.index(name)]
    return column


def quality(truth: Bools, found: F64) -> Quality:
    """How well a score tells the true ones from the others."""
    precision, recall, _ = precision_recall_curve(truth, found)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    average = float(average_precision_score(truth, found))
    return Quality(average, float(f1.max()), float(recall[precision >= _SURE].max()))


@dataclass(frozen=True, slots=True)
class _Compared:
    """Pairs of profiles and their evidence."""

    statistics: TermStatistics
    profiles: Sequence[tuple[Records, Records]]
    evidence: F32

    def scored_by(self, weights: F32, places: Places) -> F64:
        """What a model of these weights makes of some pairs, with its doubts.

        Shape (places, 2): the probabilities of both questions.
        """
        model = PairModel(self.statistics, weights)
        found = [
            model.score(one, other)[0] for one, other in map(self.profiles.__getitem__, places)
        ]
        return np.array([(score.same, score.copy) for score in found], np.float64).reshape(-1, 2)


def _compared(texts: Mapping[str, PairText], pairs: Sequence[JudgedPair]) -> _Compared:
    statistics = fit_term_statistics(text.reading for text in texts.values())
    profiles = profiles_of_pairs(texts, pairs, statistics)
    return _Compared(statistics, profiles, evidence_of(profiles, statistics))


def _scored(pairs: Sequence[JudgedPair], evidence: F32, found: F64) -> Scored:
    return Scored(
        truth={name: is_any_of(pairs, wanted) for name, wanted in _WANTED.items()},
        found={name: found[:, column] for column, name in enumerate(_WANTED)},
        evidence=evidence,
        group=_groups(pairs),
    )


def _groups(pairs: Sequence[JudgedPair]) -> Places:
    return np.asarray(np.unique(matters_of(pairs), return_inverse=True)[1], np.intp)


def _interval(truth: Bools, found: F64, group: Places) -> tuple[F64, F64]:
    """What 95 % of resamples of whole matters give (Efron's percentile bootstrap)."""
    members = [np.flatnonzero(group == number) for number in range(int(group.max()) + 1)]
    draw = np.random.default_rng(_SEED)
    drawn = []
    for _ in range(_RESAMPLES):
        matters = draw.integers(len(members), size=len(members))
        rows = np.concatenate([members[number] for number in matters])
        if truth[rows].any():
            drawn.append(quality(truth[rows], found[rows]))
    low, high = np.percentile(np.array(drawn), [2.5, 97.5], axis=0)
    return low, high
