"""Pair model: how probable it is that two messages are about the same matter.

A logistic model fitted on judged pairs turns the evidence of two profiles into two
probabilities: *same matter* and *same text again*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.errors import ModelFileError
from classifier.matching.agreement import agreement, shortlist, subject_cosine
from classifier.matching.doubt import SAME_TEXT, Doubt, find_doubt
from classifier.matching.pair_evidence import EVIDENCE, pair_evidence
from classifier.matching.profile import Records
from classifier.matching.term_statistics import TermStatistics, expand
from classifier.modelfile import Section

F32 = npt.NDArray[np.float32]

EVIDENCE_ZH = {
    "words": "用词相近",
    "title_words": "标题用词相近",
    "title_in_other": "标题内容见于对方",
    "title_in_other_both": "双方标题互见",
    "title_hit": "标题中的少见词见于对方",
    "rarest": "共有少见词",
    "rare_sum": "共有多个少见词",
    "name": "提到同一名称",
    "name_words": "提到同一名称，用词相近",
    "topic": "主题和承办单位相近",
    "words_topic": "用词和主题都相近",
    "name_topic": "提到同一名称，主题相近",
    "resemblance": "文字相近",
    "covered": "大段文字相同",
    "covered_most": "大部分文字相同",
    "same_sender": "同一来信人",
    "said_again": "同一来信人再次来信",
    "same_place": "同一地点",
    "log_days": "时间相近",
}
_TERMS = ("words", "names")
_RESEMBLANCE, _SENDER = EVIDENCE.index("resemblance"), EVIDENCE.index("same_sender")
_OTHER_TITLE_PLACE, _SAME_PLACE, _OTHER_DISTRICT = map(
    EVIDENCE.index, ("other_title_place", "same_place", "other_district")
)
_SHORTLIST, _FEWEST_SHARED = 8, 0.1
_SPEAKS = 0.3
_UNSURE = 0.5
_MOST_ALIKE = 0.999  # of texts that are not the very same: a sketch cannot tell them from those


@dataclass(frozen=True, slots=True)
class PairScore:
    """How a message stands to one other.

    ``same`` and ``copy`` are probabilities (same matter; the same submission again),
    ``likeness`` is the cosine of the two texts' runs of letters (1 for the same text),
    ``evidence`` is the row of ``pair_evidence``, ``doubt`` what holds both probabilities at a half.
    """

    same: float
    copy: float
    likeness: float
    is_same_sender: bool
    evidence: F32
    doubt: Doubt = Doubt.NONE

    @property
    def is_same_text(self) -> bool:
        """Whether it is the other's text, whole or edited, and no form letter."""
        return self.likeness >= SAME_TEXT and not self.doubt

    @property
    def names_elsewhere(self) -> bool:
        """Whether another person's title names another district, and nothing the same place."""
        evidence = self.evidence
        is_elsewhere = evidence[_OTHER_TITLE_PLACE] > 0 and evidence[_OTHER_DISTRICT] > 0
        return bool(is_elsewhere and not (evidence[_SAME_PLACE] > 0 or self.is_same_sender))


class JoinPoint(NamedTuple):
    """What joins from a ``probability`` on is right with a ``precision``, and is a ``share`` of all
    that belongs together; all of them 0–1.
    """

    probability: float
    precision: float
    share: float


def _likeness(length: int, their_length: int, resemblance: np.float32) -> float:
    """The cosine of both texts' sets of runs of letters, from their resemblance and lengths."""
    length, their_length = length + 1, their_length + 1
    common = float(resemblance) * (length + their_length) / float(1.0 + resemblance)
    return min(common / sqrt(length * their_length), 1.0)


@dataclass(frozen=True, slots=True)
class PairModel:
    """Two logistic models over the evidence: *same matter* and *same text again*.

    Parameters
    ----------
    statistics
        Matter frequencies that profiles are made with.
    weights
        Shape (2, 1 + len(EVIDENCE)): an intercept and a weight an evidence.
    curve
        What is known of its precision, by ascending probability; empty of an older file.
    """

    NEEDED: ClassVar[str] = "pairs.weights"

    statistics: TermStatistics
    weights: F32
    curve: tuple[JoinPoint, ...] = ()

    @classmethod
    def from_sections(cls, section: Callable[[str], Section]) -> PairModel:
        """The pair model of a model file, whose arrays ``section`` gives by name.

        Raises
        ------
        ModelFileError
            An array is missing, of another shape or for other evidence, or not finite. Evidence
            that was not known when the file was made weighs nothing.
        """
        try:
            words, names = (expand(section(f"pairs.idf.{part}").array) for part in _TERMS)
            weights, told = section(cls.NEEDED)
        except KeyError as error:
            raise ModelFileError(reason="并案模型不完整") from error
        is_sound = all(a.ndim == 1 and len(a).bit_count() == 1 for a in (words, names))
        places = _places(told.get("evidence"))
        if not is_sound or weights.shape != (2, 1 + len(places)):
            raise ModelFileError(reason="并案模型的大小不符")
        if not np.isfinite(weights).all():
            raise ModelFileError(reason="并案模型的权重不是数")
        placed = np.zeros((2, 1 + len(EVIDENCE)), weights.dtype)
        placed[:, [0, *places]] = weights
        return cls(TermStatistics(words, names), placed, _read_curve(told.get("curve", [])))

    def least_for(self, precision: float) -> JoinPoint | None:
        """The lowest probability from which joining is as precise (0–1); None where none is."""
        return next((point for point in self.curve if point.precision >= precision), None)

    def compare(self, one: Records, many: Records) -> list[tuple[int, PairScore]]:
        """Score a profile against those of many that may be on the same matter.

        Returns
        -------
        list of (int, PairScore)
            The place among the many and the score, at most ``_SHORTLIST``: of those that share
            the most weight of words, or the very text. Whoever shares no words has no matter in
            common.
        """
        best = shortlist(one, many, self.statistics, _SHORTLIST, _FEWEST_SHARED)
        return list(zip(best, self.score(one, many.take(best)), strict=True)) if best else []

    def score(self, one: Records, many: Records) -> list[PairScore]:
        """Score a profile against many; one ``PairScore`` each, in order."""
        found = agreement(one, many, self.statistics)
        evidence = pair_evidence(one, many, self.statistics, found)
        logits = evidence @ self.weights[:, 1:].T + self.weights[:, 0]
        probabilities = 1.0 / (1.0 + np.exp(-np.minimum(np.maximum(logits, -30.0), 30.0)))
        length = int(one["length"])
        likeness = (
            _likeness(length, their_length, row[_RESEMBLANCE])
            for their_length, row in zip(many["length"].tolist(), evidence, strict=True)
        )
        is_identical = (many["digest"] == one["digest"]).tolist()
        columns = probabilities.tolist(), likeness, is_identical, evidence
        scores = (_pair_score(*each) for each in zip(*columns, strict=True))
        subject = subject_cosine(one, many, found).tolist()
        return [
            self._doubted(score, one, other, of_subject) if _may_be_one(score) else score
            for score, other, of_subject in zip(scores, many, subject, strict=True)
        ]

    def _doubted(self, score: PairScore, one: Records, other: Records, subject: float) -> PairScore:
        """The score where something that no evidence may outweigh speaks against one matter."""
        doubt = find_doubt(one, other, self.statistics, score.evidence, score.likeness, subject)
        if not doubt:
            return score
        same, copy = min(score.same, _UNSURE), min(score.copy, _UNSURE)
        return replace(score, same=same, copy=copy, doubt=doubt)

    def reasons(self, score: PairScore) -> tuple[str, ...]:
        """The evidence that spoke most for the same matter, and what is in doubt, in Chinese."""
        if score.likeness == 1.0:
            return ("全文相同",)
        parts = score.evidence * self.weights[0, 1:]
        best = [index for index in np.argsort(-parts)[:4] if parts[index] > _SPEAKS]
        told = [EVIDENCE_ZH[EVIDENCE[i]] for i in best if EVIDENCE[i] in EVIDENCE_ZH]
        return (*told, score.doubt.reason_zh) if score.doubt else tuple(told)


def _pair_score(
    probabilities: Sequence[float], likeness: float, is_identical: bool, row: F32
) -> PairScore:
    """The score of a pair by its probabilities; that of the very same text is certain."""
    is_same_sender = bool(row[_SENDER])
    if is_identical:
        return PairScore(1.0, 1.0, 1.0, is_same_sender, row)
    same, copy = probabilities
    return PairScore(same, copy, min(likeness, _MOST_ALIKE), is_same_sender, row)


def _may_be_one(score: PairScore) -> bool:
    """Whether something could be decided that a doubt forbids."""
    is_likely = max(score.same, score.copy) > _UNSURE or score.likeness >= SAME_TEXT
    return is_likely and score.likeness < 1.0


def _read_curve(points: Any) -> tuple[JoinPoint, ...]:
    try:
        curve = tuple(JoinPoint(*map(float, point)) for point in points)
    except (TypeError, ValueError) as error:
        raise ModelFileError(reason="并案的准确率对照不完整") from error
    if not all(0.0 <= number <= 1.0 for point in curve for number in point):
        raise ModelFileError(reason="并案的准确率对照不是 0 到 1 的数")
    return tuple(sorted(curve))


def _places(evidence: object) -> list[int]:
    """Where the weights of a file's kinds of evidence stand, from 1 on."""
    names = evidence if isinstance(evidence, list) else []
    known = {name: place for place, name in enumerate(EVIDENCE, 1)}
    places = [known.get(name, 0) for name in names if isinstance(name, str)]
    if not names or len(set(places)) < len(names) or 0 in places:
        raise ModelFileError(reason="并案模型用的是另一种依据")
    return places
