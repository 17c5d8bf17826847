"""教例: what a person decided of a message; the model learns from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Teaching:
    """A message with the labels that a person gave it.

    ``topic`` is a code of the second level, ``kind`` a value of ``Kind``. ``is_tacit``: the person
    sent the matter out and left the labels as they stood, which is a weaker yes than to confirm
    them. ``department`` is "" where only those are known that are wrong: ``ruled_out``.
    """

    message_id: int
    matter_id: int
    title: str
    text: str
    topic: str
    department: str
    kind: str
    is_urgent: bool
    decided_by: str
    decided_at: datetime
    is_tacit: bool
    ruled_out: frozenset[str] = frozenset()
