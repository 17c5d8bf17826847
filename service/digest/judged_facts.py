"""What the model judged and people decided, as facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.domain.labels import Labelled


class Head(Labelled):
    """What the model judges of a message."""

    TOPIC_L1 = "topic_l1", "主题"
    TOPIC = "topic", "二级主题"
    DEPARTMENT = "department", "承办单位"
    KIND = "kind", "诉求类型"
    URGENT = "urgent", "紧急"


@dataclass(frozen=True, slots=True)
class JudgedMessage:
    """The model's first judgement on a message of the window.

    ``confidence`` is the probability (0–1) of its topic of the first level.
    """

    message_id: int
    sent_on: date
    topic_l1: str
    confidence: float
    version: str


@dataclass(frozen=True, slots=True)
class CheckedMessage:
    """A person's decision on a message that a model had judged; ``wrong`` is what it had wrong."""

    message_id: int
    on: date
    wrong: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class OpenedMatter:
    """A matter opened in the window, and whether it was to be looked at before it went out."""

    matter_id: int
    on: date
    is_reviewed: bool


@dataclass(frozen=True, slots=True)
class JudgedFacts:
    """What the section on the model reads, of the period and of those before it."""

    judged: tuple[JudgedMessage, ...] = ()
    checked: tuple[CheckedMessage, ...] = ()
    opened: tuple[OpenedMatter, ...] = ()
