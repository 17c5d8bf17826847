"""A visitor of the application: a browser or a program, without a network in between."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
from fastapi import FastAPI

_TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')
_FORM_ID = re.compile(r'name="form_id" value="([^"]+)"')


class Visitor:
    """Keeps cookies from one request to the next, like a browser."""

    def __init__(self, app: FastAPI, accept: str = "text/html") -> None:
        self.app = app
        self.cookies = httpx.Cookies()
        self.headers = {"accept": accept}

    def get(self, path: str, **parts: Any) -> httpx.Response:
        return self.send("GET", path, **parts)

    def post(self, path: str, **parts: Any) -> httpx.Response:
        return self.send("POST", path, **parts)

    def send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """One request; redirects are not followed, exceptions of the application are raised."""
        return asyncio.run(self._send(method, path, **parts))

    async def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        headers = httpx.Headers(self.headers)
        headers.update(parts.pop("headers", {}))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://desk.test", cookies=self.cookies
        ) as client:
            response = await client.request(method, path, headers=headers, **parts)
            self.cookies = client.cookies
        return response

    def fill(self, page: str, target: str = "", files: Any = None, **fields: str) -> httpx.Response:
        """Open a page and send its form, with the tokens that the page carries."""
        html = self.get(page).text
        hidden = {"csrf_token": _TOKEN.findall(html)[-1]}
        if form_id := _FORM_ID.search(html):
            hidden["form_id"] = form_id[1]
        path = target or page.partition("?")[0]
        return self.post(path, data=hidden | fields, files=files)
