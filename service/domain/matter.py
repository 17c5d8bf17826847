"""事项: the unit of work, one or more demands about the same concrete thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.status import MatterStatus

_TITLE_CHARS = 40


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as the queue shows it.

    ``message_count`` counts messages, ``people_count`` distinct senders (an anonymous message
    counts as one person), ``copy_count`` messages that repeat a text. ``asks_extension``: whoever
    has it wants more days, and nobody has decided on that.
    """

    id: int
    number: str
    title: str
    status: MatterStatus
    topic: str
    department: str
    kind: str
    is_urgent: bool
    is_supervised: bool
    asks_extension: bool
    place: str
    studio: str
    member: str
    opened_at: datetime
    last_message_at: datetime
    due_at: datetime
    message_count: int
    people_count: int
    copy_count: int


def matter_title(masked_title: str, masked_text: str) -> str:
    """What a matter is called by the words of a message: its title, else how it begins."""
    return masked_title.strip() or masked_text.strip()[:_TITLE_CHARS]
