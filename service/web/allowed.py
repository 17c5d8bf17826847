"""Who may use a route: each declares its permission here, and those without one do not start."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from service.domain.access import Account, Permission, ScopeKind
from service.errors import FactorMissingError, NotFoundError, PasswordExpiredError
from service.usecases.context import Context
from service.usecases.matters import access
from service.web.dependencies import CurrentContext, LoggedIn

PUBLIC = frozenset(
    {
        "/api/v1/openapi.json",
        "/api/v1/messages",
        "/api/v1/messages:batch",
        "/api/v1/messages:already-open",
        "/api/v1/receipts:look-up",
        "/api/v1/receipts:rate",
        "/api/v1/receipts:supplement",
        "/api/v1/receipts:attach",
        "/healthz",
        "/readyz",
        "/metrics",  # asks itself for an address or a token
        "/login",
        "/login/code",
        "/logout",
        "/look-up",
        "/look-up/rate",
        "/look-up/supplement",
        "/submit",
        "/static",
    }
)
_ID = re.compile("[1-9][0-9]{0,18}")

# By the names that ids have in addresses: what must lie in the account's scope.
_OBJECTS: Mapping[str, Callable[[Context, Account, int], None]] = {
    "matter_id": access.check_matter,
    "other": access.check_matter,
    "message_id": access.check_message,
    "attachment_id": access.check_attachment,
    "reply_id": access.check_reply,
    "reception_id": access.check_reception,
}


class Allowed:
    """The one decision before a route: who is logged in has one of these permissions, for what
    the address names.
    """

    def __init__(self, *permissions: Permission) -> None:
        self.permissions = permissions

    def __call__(self, request: Request, context: CurrentContext, account: LoggedIn) -> Account:
        """Who is logged in.

        Raises
        ------
        ForbiddenError
            The account's role has none of the permissions.
        NotFoundError
            What the address names lies outside the account's scope, or is not there.
        FactorMissingError
            A second factor must be set up first.
        PasswordExpiredError
            The password must be changed first.
        """
        access.check_allowed(account, *self.permissions)
        if self.permissions != (Permission.OWN,):
            _check_ready(account)
        if account.scope.kind is not ScopeKind.WHOLE:
            _check_objects(request, context, account)
        return account


def _check_ready(account: Account) -> None:
    if account.must_change:
        raise PasswordExpiredError
    if account.must_enrol:
        raise FactorMissingError


def _check_objects(request: Request, context: Context, account: Account) -> None:
    """Let what the address names pass if it lies in the account's scope.

    A number written otherwise than we write it could still be read as one: it is not there.
    """
    for name, check in _OBJECTS.items():
        given = request.path_params.get(name)
        if given is None:
            continue
        if not _ID.fullmatch(given):
            raise NotFoundError(given[:40])
        check(context, account, int(given))


@dataclass(frozen=True, slots=True)
class Declared:
    """A route as it can be asked for, and the permissions it declares: none where it is open."""

    methods: frozenset[str]
    path: str
    permissions: tuple[Permission, ...]


def list_declared(app: FastAPI) -> list[Declared]:
    """All routes of an application."""
    return [
        Declared(
            frozenset(route.methods or ()),
            route.path or "",
            next((one.permissions for one in _allowed_of(getattr(route, "dependant", None))), ()),
        )
        for route in iter_route_contexts(app.routes)
    ]


def _allowed_of(dependant: Dependant | None) -> Iterator[Allowed]:
    if dependant is None:
        return
    if isinstance(dependant.call, Allowed):
        yield dependant.call
    for below in dependant.dependencies:
        yield from _allowed_of(below)


def check_declared(app: FastAPI) -> None:
    """Refuse to start with a route that nobody said who may use.

    Raises
    ------
    AssertionError
        A route has neither a permission nor is it open to all.
    """
    for route in list_declared(app):
        if not route.permissions and route.path not in PUBLIC:
            raise AssertionError(f"{sorted(route.methods)} {route.path} declares no permission")


MayOwn = Annotated[Account, Depends(Allowed(Permission.OWN))]
MayRead = Annotated[Account, Depends(Allowed(Permission.READ))]
MayReadOriginal = Annotated[Account, Depends(Allowed(Permission.READ_ORIGINAL))]
MaySearch = Annotated[Account, Depends(Allowed(Permission.SEARCH))]
MayDigest = Annotated[Account, Depends(Allowed(Permission.DIGEST))]
MayTakeIn = Annotated[Account, Depends(Allowed(Permission.TAKE_IN))]
MayReceive = Annotated[Account, Depends(Allowed(Permission.RECEIVE))]
MayCorrect = Annotated[Account, Depends(Allowed(Permission.CORRECT))]
MayClaim = Annotated[Account, Depends(Allowed(Permission.CLAIM))]
MayJoin = Annotated[Account, Depends(Allowed(Permission.JOIN))]
MayMove = Annotated[
    Account, Depends(Allowed(Permission.HANDLE, Permission.DIRECT, Permission.URGE))
]
MayDecide = Annotated[Account, Depends(Allowed(Permission.HANDLE, Permission.DIRECT))]
MayAct = Annotated[Account, Depends(Allowed(Permission.CLAIM, Permission.DIRECT))]
MayConsult = Annotated[Account, Depends(Allowed(Permission.CONSULT))]
MayDraft = Annotated[Account, Depends(Allowed(Permission.DRAFT))]
MayCheck = Annotated[Account, Depends(Allowed(Permission.CHECK))]
MaySign = Annotated[Account, Depends(Allowed(Permission.SIGN))]
MayRule = Annotated[Account, Depends(Allowed(Permission.RULE))]
MayOrganise = Annotated[Account, Depends(Allowed(Permission.ORGANISE))]
MayErase = Annotated[Account, Depends(Allowed(Permission.ERASE))]
MayDeliver = Annotated[Account, Depends(Allowed(Permission.DELIVER))]
MayAdminister = Annotated[Account, Depends(Allowed(Permission.ACCOUNTS))]
