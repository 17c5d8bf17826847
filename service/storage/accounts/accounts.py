"""Accounts, their logins and what was done to them. Of a session's token only a digest is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from service.domain.access import Role, ScopeKind
from service.storage.tables import account, account_event, login


def read_account(connection: Connection, name: str) -> Row[Any] | None:
    """An account's row, or None."""
    return connection.execute(select(account).where(account.c.name == name)).first()


def read_accounts(connection: Connection) -> list[Row[Any]]:
    """The rows of all accounts, by name."""
    return list(connection.execute(select(account).order_by(account.c.name)))


def read_account_names(connection: Connection) -> list[str]:
    """The names of all who may log in."""
    query = select(account.c.name).where(~account.c.is_disabled).order_by(account.c.name)
    return list(connection.execute(query).scalars())


def has_accounts(connection: Connection) -> bool:
    """Whether there is any account."""
    return connection.execute(select(account.c.name).limit(1)).first() is not None


def count_administrators(connection: Connection) -> int:
    """How many may log in that administer the whole."""
    query = select(func.count()).where(
        account.c.role == Role.ADMINISTRATOR.value,
        account.c.scope_kind == ScopeKind.WHOLE.value,
        ~account.c.is_disabled,
    )
    return int(connection.execute(query).scalar_one())


def insert_account(
    connection: Connection,
    name: str,
    password_hash: str,
    role: Role,
    scope_kind: ScopeKind = ScopeKind.WHOLE,
    scope: Sequence[str] = (),
    *,
    must_change: bool = False,
) -> None:
    """Add an account."""
    row = {"name": name, "password_hash": password_hash, "role": role.value}
    told = {"scope_kind": scope_kind.value, "scope": list(scope), "must_change": must_change}
    connection.execute(insert(account).values(**row, **told))


def change_account(connection: Connection, name: str, **columns: object) -> None:
    """Set columns of an account."""
    connection.execute(update(account).where(account.c.name == name).values(**columns))


def insert_login(
    connection: Connection, digest: bytes, name: str, now: datetime, ends_at: datetime
) -> None:
    """Begin a session."""
    times = {"begun_at": now, "seen_at": now, "ends_at": ends_at}
    connection.execute(insert(login).values(token_digest=digest, account=name, **times))


def read_login(connection: Connection, digest: bytes, now: datetime) -> Row[Any] | None:
    """The account's row and the ``seen_at`` of a session that has not ended, or None."""
    return connection.execute(
        select(account, login.c.seen_at)
        .join(login, login.c.account == account.c.name)
        .where(login.c.token_digest == digest, login.c.ends_at > now)
    ).first()


def read_logins_of(connection: Connection, name: str, now: datetime) -> list[Row[Any]]:
    """The sessions of an account that have not ended, the one seen last first."""
    query = select(login).where(login.c.account == name, login.c.ends_at > now)
    return list(connection.execute(query.order_by(login.c.seen_at.desc(), login.c.token_digest)))


def see_login(connection: Connection, digest: bytes, now: datetime) -> None:
    """Keep that a session was seen."""
    connection.execute(update(login).where(login.c.token_digest == digest).values(seen_at=now))


def delete_login(connection: Connection, digest: bytes) -> None:
    """End a session."""
    connection.execute(delete(login).where(login.c.token_digest == digest))


def delete_ended_logins(connection: Connection, now: datetime) -> None:
    """Forget the sessions that have ended."""
    connection.execute(delete(login).where(login.c.ends_at <= now))


def delete_logins_of(connection: Connection, name: str) -> None:
    """End all sessions of an account."""
    connection.execute(delete(login).where(login.c.account == name))


def insert_account_event(
    connection: Connection, name: str, at: datetime, kind: str, detail: str = ""
) -> None:
    """Record what was done to an account."""
    row = {"account": name, "at": at, "kind": kind, "detail": detail}
    connection.execute(insert(account_event).values(row))
