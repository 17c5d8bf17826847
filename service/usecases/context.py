"""What every use case needs, made once by the composition root and passed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from service.settings import Settings
from service.storage.database import Database
from service.storage.matching.auxiliary import AuxiliaryIndex
from service.storage.sealing.sealer import Sealer
from service.triage.local_parts import LocalParts
from service.triage.pipeline import Triage
from service.usecases.gathering import Gathering


class NewestParts:
    """The local parts of the newest organisation that this process met.

    One thread makes them, the others wait for it: all see the old ones or all of the new.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._version = 0
        self._parts: LocalParts | None = None

    def get(self, version: int, make: Callable[[], LocalParts]) -> LocalParts:
        """Those of a version of the organisation, made where they are not there yet."""
        with self._lock:
            if self._parts is None or self._version != version:
                self._parts, self._version = make(), version
            return self._parts


@dataclass(frozen=True)
class Context:
    """Settings, database, triage, the senders' seal and the clock (aware times).

    ``organisation_version`` tells which organisation ``triage`` was made for.
    """

    settings: Settings
    database: Database
    triage: Triage
    sealer: Sealer
    now: Callable[[], datetime]
    organisation_version: int = 0
    newest_parts: NewestParts = field(default_factory=NewestParts, compare=False)
    gathering: Gathering[Any, Any] = field(default_factory=Gathering, compare=False)
    auxiliary: AuxiliaryIndex = field(default_factory=AuxiliaryIndex, compare=False)
