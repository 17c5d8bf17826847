"""Recovery codes, by keyed digests. Write under the account lock."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select

from service.storage.tables import recovery_code


def replace_recovery_codes(connection: Connection, account: str, digests: Iterable[bytes]) -> None:
    """Let an account have these codes and no others."""
    connection.execute(delete(recovery_code).where(recovery_code.c.account == account))
    if rows := [{"account": account, "digest": digest} for digest in digests]:
        connection.execute(insert(recovery_code), rows)


def take_recovery_code(connection: Connection, account: str, digest: bytes) -> bool:
    """Use a code up; whether the account had it."""
    wanted = recovery_code.c.account == account, recovery_code.c.digest == digest
    return connection.execute(delete(recovery_code).where(*wanted)).rowcount > 0


def count_recovery_codes(connection: Connection, account: str) -> int:
    """How many codes an account has left."""
    query = select(func.count()).where(recovery_code.c.account == account)
    return int(connection.execute(query).scalar_one())
