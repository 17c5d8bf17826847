"""All that a digest reads, by one connection: one view of the database."""

from __future__ import annotations

from datetime import datetime

from service.digest.facts import Facts
from service.digest.periods import Period
from service.domain.scope import Scope
from service.storage.database import Connection
from service.storage.facts.messages import read_days
from service.usecases.digest_facts.matters import read_matters
from service.usecases.digest_facts.messages import read_messages


def read_facts(connection: Connection, period: Period, scope: Scope, cut_at: datetime) -> Facts:
    """What the storage knows now of the period and of what it is compared with."""
    days = read_days(connection)
    first, last = period.window()
    return Facts(
        messages=read_messages(connection, first, last, scope),
        matters=read_matters(connection, period, scope),
        cut_at=cut_at,
        known_since=days[0] if days else None,
    )
