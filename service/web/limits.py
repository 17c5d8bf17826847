"""The largest request body, checked while it streams in."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import BodyTooLargeError
from service.web.problems import answer


class BodyLimit:
    """ASGI middleware that reads the body, up to the limit, before anything runs.

    Parameters
    ----------
    app
        What comes after.
    max_bytes
        Largest body let through; a longer one is answered with 413.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body read, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self._is_announced_too_large(scope):
            await self._refuse(scope, receive, send)
            return
        read, size = await self._read(receive)
        if size > self.max_bytes:
            await self._refuse(scope, receive, send)
            return
        await self.app(scope, _replay(read, receive), send)

    def _is_announced_too_large(self, scope: Scope) -> bool:
        announced = Headers(scope=scope).get("content-length", "")
        return announced.isdecimal() and int(announced[:20]) > self.max_bytes

    async def _read(self, receive: Receive) -> tuple[list[Message], int]:
        read: list[Message] = []
        size, more = 0, True
        while more and size <= self.max_bytes:
            message = await receive()
            read.append(message)
            size += len(message.get("body", b""))
            more = message["type"] == "http.request" and message.get("more_body", False)
        return read, size

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = BodyTooLargeError(f"上限 {self.max_bytes:,} 字节")
        await answer(error, scope, receive, send)


def _replay(read: list[Message], receive: Receive) -> Receive:
    """A ``receive`` that gives what was read, then what still comes."""
    waiting = iter(read)

    async def replay() -> Message:
        for message in waiting:
            return message
        return await receive()

    return replay
