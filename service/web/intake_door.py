"""The open door of intake: anybody may hand messages in, and a system that bears a token as itself.

A token is honoured or refused, never passed over: who believes to speak as a system must not speak
as anybody. What a system hands in stands under a source that nobody else can name, so that its
numbers cannot be taken by others before it comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from service.domain.access import Permission
from service.domain.message import IncomingMessage
from service.errors import InvalidInputError
from service.web.allowed import Allowed
from service.web.api.message_models import DEFAULT_SOURCE, MAX_SOURCE_CHARS, OF_SYSTEMS
from service.web.dependencies import address_of, bearer_token, find_account, intake_context
from service.web.throttle import Throttle

_MAY_TAKE_IN = Allowed(Permission.TAKE_IN)


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who hands messages in: a system by its account's name, or "" for anybody.

    ``caller`` is what is counted by, in ``throttle``.
    """

    system: str
    caller: str
    throttle: Throttle

    def count(self, messages: int) -> None:
        """Count the further messages of one request: the next ones wait for them."""
        self.throttle.count(self.caller, messages)

    def named(self, incoming: IncomingMessage) -> IncomingMessage:
        """A message as this one's: a system's under its own source.

        Raises
        ------
        InvalidInputError
            The names of system and source are too long together.
        """
        if not self.system:
            return incoming
        own = "" if incoming.source == DEFAULT_SOURCE else f"/{incoming.source}"
        source = f"{OF_SYSTEMS}{self.system}{own}"
        if len(source) > MAX_SOURCE_CHARS:
            raise InvalidInputError(f"账号和 source 的名称合计不超过 {MAX_SOURCE_CHARS - 2} 字")
        return replace(incoming, source=source)


async def entrant(request: Request) -> Entrant:
    """Who hands messages in. Without a token no thread and no database is needed.

    Raises
    ------
    TokenError
        A token is given that opens nothing.
    ForbiddenError, PasswordExpiredError, FactorMissingError
        The token, or its account, may not take messages in.
    TooManyRequestsError
        The address, or the system, has handed in too many.
    """
    if bearer_token(request) is None:
        return _let_in(request.app.state.intake_throttle, "", address_of(request))
    name = await run_in_threadpool(_system, request)
    return _let_in(request.app.state.system_throttle, name, name)


def throttled_intake(request: Request) -> Entrant:
    """Whoever hands messages in on a form, as anybody.

    Raises
    ------
    TooManyRequestsError
        The address has handed in too many.
    """
    return _let_in(request.app.state.intake_throttle, "", address_of(request))


def _system(request: Request) -> str:
    context = intake_context(request)
    account = find_account(request, context)
    assert account is not None  # noqa: S101 - a token is given: it is somebody's, or an error
    return _MAY_TAKE_IN(request, context, account).name


def _let_in(throttle: Throttle, system: str, caller: str) -> Entrant:
    throttle.check(caller)
    return Entrant(system, caller, throttle)


Entering = Annotated[Entrant, Depends(entrant)]
