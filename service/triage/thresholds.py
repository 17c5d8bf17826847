"""Thresholds: from which probability on a judgement may go out without a person's look.

What they cost is told by the model file: on messages it had not learnt from, which share passes
at which precision (the risk–coverage curve of El-Yaniv and Wiener, 2010), and for each label the
least probability that keeps a precision among its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from classifier.errors import ModelFileError
from classifier.judging.judgement import Judgement, Verdict
from service.domain.review_policy import QUESTIONS_ZH, ReviewPolicy

NEVER = 1.01  # no probability is as high
_ANY_LABEL = ""  # in a model file: all labels together
_SLACK = 1e-9


class Point(NamedTuple):
    """With the least probability ``limit`` this ``share`` of messages passes, so right (0–1)."""

    limit: float
    share: float
    precision: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a model file tells of its own certainty, by question.

    ``curves`` hold points by ascending share; ``class_limits`` for each label and precision the
    least probability. Both are empty for a model file that tells nothing.
    """

    curves: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    class_limits: Mapping[str, Mapping[str, Mapping[float, float]]] = field(default_factory=dict)

    def tells(self, question: str) -> bool:
        """Whether the file tells anything of a question."""
        return bool(self.curves.get(question))

    def limit(self, question: str, label: str, precision: float) -> float:
        """The least probability with which a label passes; ``NEVER`` where none will do.

        The label's own limit for that precision, or for the next higher one that is told; of a
        label that is not told, the limit of all labels together. A model file that does not tell
        the latter gives it by its curve.
        """
        limits = self.class_limits.get(question, {})
        own = _limit_for(limits.get(label) or limits.get(_ANY_LABEL, {}), precision)
        if own is not None:
            return own
        point = self.at(question, precision)
        return NEVER if point is None else point.limit

    def at(self, question: str, precision: float) -> Point | None:
        """The point of the curve with the largest share that may pass at a precision.

        That is the last one from the limit of all labels together on, which is stricter than the
        curve where few messages were held out; by the curve alone where no such limit is told.
        """
        together = self.class_limits.get(question, {}).get(_ANY_LABEL, {})
        limit = _limit_for(together, precision)
        kept = [
            point
            for point in self.curves.get(question, ())
            if (point.precision >= precision - _SLACK if limit is None else point.limit >= limit)
        ]
        return kept[-1] if kept else None


NOTHING_TOLD = Coverage()


def _limit_for(limits: Mapping[float, float], precision: float) -> float | None:
    """The limit for a precision or the next higher one that is told; None where none is."""
    kept = [told for told in limits if told >= precision - _SLACK]
    if not kept:
        return None
    limit = limits[min(kept)]
    return limit if limit < 1.0 else NEVER


def read_coverage(header: Mapping[str, Any]) -> Coverage:
    """What a model file's header tells; nothing where it lacks the parts.

    Raises
    ------
    ModelFileError
        A part is there and is not what it should be.
    """
    try:
        return Coverage(
            {q: _read_curve(points) for q, points in header.get("curves", {}).items()},
            {
                question: {label: _read_limits(limits) for label, limits in labels.items()}
                for question, labels in header.get("class_limits", {}).items()
            },
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise ModelFileError(reason="把握与准确率的对照不完整") from error


def _read_curve(points: Iterable[Sequence[Any]]) -> tuple[Point, ...]:
    read = [Point(*map(_share, point)) for point in points]
    return tuple(sorted(read, key=lambda point: point.share))


def _read_limits(limits: Mapping[str, Any]) -> dict[float, float]:
    return {_share(precision): _share(limit) for precision, limit in limits.items()}


def _share(value: Any) -> float:
    number = float(value)
    if not (math.isfinite(number) and 0 <= number <= 1):
        raise ValueError(value)
    return number


def untold(policy: ReviewPolicy, coverage: Coverage) -> tuple[str, ...]:
    """The questions that a policy asks something of and a model file tells nothing of."""
    return tuple(question for question in policy.wanted if not coverage.tells(question))


def doubts(judgement: Judgement, policy: ReviewPolicy, coverage: Coverage) -> tuple[str, ...]:
    """Why a person should look, in Chinese: under the stated policy, or under the model's limits.

    The model's own limits hold where nothing is stated. Where something is stated that the model
    file tells nothing of, nobody knows whether it is kept, and a person looks.
    """
    wanted = policy.wanted
    if not wanted:
        return judgement.doubts
    verdicts = {question: getattr(judgement, question) for question in wanted}
    unsure = (
        _doubt(question, verdicts[question], precision, coverage)
        for question, precision in wanted.items()
    )
    return (*judgement.text_doubts, *filter(None, unsure))


def _doubt(question: str, verdict: Verdict, precision: float, coverage: Coverage) -> str:
    if not coverage.tells(question):
        return f"{QUESTIONS_ZH[question]}没有检验过，不知道能否达到准确率 {precision:.0%}"
    limit = coverage.limit(question, verdict.label, precision)
    if verdict.probability >= limit:
        return ""
    asked = f"{QUESTIONS_ZH[question]}把握 {verdict.probability:.0%}"
    if limit >= NEVER:
        return f"{asked}，这一类达不到要求的准确率 {precision:.0%}"
    return f"{asked}，不到准确率 {precision:.0%} 所需的 {limit:.0%}"
