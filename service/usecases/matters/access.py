"""Whether an account may do something with something: what lies outside its scope is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.domain.access import (
    MOVES,
    Account,
    Permission,
    ScopeKind,
    leads,
    may,
    studio_holder,
)
from service.domain.path import Move
from service.errors import ForbiddenError, NotFoundError
from service.storage.database import Connection
from service.storage.matters import scopes
from service.usecases.context import Context
from service.usecases.matters.whole_matter import row_or_successor, whole_of


def check_allowed(account: Account, *permissions: Permission) -> None:
    """Refuse who has none of these permissions.

    Raises
    ------
    ForbiddenError
        The account's role has none of them.
    """
    if not any(may(account, each) for each in permissions):
        raise ForbiddenError(f"{account.role.label_zh}不能：{permissions[0].label_zh}")


def check_move_allowed(context: Context, account: Account, matter_id: int, move: Move) -> None:
    """Refuse a move that the account's role may not make, or not with what others lead.

    Raises
    ------
    ForbiddenError
        It may not.
    NotFoundError
        There is no such matter.
    """
    if not may(account, MOVES[move]):
        raise ForbiddenError(f"{account.role.label_zh}不能{move.label_zh}")
    with context.database.reading() as connection:
        row = row_or_successor(connection, matter_id)
    if not leads(account, row.department):
        raise ForbiddenError(f"会办单位不能{move.label_zh}，由主办单位{row.department}办理")


def check_matter(context: Context, account: Account, matter_id: int) -> None:
    """Refuse a matter outside an account's scope as one that is not there.

    Of a matter that is part of another, that other counts: it is what is shown.

    Raises
    ------
    NotFoundError
        There is no such matter in the scope.
    """
    if account.scope.kind is ScopeKind.WHOLE:
        return
    with context.database.reading() as connection:
        row = whole_of(connection, row_or_successor(connection, matter_id))
    if not account.scope.includes(scopes.as_holder(row)):
        raise NotFoundError(f"事项 {matter_id}")


def check_message(context: Context, account: Account, message_id: int) -> None:
    """Refuse a message whose matter lies outside an account's scope; of a part, the whole's.

    Raises
    ------
    NotFoundError
        There is no such message in the scope.
    """
    name = f"留言 {message_id}"
    _check_owner(context, account, scopes.find_matter_of_message, message_id, name)


def check_attachment(context: Context, account: Account, attachment_id: int) -> None:
    """Refuse an attachment whose message's matter lies outside an account's scope.

    Raises
    ------
    NotFoundError
        There is no such attachment in the scope.
    """
    name = f"附件 {attachment_id}"
    _check_owner(context, account, scopes.find_matter_of_attachment, attachment_id, name)


def check_reply(context: Context, account: Account, reply_id: int) -> None:
    """Refuse an answer whose matter lies outside an account's scope.

    Raises
    ------
    NotFoundError
        There is no such answer in the scope.
    """
    name = f"答复 {reply_id}"
    _check_owner(context, account, scopes.find_matter_of_reply, reply_id, name)


def check_reception(context: Context, account: Account, reception_id: int) -> None:
    """Refuse a reception of a studio outside an account's scope.

    Raises
    ------
    NotFoundError
        There is no such reception in the scope.
    """
    if account.scope.kind is ScopeKind.WHOLE:
        return
    with context.database.reading() as connection:
        studio = scopes.find_studio_of_reception(connection, reception_id)
    if studio is None or not _has_studio(context, account, studio):
        raise NotFoundError(f"接待 {reception_id}")


def check_studio_allowed(context: Context, account: Account, code: str) -> None:
    """Refuse what is done in the name of a studio outside an account's scope.

    The directory is no secret: that there is such a studio may be told.

    Raises
    ------
    ForbiddenError
        The studio lies outside.
    """
    if not _has_studio(context, account, code):
        raise ForbiddenError("这个委员工作室不在账号的范围内")


def _has_studio(context: Context, account: Account, code: str) -> bool:
    return account.scope.includes(studio_holder(context.triage.organisation, code))


def find_visible(context: Context, account: Account, matter_ids: Sequence[int]) -> set[int]:
    """Those of these matters that lie in an account's scope."""
    with context.database.reading() as connection:
        return scopes.find_in_scope(connection, matter_ids, account.scope)


def _check_owner(
    context: Context,
    account: Account,
    find_matter: Callable[[Connection, int], int | None],
    identity: int,
    name: str,
) -> None:
    """Refuse what belongs to a matter outside the scope, under a name of its own."""
    if account.scope.kind is ScopeKind.WHOLE:
        return
    with context.database.reading() as connection:
        matter_id = find_matter(connection, identity)
    if matter_id is None:
        raise NotFoundError(name)
    try:
        check_matter(context, account, matter_id)
    except NotFoundError as error:
        raise NotFoundError(name) from error
