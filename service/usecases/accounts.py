"""Accounts: logging in and out, the first administrator, a lost password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.labels import Labelled
from service.errors import NotFoundError, WrongPasswordError
from service.storage import accounts as store
from service.storage.rows import take_account_lock
from service.usecases.context import Context

ADMINISTRATOR = "admin"
PASSWORD_RESET = "password_reset"  # noqa: S105 - the kind of an event
_MAX_NAME_CHARS, _MAX_PASSWORD_BYTES = 100, 1000
_ADMISSIBLE = b"x" * 20


class Role(Labelled):
    """What an account is for."""

    ADMINISTRATOR = "administrator", "管理员"


@dataclass(frozen=True, slots=True)
class Account:
    """Who is logged in."""

    name: str
    role: str
    role_zh: str


def ensure_administrator(context: Context) -> str | None:
    """Make the administrator's account where there is no account yet.

    Returns
    -------
    str or None
        The random password (120 bits), to be shown once; None when accounts exist.
    """
    password, hashed = _new_password()
    with context.database.transaction() as connection:
        take_account_lock(connection)
        if store.has_accounts(connection):
            return None
        store.insert_account(connection, ADMINISTRATOR, hashed, Role.ADMINISTRATOR.value)
    return password


def list_account_names(context: Context) -> list[str]:
    """The names of all who may log in."""
    with context.database.reading() as connection:
        return store.read_account_names(connection)


def reset_password(context: Context, name: str) -> str:
    """Give an account another password and end its sessions; that it was done is recorded.

    Returns
    -------
    str
        The random password (120 bits), to be shown once.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    known = _find(context, name)
    if known is None:
        raise NotFoundError(f"账号 {name}")
    password, hashed = _new_password()
    with context.database.transaction() as connection:
        store.change_password(connection, known.name, hashed)
        store.delete_logins_of(connection, known.name)
        store.insert_account_event(connection, known.name, context.now(), PASSWORD_RESET)
    return password


def _new_password() -> tuple[str, str]:
    """A random password (120 bits) and what is stored of it."""
    password = secrets.token_urlsafe(15)
    return password, PasswordHasher().hash(password)


def log_in(context: Context, name: str, password: str) -> str:
    """Check a password and begin a session.

    Returns
    -------
    str
        The session's token; only a digest of it is stored.

    Raises
    ------
    WrongPasswordError
        Name or password is wrong; which of them is not told.
    """
    known = _find(context, name)
    typed = password.encode("utf-8", "surrogatepass")
    if known is None or len(typed) > _MAX_PASSWORD_BYTES:
        # An unknown name costs the same time as a wrong password.
        PasswordHasher().hash(_ADMISSIBLE)
        raise WrongPasswordError
    try:
        PasswordHasher().verify(known.password_hash, typed)
    except (VerificationError, InvalidHashError) as error:
        raise WrongPasswordError from error
    return _begin_session(context, known.name)


def _find(context: Context, name: str) -> Any:
    """The row of an account, None where no account can have that name."""
    if not name.isprintable() or len(name) > _MAX_NAME_CHARS:
        return None
    with context.database.reading() as connection:
        return store.read_account(connection, name)


def _begin_session(context: Context, name: str) -> str:
    token = secrets.token_urlsafe(32)
    now = context.now()
    ends_at = now + timedelta(hours=context.settings.session_hours)
    with context.database.transaction() as connection:
        store.delete_ended_logins(connection, now)
        store.insert_login(connection, _digest(token), name, ends_at)
    return token


def account_of(context: Context, token: str) -> Account | None:
    """Whose session this is, None when there is no such session or it has ended."""
    with context.database.reading() as connection:
        row = store.read_login(connection, _digest(token), context.now())
    if row is None:
        return None
    return Account(row.name, row.role, Role(row.role).label_zh)


def log_out(context: Context, token: str) -> None:
    """End a session."""
    with context.database.transaction() as connection:
        store.delete_login(connection, _digest(token))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
