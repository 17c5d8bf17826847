"""Accounts, their logins and what was done to them. Of a session's token only a digest is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.storage.tables import account, account_event, login


def read_account(connection: Connection, name: str) -> Row[Any] | None:
    """An account's row, or None."""
    return connection.execute(select(account).where(account.c.name == name)).first()


def read_account_names(connection: Connection) -> list[str]:
    """The names of all accounts."""
    return list(connection.execute(select(account.c.name).order_by(account.c.name)).scalars())


def has_accounts(connection: Connection) -> bool:
    """Whether there is any account."""
    return connection.execute(select(account.c.name).limit(1)).first() is not None


def insert_account(connection: Connection, name: str, password_hash: str, role: str) -> None:
    """Add an account."""
    connection.execute(insert(account).values(name=name, password_hash=password_hash, role=role))


def insert_login(connection: Connection, digest: bytes, name: str, ends_at: datetime) -> None:
    """Begin a session."""
    connection.execute(insert(login).values(token_digest=digest, account=name, ends_at=ends_at))


def read_login(connection: Connection, digest: bytes, now: datetime) -> Row[Any] | None:
    """The account's row of a session that has not ended, or None."""
    return connection.execute(
        select(account)
        .join(login, login.c.account == account.c.name)
        .where(login.c.token_digest == digest, login.c.ends_at > now)
    ).first()


def delete_login(connection: Connection, digest: bytes) -> None:
    """End a session."""
    connection.execute(delete(login).where(login.c.token_digest == digest))


def delete_ended_logins(connection: Connection, now: datetime) -> None:
    """Forget the sessions that have ended."""
    connection.execute(delete(login).where(login.c.ends_at <= now))


def delete_logins_of(connection: Connection, name: str) -> None:
    """End all sessions of an account."""
    connection.execute(delete(login).where(login.c.account == name))


def change_password(connection: Connection, name: str, password_hash: str) -> None:
    """Give an account another password."""
    connection.execute(
        update(account).where(account.c.name == name).values(password_hash=password_hash)
    )


def insert_account_event(connection: Connection, name: str, at: datetime, kind: str) -> None:
    """Record what was done to an account."""
    connection.execute(insert(account_event).values(account=name, at=at, kind=kind))
