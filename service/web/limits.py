"""The largest request body, checked while it streams in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import BodyTooLargeError
from service.web.problems import answer

# Where files may be handed in.
_UPLOADS = re.compile(
    r"/submit|/intake|/receptions/[0-9]+/messages|/look-up/supplement"
    r"|/matters/[0-9]+/messages/[0-9]+/attachments|/intake/mail|/api/v1/messages:mail"
    r"|/api/v1/receipts:attach|/api/v1/messages/[0-9]+/attachments"
)
FORM_WITH_FILES, MAIL = "multipart/form-data", "message/rfc822"


class BodyLimit:
    """ASGI middleware that reads the body, up to the limit, before anything runs.

    Parameters
    ----------
    app
        What comes after.
    max_bytes
        Largest body let through; a longer one is answered with 413.
    max_upload_bytes
        The same where files are handed in. Such a body is passed on piece by piece, so that it
        is never whole in memory; what is read beyond the limit raises ``BodyTooLargeError``.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, max_upload_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body read, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        may_be_large = takes_files(scope["path"])
        limit = self.max_upload_bytes if may_be_large else self.max_bytes
        if _announced(scope) > limit:
            await _refuse(limit, scope, receive, send)
            return
        if may_be_large and carries_files(scope):
            await self.app(scope, _counted(receive, limit), send)
            return
        read, size = await self._read(receive)
        if size > self.max_bytes:
            await _refuse(self.max_bytes, scope, receive, send)
            return
        await self.app(scope, replay(_in_one_piece(read), receive), send)

    async def _read(self, receive: Receive) -> tuple[list[Message], int]:
        read: list[Message] = []
        size, more = 0, True
        while more and size <= self.max_bytes:
            message = await receive()
            read.append(message)
            size += len(message.get("body", b""))
            more = message["type"] == "http.request" and message.get("more_body", False)
        return read, size


def _in_one_piece(read: list[Message]) -> list[Message]:
    """A body that was read to its end as one message; what was broken off as it came."""
    if len(read) == 1 or read[-1]["type"] != "http.request":
        return read
    return [{"type": "http.request", "body": b"".join(each.get("body", b"") for each in read)}]


def takes_files(path: str) -> bool:
    """Whether files may be handed in at a path: known before its route is looked for."""
    return _UPLOADS.fullmatch(path) is not None


def carries_files(scope: Scope) -> bool:
    """Whether a request says that its body is a form in parts, as one with files is, or a mail."""
    return media_type(scope) in (FORM_WITH_FILES, MAIL)


def media_type(scope: Scope) -> str:
    """What a request says that its body is, in small letters and without parameters."""
    return Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()


def _announced(scope: Scope) -> int:
    announced = Headers(scope=scope).get("content-length", "")
    return int(announced[:20]) if announced.isdecimal() else 0


async def _refuse(limit: int, scope: Scope, receive: Receive, send: Send) -> None:
    await answer(_too_large(limit), scope, receive, send)


def _too_large(limit: int) -> BodyTooLargeError:
    return BodyTooLargeError(f"上限 {limit:,} 字节")


def _counted(receive: Receive, limit: int) -> Receive:
    """A ``receive`` that gives no more than the limit."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise _too_large(limit)
        return message

    return counted


def replay(read: Iterable[Message], receive: Receive) -> Receive:
    """A ``receive`` that gives what was read, then what still comes."""
    waiting = iter(read)

    async def replay() -> Message:
        for message in waiting:
            return message
        return await receive()

    return replay
