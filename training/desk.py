"""The desk's own questions, and what held-out scores answer to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from classifier.judging.calibration import softmax, straightened
from classifier.judging.heads import (
    DEPARTMENT,
    HEADS,
    KIND,
    TOPIC,
    TOPIC_L1,
    URGENT,
    Head,
    Line,
    column_groups,
    families,
)
from classifier.judging.taxonomy import Taxonomy
from training.examples import YES, Example
from training.measures import Answered

F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.str_]

QUESTIONS = (TOPIC_L1, TOPIC, DEPARTMENT, KIND)


def desk_heads(examples: Sequence[Example], taxonomy: Taxonomy) -> tuple[Head, ...]:
    """The heads: topics from the taxonomy, departments and kinds from the examples."""

    def seen(name: str) -> tuple[str, ...]:
        return tuple(sorted({example.labels[name] for example in examples}))

    labels = (taxonomy.codes(2), seen(DEPARTMENT), seen(KIND), (YES,))
    heads: list[Head] = []
    for name, own in zip(HEADS, labels, strict=True):
        heads.append(Head(name, own, sum(len(head.labels) for head in heads)))
    return tuple(heads)


def labels_of(examples: Sequence[Example], question: str) -> Labels:
    """The label of each example, shape (examples,)."""
    if question == TOPIC_L1:
        return np.array([example.labels[TOPIC][:2] for example in examples])
    return np.array([example.labels[question] for example in examples])


def accepted(truth: Labels, found: Labels, examples: Sequence[Example]) -> Labels:
    """The found department where it is acceptable too, otherwise the first one."""
    second = np.array([example.seconds.get(DEPARTMENT, "") for example in examples])
    return np.where(found == second, found, truth)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of messages: by question labels, probabilities, and whether right.

    All arrays have shape (messages,).
    """

    labels: Mapping[str, Labels]
    probability: Mapping[str, F64]
    is_right: Mapping[str, Flags]

    def straightened(self, lines: Mapping[str, Line]) -> Answers:
        """With probabilities straightened by a line a question, where one is given."""
        probability = dict(self.probability)
        for question, line in lines.items():
            shares = probability[question].tolist()
            probability[question] = np.array([straightened(share, *line) for share in shares])
        return replace(self, probability=probability)

    def answered(self, question: str, examples: Sequence[Example]) -> Answered:
        """What was said of one question, with what is true; any acceptable department is."""
        truth, found = labels_of(examples, question), self.labels[question]
        if question == DEPARTMENT:
            truth = accepted(truth, found, examples)
        return Answered(truth, found, self.probability[question])


def answer(
    scores: F64, heads: Sequence[Head], taxonomy: Taxonomy, examples: Sequence[Example]
) -> Answers:
    """Answers from scaled scores, shape (examples, columns), decided as ``Model`` decides."""
    by_name = {head.name: head for head in heads}
    shares = softmax(scores, column_groups(heads))
    own = {head.name: shares[:, head.columns] for head in heads}
    below = families(taxonomy)
    own[TOPIC_L1] = np.add.reduceat(own[TOPIC], below.starts, axis=1)
    best_first = own[TOPIC_L1].argmax(axis=1)
    own[TOPIC] = np.where(below.members == best_first[:, None], own[TOPIC], -1.0)
    names = {TOPIC_L1: taxonomy.codes(1), **{name: by_name[name].labels for name in by_name}}
    labels = {q: np.array(names[q])[own[q].argmax(axis=1)] for q in QUESTIONS}
    probability = {q: own[q].max(axis=1) for q in QUESTIONS}
    probability[URGENT] = 1 / (1 + np.exp(-scores[:, by_name[URGENT].first]))
    is_right = {q: labels[q] == labels_of(examples, q) for q in QUESTIONS}
    truth = accepted(labels_of(examples, DEPARTMENT), labels[DEPARTMENT], examples)
    return Answers(labels, probability, {**is_right, DEPARTMENT: labels[DEPARTMENT] == truth})
