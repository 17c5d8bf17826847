"""What every use case needs, made once by the composition root and passed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.settings import Settings
from service.storage.database import Database
from service.storage.senders import Sealer
from service.triage.pipeline import Triage


@dataclass(frozen=True)
class Context:
    """Settings, database, triage, the senders' seal and the clock (aware times)."""

    settings: Settings
    database: Database
    triage: Triage
    sealer: Sealer
    now: Callable[[], datetime]
