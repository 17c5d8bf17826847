"""复核要求: how often a judgement must be right to go out without a person's look."""

from __future__ import annotations

from dataclasses import dataclass

QUESTIONS_ZH = {"topic_l1": "一级主题", "department": "承办单位", "kind": "诉求类型"}


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """The precision wanted (0–1) of each question; None asks nothing of it.

    As long as none is stated, the limits that come with the model hold.
    """

    topic_l1: float | None = None
    department: float | None = None
    kind: float | None = None

    @property
    def wanted(self) -> dict[str, float]:
        """The questions something is asked of, with the precision."""
        told = {question: getattr(self, question) for question in QUESTIONS_ZH}
        return {question: p for question, p in told.items() if p is not None}


MODELS_OWN = ReviewPolicy()
