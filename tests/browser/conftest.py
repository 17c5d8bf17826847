"""A real server with a real database, and Debian's Chromium to visit it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service.app import create_app
from service.usecases.accounts.accounts import ensure_administrator
from service.usecases.context import Context

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_START_SECONDS = 10


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(context: Context) -> Iterator[str]:
    """The desk served on a free port of 127.0.0.1."""
    config = uvicorn.Config(
        create_app(context), host="127.0.0.1", port=0, log_level="warning", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    patience = time.monotonic() + _START_SECONDS
    while not server.started:
        assert time.monotonic() < patience, "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(_START_SECONDS)


@dataclass
class Complaints:
    """Everything that went wrong in a browser without anybody looking."""

    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to all pages of a browser context."""
        context.on("console", lambda m: self._note(m.type in ("error", "warning"), m.text))
        context.on("weberror", lambda e: self._note(True, str(e.error)))
        # Chromium aborts by itself what a page still loads when it is left: its icon, usually.
        context.on(
            "requestfailed",
            lambda r: self._note(r.failure != "net::ERR_ABORTED", f"failed: {r.url} {r.failure}"),
        )
        context.on("response", lambda r: self._note(r.status >= 400, f"{r.status} {r.url}"))
        context.on("request", lambda r: self._note(not _is_local(r.url), f"left: {r.url}"))

    def _note(self, is_wrong: bool, text: str) -> None:
        if is_wrong:
            self.found.append(text)


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1"


@pytest.fixture
def page(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a fresh browser; when the test ends nothing may have gone wrong in it.

    Parametrised indirectly, it takes the options of the browser's context.
    """
    options = {"viewport": {"width": 1280, "height": 860}, **getattr(request, "param", {})}
    context = chromium.new_context(base_url=address, locale="zh-CN", **options)
    complaints = Complaints()
    complaints.watch(context)
    yield context.new_page()
    context.close()
    assert complaints.found == []


@pytest.fixture
def desk(page: Page, context: Context) -> Page:
    """The page, logged in by the form."""
    password = ensure_administrator(context)
    assert password is not None
    page.goto("/")
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    return page
