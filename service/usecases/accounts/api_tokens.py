"""Tokens: by them programs do a part of what an account may, until they end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from service.domain.access import TOKEN_PERMISSIONS, Account, TokenScope, may
from service.errors import InvalidInputError, NotFoundError, TokenError
from service.storage.accounts import accounts
from service.storage.accounts import api_tokens as store
from service.storage.rows import share_key_lock, take_account_lock
from service.usecases.accounts.accounts import as_account, read_known
from service.usecases.accounts.attempts import PER_ADDRESS, Attempts
from service.usecases.context import Context

PREFIX = "mq_"
MAX_TOKENS, MAX_TOKEN_NAME_CHARS, MAX_DAYS, USUAL_DAYS = 20, 100, 365, 90
ADDED, REVOKED = "token_added", "token_revoked"
_MAX_CHARS = 200
_SEEN_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as its account sees it: never the token itself; ``seen_at`` None if never used."""

    id: int
    name: str
    scopes: frozenset[TokenScope]
    made_at: datetime
    ends_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token, to be shown once."""

    id: int
    token: str
    ends_at: datetime


def add_token(
    context: Context, account: Account, name: str, scopes: Iterable[TokenScope], days: int
) -> MadeToken:
    """Make a token for an account, with no more rights than the account has.

    Parameters
    ----------
    name
        What it is for, so that it is known again.
    days
        How long it lasts, 1–365.

    Raises
    ------
    InvalidInputError
        Name, scopes or days cannot be, the account may do nothing of a scope, or it has 20
        tokens already.
    """
    wanted = frozenset(scopes)
    _check(account, name, wanted, days)
    token = PREFIX + secrets.token_urlsafe(32)
    now = context.now()
    ends_at = now + timedelta(days=days)
    with context.database.transaction() as connection:
        take_account_lock(connection)
        if store.count_tokens_of(connection, account.name, now) >= MAX_TOKENS:
            raise InvalidInputError(f"令牌不超过 {MAX_TOKENS} 个，请先撤销不用的")
        token_id = store.insert_token(
            connection,
            account=account.name,
            name=name,
            **context.sealer.current.digest_token(token)._asdict(),
            scopes=sorted(each.value for each in wanted),
            made_at=now,
            ends_at=ends_at,
        )
        accounts.insert_account_event(connection, account.name, now, ADDED, str(token_id))
    return MadeToken(token_id, token, ends_at)


def list_tokens(context: Context, account: Account) -> list[ApiToken]:
    """The tokens of an account, also those that have ended, the newest first."""
    with context.database.reading() as connection:
        return [_as_token(row) for row in store.read_tokens_of(connection, account.name)]


def revoke_token(context: Context, account: Account, token_id: int) -> None:
    """Take a token back; it opens nothing from now on.

    Raises
    ------
    NotFoundError
        The account has no such token.
    """
    with context.database.transaction() as connection:
        take_account_lock(connection)
        if not store.delete_token(connection, account.name, token_id):
            raise NotFoundError(f"令牌 {token_id}")
        at = context.now()
        accounts.insert_account_event(connection, account.name, at, REVOKED, str(token_id))


def account_of_token(context: Context, token: str, address: str = "") -> Account:
    """Whose token this is, with what it may do. That it was used is kept, once a minute.

    Raises
    ------
    TokenError
        There is none, it has ended, was taken back, or its account is disabled.
    TooManyRequestsError
        There were too many wrong ones from this address a short time ago.
    """
    now = context.now()
    row = _read(context, token, now)
    if row is None or row.is_disabled:
        Attempts(context, {f"tokens from {address}": PER_ADDRESS}).begin()
        raise TokenError
    if row.seen_at is None or now - row.seen_at >= _SEEN_AGAIN:
        with context.database.transaction() as connection:
            share_key_lock(connection)
            found_by = context.sealer.current.digest_token(token)
            store.see_token(connection, row.token_id, now, found_by)
    scopes = frozenset(TokenScope(each) for each in row.scopes)
    return replace(as_account(context, row), token_scopes=scopes)


def account_named(context: Context, name: str) -> Account:
    """An account by its name, for whoever administers the machine.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    row = read_known(context, name)
    if row is None:
        raise NotFoundError(f"账号 {name[:MAX_TOKEN_NAME_CHARS]}")
    return as_account(context, row)


def _read(context: Context, token: str, now: datetime) -> Any:
    if not token.startswith(PREFIX) or len(token) > _MAX_CHARS:
        return None
    with context.database.reading() as connection:
        return store.read_token(connection, context.sealer.token_digests(token), now)


def _check(account: Account, name: str, scopes: frozenset[TokenScope], days: int) -> None:
    if not name.strip() or not name.isprintable() or len(name) > MAX_TOKEN_NAME_CHARS:
        raise InvalidInputError(f"请写明令牌的用途，1–{MAX_TOKEN_NAME_CHARS} 个可见的字")
    if not 1 <= days <= MAX_DAYS:
        raise InvalidInputError(f"有效期为 1–{MAX_DAYS} 天")
    if not scopes:
        raise InvalidInputError("请选择令牌可以做什么")
    for scope in TokenScope:
        if scope in scopes and not any(may(account, one) for one in TOKEN_PERMISSIONS[scope]):
            raise InvalidInputError(f"这个账号不能：{scope.label_zh}")


def _as_token(row: Any) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        scopes=frozenset(TokenScope(each) for each in row.scopes),
        made_at=row.made_at,
        ends_at=row.ends_at,
        seen_at=row.seen_at,
    )
