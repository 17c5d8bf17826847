"""Giving a matter to another: to an account that holds it then, or to another studio."""

from __future__ import annotations

from datetime import datetime

from service.domain.access import Account, Permission, may
from service.errors import InvalidInputError, NotFoundError
from service.storage.accounts import accounts
from service.storage.database import Connection
from service.storage.matters import claims
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.matters import change_matter
from service.storage.matters.route_proposals import delete_proposals
from service.storage.matters.scopes import as_holder
from service.usecases.accounts.accounts import as_account
from service.usecases.casework.move_effects import SENT_ANEW
from service.usecases.context import Context
from service.usecases.matters.claims import check_claim, lock_claimable, make_claim
from service.usecases.matters.studio_members import studio_columns


def reassign_to_account(
    context: Context, matter_id: int, to: str, account: Account, minutes: int = 0
) -> None:
    """Let another account hold a matter, from now on as long as a claim lasts.

    Raises
    ------
    ClaimedError
        Another account holds it, and the one who reassigns it is no administrator.
    IllegalMoveError, MergedError, NotFoundError
        The matter cannot be claimed, or there is no such account.
    InvalidInputError
        The other account may not claim it, or it lies outside that one's scope.
    """
    with context.database.transaction() as connection:
        now = context.now()
        target = accounts.read_account(connection, to)
        if target is None or target.is_disabled:
            raise NotFoundError(f"账号 {to}")
        row = lock_claimable(connection, matter_id)
        if not may(as_account(context, target), Permission.CLAIM, as_holder(row)):
            raise InvalidInputError(f"账号 {to} 不能办理这件事项")
        _check_may(connection, matter_id, account, now)
        claims.keep_claim(connection, make_claim(context, matter_id, to, minutes))
        details = {"changes": [f"转交 {to}"]}
        insert_events(connection, [NewEvent(matter_id, now, account.name, "reassigned", details)])


def reassign_to_studio(context: Context, matter_id: int, studio: str, account: Account) -> None:
    """Give a matter to another studio; nobody holds it then.

    Raises
    ------
    ClaimedError
        Another account holds it, and the one who reassigns it is no administrator.
    IllegalMoveError, MergedError, NotFoundError
        The matter cannot be claimed.
    InvalidInputError
        There is no such studio.
    """
    known = context.triage.organisation.studio_by_code
    if studio not in known:
        raise InvalidInputError("委员工作室不在名录中")
    with context.database.transaction() as connection:
        now = context.now()
        row = lock_claimable(connection, matter_id)
        _check_may(connection, matter_id, account, now)
        claims.delete_claims(connection, [matter_id])
        delete_proposals(connection, [matter_id])
        if row.studio != studio:
            chosen = studio, row.topic
            given = studio_columns(context, connection, matter_id, *chosen, account.name)
            change_matter(connection, matter_id, **given)
        details = {"changes": [f"转交 {known[studio].name}"], **SENT_ANEW}
        insert_events(connection, [NewEvent(matter_id, now, account.name, "reassigned", details)])


def _check_may(connection: Connection, matter_id: int, account: Account, now: datetime) -> None:
    """An administrator may take a matter from one who cannot release it."""
    if not may(account, Permission.RULE):
        check_claim(connection, matter_id, account.name, now)
