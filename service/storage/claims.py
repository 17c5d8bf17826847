"""Claims: who works on a matter now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from service.domain.claim import Claim
from service.storage.rows import chunks
from service.storage.tables import claim, matter

_SWEPT = 500
# Made once: they are asked with every claim.
_INSERT = insert(claim)
_FIRST_END = select(func.min(claim.c.ends_at))


def read_claims(connection: Connection, matter_ids: Sequence[int]) -> dict[int, Claim]:
    """The claims of matters, also those that have ended."""
    found: dict[int, Claim] = {}
    for part in chunks(matter_ids):
        rows = connection.execute(select(claim).where(claim.c.matter_id.in_(part)))
        found.update({row.matter_id: _as_claim(row) for row in rows})
    return found


def keep_claim(connection: Connection, kept: Claim) -> None:
    """Let a claim take the place of any other. The matter must be locked."""
    connection.execute(delete(claim).where(claim.c.matter_id == kept.matter_id))
    insert_claim(connection, kept)
    _set_end(connection, [kept.matter_id], kept.ends_at)


def insert_claim(connection: Connection, kept: Claim) -> None:
    """Keep a claim of a matter that has none, and whose own column says when this one ends."""
    connection.execute(_INSERT, [asdict(kept)])


def delete_claims(connection: Connection, matter_ids: Sequence[int]) -> None:
    """Let nobody hold matters. They must be locked."""
    connection.execute(delete(claim).where(claim.c.matter_id.in_(matter_ids)))
    _set_end(connection, matter_ids, None)


def delete_ended_claims(connection: Connection, now: datetime) -> None:
    """Forget claims that have ended, some at a time, so that those matters count as unclaimed."""
    first_end = connection.execute(_FIRST_END).scalar()
    if first_end is None or first_end > now:
        return
    query = select(claim.c.matter_id).where(claim.c.ends_at <= now).limit(_SWEPT)
    ended = list(connection.execute(query).scalars())
    # Always the matter first: whoever claims it keeps it too. What is kept is not forgotten now.
    query = select(matter.c.id).where(matter.c.id.in_(ended)).order_by(matter.c.id)
    locked = list(connection.execute(query.with_for_update(skip_locked=True)).scalars())
    still = select(claim.c.matter_id).where(claim.c.matter_id.in_(locked), claim.c.ends_at <= now)
    delete_claims(connection, list(connection.execute(still).scalars()))


def _set_end(connection: Connection, matter_ids: Sequence[int], at: datetime | None) -> None:
    connection.execute(update(matter).where(matter.c.id.in_(matter_ids)).values(claim_ends_at=at))


def _as_claim(row: Row[Any]) -> Claim:
    return Claim(row.matter_id, row.account, row.claimed_at, row.ends_at)
