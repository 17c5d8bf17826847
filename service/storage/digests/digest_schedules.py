"""Schedules of digests, and which periods of them were made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.rows import is_id
from service.storage.tables import digest_read, digest_run, digest_schedule


def insert_schedule(connection: Connection, **columns: object) -> int:
    """Keep a schedule and give its id."""
    made = connection.execute(
        insert(digest_schedule).values(columns).returning(digest_schedule.c.id)
    )
    return int(made.scalar_one())


def read_schedules(connection: Connection) -> list[Row[Any]]:
    """All schedules that were not removed, by id."""
    query = select(digest_schedule).where(digest_schedule.c.removed_at.is_(None))
    return list(connection.execute(query.order_by(digest_schedule.c.id)))


def remove_schedule(connection: Connection, schedule_id: int, at: datetime) -> bool:
    """Let a schedule make nothing more; False where there is none."""
    if not is_id(schedule_id):
        return False
    is_there = (digest_schedule.c.id == schedule_id) & digest_schedule.c.removed_at.is_(None)
    done = connection.execute(update(digest_schedule).where(is_there).values(removed_at=at))
    return done.rowcount == 1


def claim_run(
    connection: Connection, schedule_id: int, period: str, now: datetime, until: datetime
) -> bool:
    """Whether this worker is to make the digest of a period: held until then by it alone.

    False where it is made, or another worker holds it; one that died gives it up by its time.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = {"schedule_id": schedule_id, "period": period, "claimed_until": until}
    added = dialect.insert(digest_run).values(new).on_conflict_do_nothing()
    if connection.execute(added.returning(digest_run.c.period)).first() is not None:
        return True
    is_given_up = _is_of(schedule_id, period) & (digest_run.c.claimed_until <= now)
    taken = connection.execute(update(digest_run).where(is_given_up).values(claimed_until=until))
    return taken.rowcount == 1


def finish_run(
    connection: Connection, schedule_id: int, period: str, until: datetime, kept_id: int
) -> bool:
    """Note what was made; False where another worker took it over: then nothing may be kept."""
    is_ours = _is_of(schedule_id, period) & (digest_run.c.claimed_until == until)
    done = connection.execute(update(digest_run).where(is_ours).values(kept_digest_id=kept_id))
    return done.rowcount == 1


def _is_of(schedule_id: int, period: str) -> Any:
    return (
        (digest_run.c.schedule_id == schedule_id)
        & (digest_run.c.period == period)
        & digest_run.c.kept_digest_id.is_(None)
    )


def made_periods(connection: Connection, schedule_id: int) -> set[str]:
    """The codes of the periods of which a schedule's digest was made."""
    query = select(digest_run.c.period).where(
        digest_run.c.schedule_id == schedule_id, digest_run.c.kept_digest_id.is_not(None)
    )
    return set(connection.execute(query).scalars())


def mark_read(connection: Connection, account: str, kept_id: int) -> None:
    """Note that an account opened a kept digest."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = {"account": account, "kept_digest_id": kept_id}
    connection.execute(dialect.insert(digest_read).values(new).on_conflict_do_nothing())


def read_by(connection: Connection, account: str) -> set[int]:
    """The ids of the kept digests that an account opened."""
    query = select(digest_read.c.kept_digest_id).where(digest_read.c.account == account)
    return set(connection.execute(query).scalars())
