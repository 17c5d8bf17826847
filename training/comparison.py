"""Champion and challenger side by side, on messages whose labels people gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from classifier.judging.heads import DEPARTMENT, KIND, NO, TOPIC, TOPIC_L1, URGENT
from classifier.judging.model import Model
from training.examples import YES, Example

QUESTIONS = (TOPIC_L1, TOPIC, DEPARTMENT, KIND, URGENT)
LEAST_SUPPORT = 5  # of fewer messages one alone would decide
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Side:
    """How many messages there are, and how many of them each model got right."""

    support: int
    champion_count: int
    challenger_count: int

    @property
    def champion(self) -> float:
        """The champion's share of right ones (0–1)."""
        return self.champion_count / self.support

    @property
    def challenger(self) -> float:
        """The challenger's share of right ones (0–1)."""
        return self.challenger_count / self.support


@dataclass(frozen=True, slots=True)
class Question:
    """One question: all messages, and those of each label, the label of most messages first."""

    name: str
    whole: Side
    classes: tuple[tuple[str, Side], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison, question by question."""

    questions: tuple[Question, ...]

    @property
    def champion(self) -> float:
        """The mean of the champion's accuracies (0–1) over the questions."""
        return fmean(question.whole.champion for question in self.questions)

    @property
    def challenger(self) -> float:
        """The mean of the challenger's accuracies (0–1) over the questions."""
        return fmean(question.whole.challenger for question in self.questions)

    @property
    def is_better(self) -> bool:
        """Whether the challenger is right more often."""
        return self.challenger > self.champion + _ROUNDING

    def falls(self, margin: float) -> list[tuple[str, str]]:
        """Question and label of each class that loses more than ``margin`` of its share.

        Only classes of at least ``LEAST_SUPPORT`` messages count.
        """
        return [
            (question.name, label)
            for question in self.questions
            for label, side in question.classes
            if side.support >= LEAST_SUPPORT
            and side.champion - side.challenger > margin + _ROUNDING
        ]

    def as_json(self) -> dict[str, Any]:
        """The figures in JSON types, shares rounded to four digits."""
        return {
            "champion": round(self.champion, 4),
            "challenger": round(self.challenger, 4),
            "questions": {
                question.name: {
                    "all": _as_json(question.whole),
                    "classes": {label: _as_json(side) for label, side in question.classes},
                }
                for question in self.questions
            },
        }


def compare(champion: Model, challenger: Model, examples: Sequence[Example]) -> Comparison:
    """Let both judge messages (at least one) as the desk would, and count the right answers."""
    found = [
        (example, champion.answer(example.text), challenger.answer(example.text))
        for example in examples
    ]
    questions = []
    for name in QUESTIONS:
        rows = [
            (_truth(example, name), one[name].label, other[name].label)
            for example, one, other in found
        ]
        labels = sorted({truth for truth, _, _ in rows})
        classes = [(label, _count([row for row in rows if row[0] == label])) for label in labels]
        classes.sort(key=lambda item: -item[1].support)
        questions.append(Question(name, _count(rows), tuple(classes)))
    return Comparison(tuple(questions))


def _truth(example: Example, question: str) -> str:
    if question == TOPIC_L1:
        return example.labels[TOPIC][:2]
    label = example.labels[question]
    return (YES if label == YES else NO) if question == URGENT else label


def _count(rows: Sequence[tuple[str, str, str]]) -> Side:
    champion = sum(truth == one for truth, one, _ in rows)
    return Side(len(rows), champion, sum(truth == other for truth, _, other in rows))


def _as_json(side: Side) -> list[float]:
    return [side.support, round(side.champion, 4), round(side.challenger, 4)]
