"""The plainest way to hand a message in: past what FastAPI does for every request.

To solve a route's dependencies costs more than all that a plain message asks of them: no token is
looked up, no key kept, no fault told. Such a request goes straight to the route's function. Every
other one goes the declared way, with what was read of it, and is told there what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from service.errors import InvalidInputError
from service.web.api.message_models import MessageIn
from service.web.dependencies import keys_once
from service.web.intake_door import throttled_intake
from service.web.limits import replay

_TYPE = (b"content-type", b"application/json")
_ASK_FOR_MORE = frozenset([b"authorization", b"idempotency-key"])


class StraightRoute(APIRoute):
    """A route whose function takes a ``request``, the ``message`` in it and the ``entrant``."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["method"] != "POST" or not _is_plain(scope["headers"]):
            await super().handle(scope, receive, send)
            return
        read = await receive()
        message = None if read.get("more_body") else _message_in(read.get("body", b""))
        if message is None:
            await super().handle(scope, replay([read], receive), send)
            return
        request = Request(scope)
        entrant = throttled_intake(request)
        response = await self.endpoint(request=request, message=message, entrant=entrant)
        await response(scope, receive, send)


def _is_plain(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether they say that JSON comes, once, and nothing that is to be looked at besides."""
    told = [(name, value) for name, value in headers if name == _TYPE[0] or name in _ASK_FOR_MORE]
    return told == [_TYPE]


def _message_in(body: bytes) -> MessageIn | None:
    """The message that is handed in; None where anything is wrong with it."""
    try:
        return MessageIn.model_validate(json.loads(body, object_pairs_hook=keys_once))
    except (ValueError, RecursionError, InvalidInputError):
        return None
