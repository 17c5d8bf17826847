"""The mailbox: which desk looks into it, and how the last looks went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.tables import mailbox

_PROBLEM_CHARS = 200


def claim_look(connection: Connection, name: str, now: datetime, until: datetime) -> bool:
    """Whether this desk may look into the mailbox until then: it is due and nobody else does."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    fresh = {"name": name, "next_look_at": now, "failure_count": 0, "problem": ""}
    connection.execute(dialect.insert(mailbox).values(fresh).on_conflict_do_nothing())
    is_free = or_(mailbox.c.claimed_until.is_(None), mailbox.c.claimed_until <= now)
    is_due = mailbox.c.next_look_at <= now
    query = update(mailbox).where(mailbox.c.name == name, is_free, is_due)
    return connection.execute(query.values(claimed_until=until)).rowcount == 1


def end_look(
    connection: Connection, name: str, next_look_at: datetime, failure_count: int, problem: str
) -> None:
    """Note how a look went and when the next may begin; ``problem`` is "" where all went well."""
    connection.execute(
        update(mailbox)
        .where(mailbox.c.name == name)
        .values(
            claimed_until=None,
            next_look_at=next_look_at,
            failure_count=failure_count,
            problem=problem[:_PROBLEM_CHARS],
        )
    )


def read_mailbox(connection: Connection, name: str) -> Row[Any] | None:
    """How a mailbox stands; None of one that was never looked into."""
    return connection.execute(select(mailbox).where(mailbox.c.name == name)).first()
