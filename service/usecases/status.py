"""How things stand, in numbers."""

from __future__ import annotations

from service.domain.access import WHOLE, Scope
from service.domain.status import MatterStatus
from service.storage.intake.rejects import count_rejects
from service.storage.matters.counts import count_matters_by_status, count_messages, count_open
from service.usecases.context import Context


def count_all(context: Context, scope: Scope = WHOLE) -> dict[str, int]:
    """Messages, matters, rejects and what waits: review, assigned, closed, urgent, overdue.

    Of a scope where one is given; rejects belong to no matter, and only the whole has any."""
    with context.database.reading() as connection:
        by_status = count_matters_by_status(connection, scope)
        urgent, overdue = count_open(connection, context.now(), scope)
        return {
            "messages": count_messages(connection, scope),
            "matters": sum(by_status.values()),
            "rejects": count_rejects(connection) if scope == WHOLE else 0,
            **{status.value: by_status.get(status.value, 0) for status in MatterStatus},
            "urgent": urgent,
            "overdue": overdue,
        }
