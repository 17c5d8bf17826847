"""Filters of the queue that an account keeps under a name, or an administrator for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.access import Account, Permission, may
from service.errors import ForbiddenError, InvalidInputError, NotFoundError
from service.storage.matters import saved_views as store
from service.storage.rows import take_provision_lock
from service.usecases.context import Context

MAX_NAME_CHARS, MAX_VIEWS = 40, 30


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter under a name, written as it stands in an address."""

    name: str
    filter: Mapping[str, object]
    is_shared: bool


def list_views(context: Context, account: Account) -> tuple[SavedView, ...]:
    """An account's own views, then the shared ones, each by name."""
    with context.database.reading() as connection:
        rows = store.read_views(connection, account.name)
    return tuple(SavedView(row.name, row.filter, row.account == store.SHARED) for row in rows)


def find_view(context: Context, account: Account, name: str) -> SavedView:
    """The view of this name: the account's own before a shared one.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = [view for view in list_views(context, account) if view.name == name]
    if not found:
        raise NotFoundError(f"视图 {name}")
    return found[0]


def save_view(context: Context, account: Account, view: SavedView) -> None:
    """Keep a filter under a name, in the place of one of the same name.

    Raises
    ------
    ForbiddenError
        It shall be shared, and the account is no administrator.
    InvalidInputError
        The name is empty, too long or holds characters that cannot be seen, or there are 30
        views already.
    """
    owner = _owner(account, view.is_shared)
    if not view.name.strip() or not view.name.isprintable() or len(view.name) > MAX_NAME_CHARS:
        raise InvalidInputError(f"视图名称须为 1 至 {MAX_NAME_CHARS} 个可见的字")
    with context.database.transaction() as connection:
        take_provision_lock(connection)
        store.keep_view(connection, owner, view.name, view.filter)
        if store.count_views(connection, owner) > MAX_VIEWS:
            raise InvalidInputError(f"视图不超过 {MAX_VIEWS} 个，请先删去不用的")


def delete_view(context: Context, account: Account, name: str, is_shared: bool) -> None:
    """Delete a view.

    Raises
    ------
    ForbiddenError
        It is shared, and the account is no administrator.
    NotFoundError
        There is none of this name.
    """
    owner = _owner(account, is_shared)
    with context.database.transaction() as connection:
        if not store.delete_view(connection, owner, name):
            raise NotFoundError(f"视图 {name}")


def _owner(account: Account, is_shared: bool) -> str:
    if is_shared and not may(account, Permission.RULE):
        raise ForbiddenError("共用的视图由管理员设置")
    return store.SHARED if is_shared else account.name
