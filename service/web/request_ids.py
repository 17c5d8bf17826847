"""Each request has a number of its own, in its answer and in all that is logged of it."""

from __future__ import annotations

import logging
import random
import re
import time
from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
ACCESS_LOG = "minqing.access"
OTHER = "other"
API = "/api/v1"
current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)

_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ABORTED = 499  # nginx's number of a request that was left without an answer
_log = logging.getLogger(ACCESS_LOG)


class RequestIds:
    """ASGI middleware that numbers requests; each that was answered is logged and counted
    (in ``app.state.metrics``).

    A number that comes with the request (``X-Request-ID``, from a proxy or another system) is
    kept where it is up to 64 letters, digits, ``.``, ``_`` or ``-``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the number in a header."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _number_of(scope)
        status, began = _ABORTED, time.perf_counter()

        async def send_with_number(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                numbered = (HEADER.lower().encode(), number.encode())
                message["headers"] = [*message.get("headers", ()), numbered]
            await send(message)

        token = current_request_id.set(number)
        try:
            await self.app(scope, receive, send_with_number)
        finally:
            _tell(scope, status, time.perf_counter() - began)
            current_request_id.reset(token)


def _number_of(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    if _GIVEN.fullmatch(given):
        return given
    return f"{random.getrandbits(128):032x}"


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route = route_of(scope)
    scope["app"].state.metrics.note(scope["method"], route, status, seconds)
    fields = {
        "method": scope["method"][:10],
        "route": route,
        "status": status,
        "ms": round(1000 * seconds, 1),
    }
    _log.info("answered", extra={"fields": fields})


def route_of(scope: Scope) -> str:
    """The address's pattern as the program declares it, ``other`` where it declares none.

    The address itself could hold what a person typed.
    """
    pattern = getattr(scope.get("route"), "path", None)
    if pattern is None:
        return OTHER
    # A route of the API tells its pattern without what the API's router puts before it.
    is_short = scope["path"].startswith(f"{API}/") and not pattern.startswith(API)
    return f"{API}{pattern}" if is_short else pattern
