"""Attempts that failed, counted in the database: all workers know of them.

After some failures each further one doubles how long the next attempt must wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.errors import TooManyRequestsError
from service.storage.accounts import attempts as store
from service.storage.database import Connection
from service.storage.rows import take_account_lock
from service.usecases.context import Context

FORGOTTEN_AFTER = timedelta(days=1)
_MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many failures one must wait, and how long at most."""

    free: int
    longest: timedelta = timedelta(minutes=15)


PER_SECRET, PER_ADDRESS = Patience(5), Patience(20)  # many may share an address


class Attempts:
    """What is tried under some names, such as an account and an address.

    Of a name only a keyed digest is kept: an address is personal data, and a name may be a
    password that was typed into the wrong field.

    Parameters
    ----------
    patience
        By name: that of the first is forgotten when an attempt succeeds.
    """

    def __init__(self, context: Context, patience: Mapping[str, Patience]) -> None:
        self._context = context
        self._failed_before: Mapping[bytes, datetime] = {}
        self._patience = {context.sealer.digest_attempt(n): each for n, each in patience.items()}

    def begin(self) -> None:
        """Count an attempt as failed before it is looked at: many at once gain nothing.

        Raises
        ------
        TooManyRequestsError
            It comes too soon after others that failed.
        """
        now = self._context.now()
        with self._context.database.transaction() as connection:
            self._failed_before = self._let_through(connection, now)
            self._count(connection, now)

    def settle(self, is_right: bool) -> None:
        """Count an attempt that was looked at already, before anybody is told how it came out.

        For what costs little to look at. Many at once gain nothing here either: each is counted in
        its turn, and those that come too soon are refused whether they are right or not. One that
        is right writes nothing, unless there were failures to be forgotten.

        Raises
        ------
        TooManyRequestsError
            As ``begin``.
        """
        now = self._context.now()
        with self._context.database.transaction() as connection:
            failed_before = self._let_through(connection, now)
            first = next(iter(self._patience))
            if not is_right:
                self._count(connection, now)
            elif first in failed_before:
                store.forget_attempts(connection, first)

    def _let_through(self, connection: Connection, now: datetime) -> dict[bytes, datetime]:
        """When each name failed last; nobody else tries until this transaction ends."""
        take_account_lock(connection)
        rows = store.read_attempts(connection, list(self._patience))
        before = [row for row in rows if row.failed_at >= now - FORGOTTEN_AFTER]
        for row in before:
            if now < row.failed_at + _wait(row.failures, self._patience[row.digest]):
                raise TooManyRequestsError
        return {row.digest: row.failed_at for row in before}

    def _count(self, connection: Connection, now: datetime) -> None:
        store.forget_before(connection, now - FORGOTTEN_AFTER)
        for digest in self._patience:
            store.count_failure(connection, digest, now)

    def succeed(self) -> None:
        """Forget the failures under the first name, and of the others this attempt alone.

        Who knows one password shall not clear the way for guessing others.
        """
        first, *others = self._patience
        with self._context.database.transaction() as connection:
            take_account_lock(connection)
            store.forget_attempts(connection, first)
            for digest in others:
                store.take_back_failure(connection, digest, self._failed_before.get(digest))


def _wait(failures: int, patience: Patience) -> timedelta:
    """How long the next attempt must wait: 1, 2, 4 … seconds."""
    too_many = failures - patience.free
    if too_many < 0:
        return timedelta()
    return min(timedelta(seconds=2 ** min(too_many, _MOST_DOUBLINGS)), patience.longest)
