"""认领: who works on a matter now, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.labels import Labelled


class ClaimState(Labelled):
    """How a matter may be claimed, seen by one who looks through the queue."""

    MINE = "me", "我认领的"
    NOBODY = "nobody", "无人认领"
    SOMEONE = "someone", "有人认领"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds a matter; from ``ends_at`` on nobody does, without anybody doing anything."""

    matter_id: int
    account: str
    claimed_at: datetime
    ends_at: datetime

    def is_held(self, now: datetime) -> bool:
        """Whether it has not ended at ``now``."""
        return now < self.ends_at
