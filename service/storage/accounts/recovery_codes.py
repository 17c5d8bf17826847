"""Recovery codes, by keyed digests. Write under the account lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from service.storage.sealing.sealer import KeyedDigest
from service.storage.tables import recovery_code


def replace_recovery_codes(
    connection: Connection, account: str, digests: Iterable[KeyedDigest]
) -> None:
    """Let an account have these codes and no others."""
    connection.execute(delete(recovery_code).where(recovery_code.c.account == account))
    if rows := [{"account": account, **each._asdict()} for each in digests]:
        connection.execute(insert(recovery_code), rows)


def take_recovery_code(connection: Connection, account: str, digests: Sequence[bytes]) -> bool:
    """Use a code up, by its digests under several keys; whether the account had it."""
    wanted = recovery_code.c.account == account, recovery_code.c.digest.in_(digests)
    return connection.execute(delete(recovery_code).where(*wanted)).rowcount > 0


def count_recovery_codes(connection: Connection, account: str) -> int:
    """How many codes an account has left."""
    query = select(func.count()).where(recovery_code.c.account == account)
    return int(connection.execute(query).scalar_one())
