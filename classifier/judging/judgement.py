"""Result types of the model: read these and you know what it says."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.spans import Span


@dataclass(frozen=True, slots=True)
class Verdict:
    """The label of one head: its probability (0–1) and the next best with theirs, best first."""

    label: str
    probability: float
    alternatives: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of one message.

    ``topic_l1`` and ``topic`` are taxonomy codes, the second always below the first;
    ``department`` a name of the directory; ``kind`` a Chinese name of ``LABELS``' six kinds;
    ``doubts`` lists in Chinese what speaks for a person's look, empty when nothing does;
    ``text_doubts`` are those of them that are about the text, whatever the labels are.
    """

    topic_l1: Verdict
    topic: Verdict
    department: Verdict
    kind: Verdict
    urgent_probability: float
    is_urgent: bool
    doubts: tuple[str, ...]
    text_doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the whole plain text (see ``Reading``) and what it adds to a label's score.

    Positive weights speak for the label, negative ones against it.
    """

    span: Span
    text: str
    weight: float
