"""Retention: what was kept for its period goes by itself, in small batches."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from service.domain.erasure import ErasureGround
from service.domain.provision import ProvisionKind
from service.domain.retention import (
    KEPT_ALWAYS,
    MONTHS_PER_YEAR,
    PERIODS,
    RetentionPolicy,
    months_before,
)
from service.errors import ErasedError, InvalidInputError
from service.storage.database import Connection
from service.storage.digests.kept_digests import withdraw_kept_digests
from service.storage.matters.history import SYSTEM
from service.storage.organisation.provisions import (
    insert_retention_policy,
    read_laid,
    read_retention_policy,
)
from service.storage.rows import take_provision_lock
from service.storage.sealing.seals import read_seal_before
from service.storage.upkeep import retention as store
from service.usecases.accounts.attempts import FORGOTTEN_AFTER
from service.usecases.casework.erasing import erase_rows, overwrite_deleted
from service.usecases.context import Context

logger = logging.getLogger(__name__)

# Days that were sealed since: neither a clock that jumped nor a slip of the pen erases at once.
GRACE_SEALS = 7
_MESSAGES_AT_ONCE = 200  # in one turn of the daily deed: intake goes on in between
_ROWS_AT_ONCE = 500


@dataclass(slots=True)
class Expired:
    """How much of each class of data is over its period, or went for it."""

    messages: int = 0
    digests: int = 0
    looks: int = 0
    account_events: int = 0
    answers: int = 0
    sessions: int = 0
    attempts: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, one.name) for one in fields(self))


def show_retention_policy(context: Context) -> RetentionPolicy:
    """The periods in force; the usual ones where none were ever laid down."""
    with context.database.reading() as connection:
        return read_retention_policy(connection)


def save_retention_policy(context: Context, policy: RetentionPolicy, actor: str) -> None:
    """Lay periods down in the place of those before, which are kept.

    Raises
    ------
    InvalidInputError
        A period is not within its bounds.
    """
    for name, bounds in PERIODS.items():
        if not bounds.includes(getattr(policy, name)):
            raise InvalidInputError(f"“{bounds.label_zh}”应为 {bounds.told_zh}")
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        insert_retention_policy(connection, policy, context.now(), actor)


def list_expired(context: Context) -> Expired:
    """How much would go now if all of it went at once; nothing is changed."""
    expired = Expired()
    with context.database.reading() as connection:
        for name, before in _limits(context, connection).items():
            if name == "messages":
                count = store.count_messages_before(connection, before)
            elif name == "digests":
                count = store.count_digests_before(connection, before)
            else:
                count = store.count_rows_before(connection, name, before)
            setattr(expired, name, count)
    return expired


def apply_retention(context: Context) -> Expired:
    """Let go what is over its period: of messages some, the others with the next call.

    Each message is erased by law as ``erase_message`` does it, on the ground that its period
    ended. Of several desks on one database all may do it. What went is told in the log.
    """
    with context.database.reading() as connection:
        limits = _limits(context, connection)
        years = read_retention_policy(connection).message_years
    gone = Expired()
    for name, before in limits.items():
        if name == "messages":
            gone.messages = _erase_some(context, before, years)
        elif name == "digests":
            gone.digests = _withdraw_all(context, before)
        else:
            setattr(gone, name, _delete_all(context, name, before))
    if gone.total:
        told = "，".join(f"{name} {count}" for name, count in asdict(gone).items() if count)
        logger.info("保存期限届满，已删除：%s", told)
    return gone


def _limits(context: Context, connection: Connection) -> dict[str, datetime]:
    """By class of data before when it must have begun to go now; none of what stays."""
    now, policy = context.now(), read_retention_policy(connection)
    limits = {
        "answers": now - timedelta(days=policy.answer_days),
        "sessions": now,
        "attempts": now - FORGOTTEN_AFTER,
    }
    since = _counted_from(connection)
    if since is not None:
        limits |= {
            name: months_before(since, months)
            for name, months in _months(policy).items()
            if months != KEPT_ALWAYS
        }
    return limits


def _months(policy: RetentionPolicy) -> Mapping[str, int]:
    return {
        "messages": policy.message_years * MONTHS_PER_YEAR,
        "digests": policy.digest_years * MONTHS_PER_YEAR,
        "looks": policy.look_months,
        "account_events": policy.account_event_months,
    }


def _counted_from(connection: Connection) -> datetime | None:
    """When the seal was set that ``GRACE_SEALS`` others followed; None: nothing may go yet.

    Periods end by its time and not by the clock's, and only those laid down before it count.
    """
    at = read_seal_before(connection, GRACE_SEALS)
    laid = read_laid(connection, ProvisionKind.RETENTION, 1)
    return at if at is not None and laid and laid[0].at <= at else None


def _erase_some(context: Context, before: datetime, years: int) -> int:
    with context.database.reading() as connection:
        found = store.find_messages_before(connection, before, _MESSAGES_AT_ONCE)
    gone = 0
    for message_id in found:
        try:
            erase_rows(
                context, message_id, SYSTEM, ErasureGround.EXPIRED, f"办结后保存 {years} 年届满"
            )
        except (ErasedError, InvalidInputError) as error:
            # Another desk was faster, or its parts were just changed: the next turn looks again.
            logger.info("留言 %d 这次没有删除：%s", message_id, error.message)
        else:
            gone += 1
    if gone:
        overwrite_deleted(context)
    return gone


def _withdraw_all(context: Context, before: datetime) -> int:
    gone = 0
    while True:
        with context.database.transaction() as connection:
            found = store.find_digests_before(connection, before, _ROWS_AT_ONCE)
            withdraw_kept_digests(connection, found)
        gone += len(found)
        if len(found) < _ROWS_AT_ONCE:
            return gone


def _delete_all(context: Context, name: str, before: datetime) -> int:
    gone = 0
    while True:
        with context.database.transaction() as connection:
            deleted = store.delete_rows_before(connection, name, before, _ROWS_AT_ONCE)
        gone += deleted
        if deleted < _ROWS_AT_ONCE:
            return gone
