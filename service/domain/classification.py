"""分类结果: what a message is about, as judged by the model or by a person."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.kind import Kind

MODEL = "model"  # who decided, where no person did


@dataclass(frozen=True, slots=True)
class Verdict:
    """One label with its probability (0–1) and the next best labels with theirs."""

    label: str
    probability: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """The judgement on one message.

    ``topic_l1`` and ``topic`` hold taxonomy codes of level 1 and 2 (the second lies under the
    first); ``department`` a department's name; ``kind`` a value of ``Kind``. ``review`` lists,
    in Chinese, why a person should look before dispatch; empty when nothing speaks against it.
    ``decided_by`` is ``MODEL`` or the account of the person who corrected it.
    """

    topic_l1: Verdict
    topic: Verdict
    department: Verdict
    kind: Verdict
    is_urgent: bool
    urgent_probability: float
    review: tuple[str, ...]
    model_version: str
    decided_by: str = MODEL

    @property
    def kind_zh(self) -> str:
        """The Chinese name of the kind."""
        return Kind(self.kind.label).label_zh
