"""Claims: who works on a matter now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.claim import Claim
from service.storage.rows import chunks
from service.storage.tables import claim, matter

_SWEPT = 500


def read_claims(connection: Connection, matter_ids: Sequence[int]) -> dict[int, Claim]:
    """The claims of matters, also those that have ended."""
    found: dict[int, Claim] = {}
    for part in chunks(matter_ids):
        rows = connection.execute(select(claim).where(claim.c.matter_id.in_(part)))
        found.update({row.matter_id: _as_claim(row) for row in rows})
    return found


def keep_claim(connection: Connection, kept: Claim) -> None:
    """Let a claim take the place of any other. The matter must be locked."""
    insert_claim(connection, kept)
    _set_end(connection, [kept.matter_id], kept.ends_at)


def insert_claim(connection: Connection, kept: Claim) -> None:
    """The same for a matter whose own column says already when the claim ends."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(claim)
    columns = ("account", "claimed_at", "ends_at")
    instead = {name: statement.excluded[name] for name in columns}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[claim.c.matter_id], set_=instead),
        {"matter_id": kept.matter_id, **{name: getattr(kept, name) for name in columns}},
    )


def delete_claims(connection: Connection, matter_ids: Sequence[int]) -> None:
    """Let nobody hold matters. They must be locked."""
    connection.execute(delete(claim).where(claim.c.matter_id.in_(matter_ids)))
    _set_end(connection, matter_ids, None)


def delete_ended_claims(connection: Connection, now: datetime) -> None:
    """Forget claims that have ended, some at a time, so that those matters count as unclaimed."""
    query = select(claim.c.matter_id).where(claim.c.ends_at <= now).limit(_SWEPT)
    ended = list(connection.execute(query).scalars())
    if not ended:
        return
    # Always the matter first: whoever claims it keeps it too. What is kept is not forgotten now.
    query = select(matter.c.id).where(matter.c.id.in_(ended)).order_by(matter.c.id)
    locked = list(connection.execute(query.with_for_update(skip_locked=True)).scalars())
    still = select(claim.c.matter_id).where(claim.c.matter_id.in_(locked), claim.c.ends_at <= now)
    delete_claims(connection, list(connection.execute(still).scalars()))


def _set_end(connection: Connection, matter_ids: Sequence[int], at: datetime | None) -> None:
    connection.execute(update(matter).where(matter.c.id.in_(matter_ids)).values(claim_ends_at=at))


def _as_claim(row: Row[Any]) -> Claim:
    return Claim(row.matter_id, row.account, row.claimed_at, row.ends_at)
