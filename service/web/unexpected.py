"""The last net: an exception nobody foresaw is logged and answered without its words."""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import MinqingError
from service.web.problems import answer

_log = logging.getLogger("minqing.web")


class CatchUnexpected:
    """ASGI middleware that turns an unforeseen exception into a problem of status 500."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; an exception after the answer has begun is passed on to the server."""
        has_begun = False

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except Exception:
            if has_begun or scope["type"] != "http":
                raise
            _log.exception("unexpected error in %s %s", scope["method"], scope["path"])
            await answer(MinqingError(), scope, receive, send)
