"""What routes ask for: the context, and who is logged in."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request

from service.domain.access import Account
from service.errors import (
    DatabaseUnavailableError,
    InvalidInputError,
    NotLoggedInError,
    OrganisationChangedError,
    TokenError,
    VersionMissingError,
)
from service.usecases.accounts.api_tokens import account_of_token
from service.usecases.accounts.sessions import account_of
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import follow_organisation
from service.web.cookies import session_token
from service.web.limits import carries_files
from service.web.throttle import household

_VERSION_DIGITS = 18
_IfMatch = Annotated[
    str | None,
    Header(
        description="所依据的组织资料的 ETag；此后有人改过，答 412。* 为不论哪一版；不写答 428",
        examples=['"12"'],
    ),
]
_PROGRAMS = "/api/"


async def each_key_once(request: Request) -> None:
    """Refuse a JSON body in which an object has a key twice.

    Which of the two is meant, nobody can know.

    Raises
    ------
    InvalidInputError
        An object of the body has a key twice.
    """
    if carries_files(request.scope):
        return  # no JSON, and too large to be read twice
    body = await request.body()
    with suppress(ValueError, RecursionError):  # no JSON: told where the body is read
        json.loads(body, object_pairs_hook=keys_once)


def keys_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object, for ``json.loads``.

    Raises
    ------
    InvalidInputError
        It has a key twice.
    """
    made = dict(pairs)
    if len(made) < len(pairs):
        raise InvalidInputError("JSON 对象中同一个键出现了两次")
    return made


def get_context(request: Request) -> Context:
    """The application's context, made to follow the organisation in force.

    Where the database is away the last one known goes on: the route tells, if it needs it.
    """
    context: Context = request.app.state.context
    with suppress(DatabaseUnavailableError):
        context = follow_organisation(context)
        request.app.state.context = context
    return context


def intake_context(request: Request) -> Context:
    """The application's context as it is: an intake itself looks which organisation is in force.

    Routes ask for it by themselves: as a dependency it would cost more than all that it does.
    """
    context: Context = request.app.state.context
    return context


def address_of(request: Request) -> str:
    """What failures are counted by: the address or, of IPv6, the network a request comes from."""
    return household(request.client.host) if request.client else ""


def logged_in(request: Request, context: Annotated[Context, Depends(get_context)]) -> Account:
    """Who is logged in; kept in ``request.state.account`` for the page's head.

    Raises
    ------
    NotLoggedInError
        There is no session, or it has ended.
    """
    account = find_account(request, context)
    if account is None:
        raise NotLoggedInError
    return account


def find_account(
    request: Request, context: Annotated[Context, Depends(get_context)]
) -> Account | None:
    """Who is logged in, or None; kept in ``request.state.account`` for the page's head.

    Where a token is given, cookies do not count: a program is what its token says.

    Raises
    ------
    TokenError
        The token opens nothing, or is given to a page.
    TooManyRequestsError
        There were too many wrong tokens from this address.
    """
    request.state.account = None
    given = bearer_token(request)
    if given is not None:
        if not request.url.path.startswith(_PROGRAMS):
            raise TokenError
        request.state.account = account_of_token(context, given, address_of(request))
    elif token := session_token(request):
        request.state.account = account_of(context, token)
    account: Account | None = request.state.account
    return account


def bearer_token(request: Request) -> str | None:
    """The token that a request bears (RFC 6750), "" for one left out; None where it bears none."""
    scheme, *token = request.headers.get("authorization", "").split(maxsplit=1) or [""]
    return "".join(token).strip() if scheme.lower() == "bearer" else None


def version_tag(version: int) -> dict[str, str]:
    """The header that tells the version of the organisation (RFC 9110: a strong ETag)."""
    return {"ETag": f'"{version}"'}


def wanted_version(if_match: _IfMatch = None) -> int | None:
    """The version that a change of the organisation was thought of; None where any will do.

    Raises
    ------
    OrganisationChangedError
        ``If-Match`` names none that there can be.
    VersionMissingError
        There is no ``If-Match``.
    """
    given = (if_match or "").strip()
    if not given:
        raise VersionMissingError
    if given == "*":
        return None
    number = given.removeprefix('"').removesuffix('"')
    if given != f'"{number}"' or not (number.isascii() and number.isdecimal()):
        raise OrganisationChangedError
    return int(number[:_VERSION_DIGITS])


CurrentContext = Annotated[Context, Depends(get_context)]
WantedVersion = Annotated[int | None, Depends(wanted_version)]
LoggedIn = Annotated[Account, Depends(logged_in)]
MaybeLoggedIn = Annotated[Account | None, Depends(find_account)]
MatterId = Annotated[int, Path(ge=1, le=2**63 - 1, description="事项的编号（内部）")]
MessageId = Annotated[int, Path(ge=1, le=2**63 - 1, description="留言的编号（内部）")]
RowId = Annotated[int, Query(ge=0, le=2**63 - 1)]  # 0 for none
