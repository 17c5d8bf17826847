"""Filters of the queue kept under a name, an account's own or shared by all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from service.storage.tables import saved_view

SHARED = ""


def read_views(connection: Connection, account: str) -> list[Row[Any]]:
    """An account's own views and those shared by all, by name, its own first."""
    mine = saved_view.c.account.in_([account, SHARED])
    order = (saved_view.c.account.desc(), saved_view.c.name)
    return list(connection.execute(select(saved_view).where(mine).order_by(*order)))


def count_views(connection: Connection, account: str) -> int:
    """How many views an account has, or are shared."""
    query = select(func.count()).where(saved_view.c.account == account)
    return int(connection.execute(query).scalar_one())


def keep_view(
    connection: Connection, account: str, name: str, written: Mapping[str, object]
) -> None:
    """Let a filter stand under a name, in the place of another."""
    columns = {"filter": dict(written)}
    changed = connection.execute(update(saved_view).where(_is(account, name)).values(columns))
    if not changed.rowcount:
        connection.execute(insert(saved_view).values(account=account, name=name, **columns))


def delete_view(connection: Connection, account: str, name: str) -> bool:
    """Delete a view; whether there was one."""
    return connection.execute(delete(saved_view).where(_is(account, name))).rowcount > 0


def _is(account: str, name: str) -> ColumnElement[bool]:
    return and_(saved_view.c.account == account, saved_view.c.name == name)
