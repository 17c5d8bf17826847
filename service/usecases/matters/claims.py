"""Claims: who works on a matter now. A claim ends by itself; it is no permission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from service.domain.claim import Claim
from service.domain.deadline import SHANGHAI
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.errors import ClaimedError, IllegalMoveError, NotClaimedError, NotFoundError
from service.storage.database import Connection
from service.storage.matters import claims as store
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.matters import read_matter_row
from service.storage.matters.queue_filter import QueueFilter
from service.usecases.context import Context
from service.usecases.matters.whole_matter import check_stands

MAX_MINUTES = 24 * 60


def claim_matter(context: Context, matter_id: int, account: str, minutes: int = 0) -> Claim:
    """Let an account hold a matter; whoever holds it already holds it from now on anew.

    Parameters
    ----------
    minutes
        How long, 1 to 1,440; as the settings say where it is 0.

    Raises
    ------
    ClaimedError
        Another account holds it.
    IllegalMoveError
        The matter is closed.
    MergedError
        It is part of another matter.
    NotFoundError
        There is no such matter.
    """
    with context.database.transaction() as connection:
        now = context.now()
        lock_claimable(connection, matter_id)
        before = _held(connection, matter_id, now)
        check_claim(connection, matter_id, account, now)
        made = make_claim(context, matter_id, account, minutes)
        if before is not None:
            made = replace(made, claimed_at=before.claimed_at)
        store.keep_claim(connection, made)
        if before is None:
            insert_events(connection, [_claimed(made, now)])
        return made


def claim_next(
    context: Context, wanted: QueueFilter, account: str, minutes: int = 0
) -> Claim | None:
    """Let an account hold the first open matter of a filter that nobody holds.

    Of many who ask at once each gets another one. What the filter says of claims is left out.

    Returns
    -------
    Claim or None
        None where nobody can claim any of them now.
    """
    statuses = tuple(each for each in wanted.statuses if MatterStatus(each) in OPEN_STATUSES)
    if wanted.statuses and not statuses:
        return None
    wanted = replace(wanted, statuses=statuses, claim="", account="")
    with context.database.transaction() as connection:
        now = context.now()
        found = store.lock_next_free(connection, wanted, now)
        if found is None:
            return None
        matter_id, head = found
        made = make_claim(context, matter_id, account, minutes)
        store.keep_first_claim(connection, made, head, _claimed(made, now))
        return made


def renew_claim(context: Context, matter_id: int, account: str, minutes: int = 0) -> Claim:
    """Let a claim end later, counted from now.

    Raises
    ------
    ClaimedError
        Another account holds the matter.
    NotClaimedError
        The account does not hold it, perhaps no longer.
    NotFoundError
        There is no such matter.
    """
    with context.database.transaction() as connection:
        now = context.now()
        _lock(connection, matter_id)
        check_claim(connection, matter_id, account, now)
        before = _held(connection, matter_id, now)
        if before is None:
            raise NotClaimedError
        renewed = make_claim(context, matter_id, account, minutes)
        renewed = replace(renewed, claimed_at=before.claimed_at)
        store.keep_claim(connection, renewed)
        return renewed


def release_claim(context: Context, matter_id: int, account: str) -> None:
    """Let nobody hold a matter that an account holds; nothing happens where nobody does.

    Raises
    ------
    ClaimedError
        Another account holds it.
    NotFoundError
        There is no such matter.
    """
    with context.database.transaction() as connection:
        now = context.now()
        _lock(connection, matter_id)
        check_claim(connection, matter_id, account, now)
        if _held(connection, matter_id, now) is not None:
            store.delete_claims(connection, [matter_id])
            insert_events(connection, [NewEvent(matter_id, now, account, "released", {})])


def check_claim(connection: Connection, matter_id: int, account: str, now: datetime) -> None:
    """Let an account pass unless another one holds the matter.

    Raises
    ------
    ClaimedError
        Another one does; the error says who, and until when.
    """
    held = _held(connection, matter_id, now)
    if held is not None and held.account != account:
        raise ClaimedError(f"{held.account}，到 {show_end(held)}")


def end_claim(connection: Connection, matter_id: int) -> None:
    """Let nobody hold a matter any more. It must be locked."""
    store.delete_claims(connection, [matter_id])


def find_claims(
    connection: Connection, matter_ids: Sequence[int], now: datetime
) -> dict[int, Claim]:
    """The claims that hold, by matter."""
    claims = store.read_claims(connection, matter_ids)
    return {each: claim for each, claim in claims.items() if claim.is_held(now)}


def find_claim(context: Context, matter_id: int) -> Claim | None:
    """Who holds a matter, None where nobody does."""
    with context.database.reading() as connection:
        return _held(connection, matter_id, context.now())


def lock_claimable(connection: Connection, matter_id: int) -> Any:
    """Lock a matter that may be claimed and give its row.

    Raises
    ------
    IllegalMoveError, MergedError, NotFoundError
        It is closed, part of another, or is not there.
    """
    row = _lock(connection, matter_id)
    check_stands(connection, row)
    if MatterStatus(row.status) not in OPEN_STATUSES:
        raise IllegalMoveError(f"{MatterStatus(row.status).label_zh}，不能认领")
    return row


def make_claim(context: Context, matter_id: int, account: str, minutes: int) -> Claim:
    """A claim from now on."""
    now = context.now()
    lease = timedelta(minutes=minutes or context.settings.claim_minutes)
    return Claim(matter_id, account, now, now + lease)


def show_end(claim: Claim) -> str:
    """When a claim ends, as people read it."""
    return f"{claim.ends_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _lock(connection: Connection, matter_id: int) -> Any:
    row = read_matter_row(connection, matter_id, lock=True)
    if row is None:
        raise NotFoundError(f"事项 {matter_id}")
    return row


def _held(connection: Connection, matter_id: int, now: datetime) -> Claim | None:
    return find_claims(connection, [matter_id], now).get(matter_id)


def _claimed(claim: Claim, now: datetime) -> NewEvent:
    details = {"changes": [f"到 {show_end(claim)}"]}
    return NewEvent(claim.matter_id, now, claim.account, "claimed", details)
