"""Claims: who works on a matter now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from service.domain.claim import Claim
from service.storage.matters.history import HistoryHead, NewEvent
from service.storage.matters.queue_filter import QueueFilter, conditions_of
from service.storage.rows import chunks, insert_and_update
from service.storage.tables import IS_FREE, claim, event, matter

_SWEPT = 500
# Made once: it is asked with every claim.
_TAKE = (
    update(matter)
    .where(matter.c.id == bindparam("matter"))
    .values(
        claim_ends_at=bindparam("until"),
        event_count=bindparam("count"),
        event_head=bindparam("head"),
    )
)


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
    connection.execute(insert(claim), [_row(kept)])
    _set_end(connection, [kept.matter_id], kept.ends_at)


def lock_next_free(
    connection: Connection, wanted: QueueFilter, now: datetime
) -> tuple[int, HistoryHead] | None:
    """Lock the first open matter of a filter that nobody holds, for ``keep_first_claim``.

    What another transaction keeps is passed over. Claims that have ended are forgotten first, and
    only where there are any: the same query tells.

    Returns
    -------
    tuple or None
        The matter's id and how far its history has come; None where nothing is left.
    """
    found = _first_free(connection, wanted, now)
    if found is None or (found.first_end is not None and found.first_end <= now):
        _delete_ended_claims(connection, now)
        found = _first_free(connection, wanted, now)
    return None if found is None else (found.id, HistoryHead(found.event_count, found.event_head))


def keep_first_claim(
    connection: Connection, kept: Claim, head: HistoryHead, told: NewEvent
) -> None:
    """Keep a claim of a matter from ``lock_next_free``, and tell of it in the history."""
    rows = [(claim, _row(kept)), (event, head.append(told))]
    values = {"matter": kept.matter_id, "until": kept.ends_at}
    insert_and_update(connection, rows, _TAKE, {**values, "count": head.count, "head": head.digest})


def delete_claims(connection: Connection, matter_ids: Sequence[int]) -> None:
    """Let nobody hold matters. They must be locked."""
    connection.execute(delete(claim).where(claim.c.matter_id.in_(matter_ids)))
    _set_end(connection, matter_ids, None)


def _delete_ended_claims(connection: Connection, now: datetime) -> None:
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


def _first_free(connection: Connection, wanted: QueueFilter, now: datetime) -> Row[Any] | None:
    return connection.execute(_free(wanted), {"now": now}).first()


@lru_cache
def _free(wanted: QueueFilter) -> Select[Any]:
    """The first matter of a filter that is free at ``now``, and when the first of all claims ends.

    An index holds the free ones; those whose claim has ended are among them once it is deleted.
    """
    now = bindparam("now", type_=matter.c.due_at.type)
    first_end = select(func.min(claim.c.ends_at)).scalar_subquery().label("first_end")
    return (
        select(matter.c.id, matter.c.event_count, matter.c.event_head, first_end)
        .where(
            *IS_FREE,
            *((matter.c.status.in_(wanted.statuses),) if wanted.statuses else ()),
            *conditions_of(wanted, now),
            *(() if wanted.urgent is None else (matter.c.is_urgent == wanted.urgent,)),
        )
        .order_by(matter.c.is_urgent.desc(), matter.c.due_at, matter.c.id)
        # Written out: with a parameter PostgreSQL would not know that it is so few, and would plan
        # each time anew.
        .limit(literal_column("1"))
        .with_for_update(skip_locked=True, of=matter)
    )


def _set_end(connection: Connection, matter_ids: Sequence[int], at: datetime | None) -> None:
    connection.execute(update(matter).where(matter.c.id.in_(matter_ids)).values(claim_ends_at=at))


def _row(kept: Claim) -> dict[str, object]:
    return {
        "matter_id": kept.matter_id,
        "account": kept.account,
        "claimed_at": kept.claimed_at,
        "ends_at": kept.ends_at,
    }


def _as_claim(row: Row[Any]) -> Claim:
    return Claim(row.matter_id, row.account, row.claimed_at, row.ends_at)
