"""Whether messages can be taken in: schema, disk, model."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from service.errors import DatabaseUnavailableError
from service.usecases.context import Context

_LEAST_FREE_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Readiness:
    """Each part is "ok" or says what is the matter, in one English word.

    ``schema``: "outdated" or "unreachable"; ``disk``: "full"; ``model``: "missing", which does
    not keep messages from being taken in.
    """

    schema: str
    disk: str
    model: str

    @property
    def is_ready(self) -> bool:
        """Whether a message would be taken in now."""
        return self.schema == self.disk == "ok"


def check_readiness(context: Context) -> Readiness:
    """Look at the schema, the free disk space and the model."""
    free = shutil.disk_usage(context.settings.home).free
    return Readiness(
        schema=_schema(context),
        disk="ok" if free >= _LEAST_FREE_BYTES else "full",
        model="ok" if context.triage.model is not None else "missing",
    )


def _schema(context: Context) -> str:
    try:
        return "ok" if context.database.is_current() else "outdated"
    except DatabaseUnavailableError:
        return "unreachable"
