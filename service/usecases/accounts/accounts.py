"""Accounts: the first administrator, adding and changing others.

Each change of what an account may do ends its sessions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.access import SCOPES, Account, Role, ScopeKind, make_scope
from service.domain.classification import MODEL
from service.errors import InvalidInputError, NameTakenError, NotFoundError
from service.storage.accounts import accounts as store
from service.storage.accounts.api_tokens import delete_tokens_of
from service.storage.accounts.recovery_codes import replace_recovery_codes
from service.storage.database import Connection
from service.storage.matters.history import SYSTEM
from service.storage.rows import take_account_lock
from service.storage.sealing.sealer import KeyedDigest
from service.usecases.accounts.passwords import draw_password
from service.usecases.context import Context

ADMINISTRATOR = "admin"
ADDED, CHANGED, DISABLED, ENABLED = "added", "changed", "disabled", "enabled"
RESET = "password_reset"
MAX_NAME_CHARS, MAX_CODES = 100, 50
# By these names histories tell what no account did: the service, the model, a sender.
_SIGNATURES = frozenset({SYSTEM, "系统", MODEL, "来信人"})


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """What an administrator sees of an account; ``codes`` as they were chosen."""

    name: str
    role: Role
    scope_kind: ScopeKind
    codes: tuple[str, ...]
    is_disabled: bool
    must_change: bool
    has_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """What an account is for: its role, and whose matters."""

    role: Role
    scope_kind: ScopeKind = ScopeKind.WHOLE
    codes: tuple[str, ...] = ()


def ensure_administrator(context: Context) -> str | None:
    """Make the administrator's account where there is no account yet.

    Returns
    -------
    str or None
        The random password (120 bits), to be shown once; None when accounts exist.
    """
    password, hashed = draw_password()
    with context.database.transaction() as connection:
        take_account_lock(connection)
        if store.has_accounts(connection):
            return None
        store.insert_account(connection, ADMINISTRATOR, hashed, Role.ADMINISTRATOR)
    return password


def list_account_names(context: Context) -> list[str]:
    """The names of all who may log in."""
    with context.database.reading() as connection:
        return store.read_account_names(connection)


def list_accounts(context: Context) -> list[AccountDetails]:
    """All accounts by name."""
    with context.database.reading() as connection:
        return [_details(row) for row in store.read_accounts(connection)]


def add_account(context: Context, name: str, duty: Duty) -> str:
    """Add an account, whose password must be changed at the first login.

    Returns
    -------
    str
        The random password (120 bits), to be shown once.

    Raises
    ------
    InvalidInputError
        The name cannot be one, or the role does not go with the scope.
    NameTakenError
        There is such an account.
    """
    if not name or name != name.strip() or not _can_be_name(name):
        raise InvalidInputError(f"账号名称为 1–{MAX_NAME_CHARS} 个可见的字")
    if name.casefold() in _SIGNATURES:
        raise InvalidInputError(f"“{name}”在办理经过里不是账号，不能作账号名称")
    _check_duty(context, duty)
    password, hashed = draw_password()
    with context.database.transaction() as connection:
        take_account_lock(connection)
        if store.read_account(connection, name) is not None:
            raise NameTakenError(name)
        scope = duty.scope_kind, duty.codes
        store.insert_account(connection, name, hashed, duty.role, *scope, must_change=True)
        store.insert_account_event(connection, name, context.now(), ADDED)
    return password


def change_duty(context: Context, name: str, duty: Duty) -> None:
    """Let an account be for something else, and end its sessions.

    Raises
    ------
    InvalidInputError
        The role does not go with the scope, or nobody would administer the whole any more.
    NotFoundError
        There is no such account.
    """
    _check_duty(context, duty)
    columns = {
        "role": duty.role.value,
        "scope_kind": duty.scope_kind.value,
        "scope": list(duty.codes),
    }
    change(context, name, CHANGED, columns)


def set_disabled(context: Context, name: str, is_disabled: bool) -> None:
    """Let nobody log in with an account, or again; its sessions and tokens end.

    An account is never deleted: its name stands in histories, and must not come to mean another.

    Raises
    ------
    InvalidInputError
        Nobody would administer the whole any more.
    NotFoundError
        There is no such account.
    """
    kind = DISABLED if is_disabled else ENABLED
    change(context, name, kind, {"is_disabled": is_disabled}, ends_tokens=True)


def reset_password(context: Context, name: str) -> str:
    """Give an account another password, to be changed at the next login; its sessions and tokens
    end.

    Returns
    -------
    str
        The random password (120 bits), to be shown once.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    password, hashed = draw_password()
    columns = {"password_hash": hashed, "must_change": True}
    change(context, name, RESET, columns, ends_tokens=True)
    return password


def read_known(context: Context, name: str) -> Any:
    """The row of an account, None where no account has or can have that name."""
    if not _can_be_name(name):
        return None
    with context.database.reading() as connection:
        return store.read_account(connection, name)


def as_account(context: Context, row: Any) -> Account:
    """The account of a row, its scope as the organisation in force has it."""
    scope = make_scope(ScopeKind(row.scope_kind), row.scope, context.triage.organisation)
    role = Role(row.role)
    needs_factor = role is Role.ADMINISTRATOR and context.settings.administrators_need_totp
    must_enrol = needs_factor and row.totp_since is None
    return Account(row.name, role, scope, row.must_change, must_enrol)


def change(
    context: Context,
    name: str,
    kind: str,
    columns: Mapping[str, object],
    *,
    ends_tokens: bool = False,
    recovery_digests: Iterable[KeyedDigest] | None = None,
) -> None:
    """Set columns of an account, and record it as ``kind``; its sessions end.

    Parameters
    ----------
    ends_tokens
        Whether its tokens end too.
    recovery_digests
        Its only recovery codes from now on; None where they stay.

    Raises
    ------
    InvalidInputError
        Nobody would administer the whole any more.
    NotFoundError
        There is no such account.
    """
    with context.database.transaction() as connection:
        take_account_lock(connection)
        if not _can_be_name(name) or store.read_account(connection, name) is None:
            raise NotFoundError(f"账号 {name[:MAX_NAME_CHARS]}")
        store.change_account(connection, name, **columns)
        store.delete_logins_of(connection, name)
        if ends_tokens:
            delete_tokens_of(connection, name)
        if recovery_digests is not None:
            replace_recovery_codes(connection, name, recovery_digests)
        store.insert_account_event(connection, name, context.now(), kind)
        _check_administered(connection)


def _check_administered(connection: Connection) -> None:
    if store.count_administrators(connection) == 0:
        raise InvalidInputError("至少要有一个管理全部的管理员")


def _can_be_name(name: str) -> bool:
    return name.isprintable() and len(name) <= MAX_NAME_CHARS


def _check_duty(context: Context, duty: Duty) -> None:
    organisation = context.triage.organisation
    known = {
        ScopeKind.WHOLE: frozenset[str](),
        ScopeKind.COMMITTEE: organisation.committee_by_code.keys(),
        ScopeKind.STUDIO: organisation.studio_by_code.keys(),
        ScopeKind.DEPARTMENT: {one.name for one in organisation.departments},
    }[duty.scope_kind]
    if duty.scope_kind not in SCOPES[duty.role]:
        raise InvalidInputError(f"{duty.role.label_zh}的范围不能是{duty.scope_kind.label_zh}")
    if not known >= set(duty.codes):
        raise InvalidInputError(f"{duty.scope_kind.label_zh}不在名录中")
    if len(duty.codes) > MAX_CODES or bool(duty.codes) != (duty.scope_kind is not ScopeKind.WHOLE):
        raise InvalidInputError(f"请写明范围，1–{MAX_CODES} 个编号；范围为全部的不写")


def _details(row: Any) -> AccountDetails:
    return AccountDetails(
        name=row.name,
        role=Role(row.role),
        scope_kind=ScopeKind(row.scope_kind),
        codes=tuple(row.scope),
        is_disabled=row.is_disabled,
        must_change=row.must_change,
        has_second_factor=row.totp_since is not None,
    )
