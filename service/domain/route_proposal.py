"""改派建议: where a matter should go instead, while somebody has it in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.assignment import Assignment
from service.domain.status import MatterStatus

# Who has it has begun to work on it.
IN_HAND_STATUSES = frozenset({MatterStatus.SIGNED, MatterStatus.HANDLING, MatterStatus.SUPPLEMENT})
MAX_DECLINE_CHARS = 500


@dataclass(frozen=True, slots=True)
class RouteProposal:
    """A studio and department for a matter, whose handler decides on them.

    ``changes`` tell in Chinese what would become other, ``by`` whose correction brought it about.
    """

    matter_id: int
    at: datetime
    by: str
    assignment: Assignment
    changes: tuple[str, ...]
