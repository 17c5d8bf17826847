"""The tokens of programs. Of each only a keyed digest is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from service.storage.rows import is_id
from service.storage.sealing.sealer import KeyedDigest
from service.storage.tables import account, api_token


def insert_token(connection: Connection, **columns: object) -> int:
    """Keep a token; its id."""
    statement = insert(api_token).values(columns).returning(api_token.c.id)
    return int(connection.execute(statement).scalar_one())


def read_token(connection: Connection, digests: Sequence[bytes], now: datetime) -> Row[Any] | None:
    """The account's row with ``scopes``, ``token_id`` and ``seen_at`` of a token, or None.

    None too of one that has ended. It is found by any of its digests under several keys.
    """
    columns = api_token.c.id.label("token_id"), api_token.c.scopes, api_token.c.seen_at
    query = select(account, *columns).join(api_token, api_token.c.account == account.c.name)
    wanted = query.where(api_token.c.digest.in_(digests), api_token.c.ends_at > now)
    return connection.execute(wanted).first()


def see_token(connection: Connection, token_id: int, now: datetime, found_by: KeyedDigest) -> None:
    """Keep that a token was used, and by what it is found from now on."""
    seen = {"seen_at": now, **found_by._asdict()}
    connection.execute(update(api_token).where(api_token.c.id == token_id).values(seen))


def read_tokens_of(connection: Connection, name: str) -> Sequence[Row[Any]]:
    """The tokens of an account, also those that have ended, the newest first."""
    query = select(api_token).where(api_token.c.account == name).order_by(api_token.c.id.desc())
    return connection.execute(query).all()


def count_tokens_of(connection: Connection, name: str, now: datetime) -> int:
    """How many tokens of an account have not ended."""
    query = select(func.count()).where(api_token.c.account == name, api_token.c.ends_at > now)
    return int(connection.execute(query).scalar_one())


def delete_token(connection: Connection, name: str, token_id: int) -> bool:
    """Take a token of an account back; whether it had it."""
    if not is_id(token_id):
        return False
    wanted = delete(api_token).where(api_token.c.account == name, api_token.c.id == token_id)
    return connection.execute(wanted).rowcount > 0


def delete_tokens_of(connection: Connection, name: str) -> None:
    """Take all tokens of an account back."""
    connection.execute(delete(api_token).where(api_token.c.account == name))
