"""Bodies: how large, how broken. Never a 5xx."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from fastapi import FastAPI

from service.errors import DatabaseUnavailableError
from service.usecases.context import Context
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

JSON = {"content-type": "application/json"}


def post_raw(program: Visitor, body: bytes, path: str = "/api/v1/messages") -> Any:
    return program.post(path, content=body, headers=JSON)


def test_a_body_beyond_the_limit_is_refused(program: Visitor, context: Context) -> None:
    body = b"x" * (context.settings.max_body_bytes + 1)
    problem = the_problem(post_raw(program, body), 413, "body_too_large")
    assert "2,000,000" in problem["detail"]


def test_a_streamed_body_is_refused_as_soon_as_it_is_too_large(app: FastAPI) -> None:
    """No length is announced, and the sender never stops by itself."""
    sent: list[dict[str, Any]] = []
    given = 0

    async def receive() -> dict[str, Any]:
        nonlocal given
        given += 100_000
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/messages",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 413
    assert given <= 2_200_000


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "²", "9" * 400])
def test_an_odd_announced_length_is_no_error_of_ours(program: Visitor, length: str) -> None:
    headers: dict[Any, Any] = {b"content-type": b"application/json"}
    headers[b"content-length"] = length.encode("latin-1")
    response = program.post("/api/v1/messages", content=b"{}", headers=headers)
    assert response.status_code in (413, 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"text": "\xff"}',
        b'{"text": NaN}',
        b'{"text": "x", "like_count": NaN}',
        b'{"text": "x", "like_count": Infinity}',
        b'{"text": "x", "like_count": 1e400}',
        b'{"text": "x", "like_count": ' + b"9" * 5000 + b"}",
        b'{"text": "x", "like_count": -1}',
        b'{"text": "x", "like_count": true}',
        b'{"text": "x", "like_count": "1"}',
        b'{"text": "x", "like_count": 99999999999}',
        b'{"text": 5}',
        b'{"text": ["x"]}',
        b'{"text": "x", "sender": "name"}',
        b'{"text": "x", "sender": {"name": 1}}',
        b'{"text": "x", "unknown": 1}',
        b'{"text": "x", "\\ud800": 1}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\udfff\\ud800", "title": "x"}',
        b'{"text": "a\\u0000b"}',
        b'{"text": "x", "title": "\\u0000"}',
        b'{"text": "x", "source": "\\u0000"}',
        b'{"text": "x", "sent_at": "\\ud800"}',
        b'{"text": "x", "sent_at": "yesterday"}',
        b'{"text": "x", "sent_at": "2026-02-30"}',
        b'{"text": "x", "sent_at": "2999-01-01"}',
        b'{"text": "x", "channel": "pigeon"}',
        b'{"text": "x", "source": ""}',
        b'{"text": "   \\n\\t"}',
        b'{"text": ""}',
        b"[" * 100_000,
        b'{"text":' * 50_000,
        b'{"text": "x", "sender": ' + b"[" * 900 + b"]" * 900 + b"}",
    ],
    ids=lambda body: repr(body[:48]),
)
@pytest.mark.parametrize("path", ["/api/v1/messages", "/api/v1/messages:batch"])
def test_a_broken_body_is_a_clear_problem(
    program: Visitor, context: Context, path: str, body: bytes
) -> None:
    response = post_raw(program, body, path)
    assert response.status_code in (400, 422)
    the_problem(response, response.status_code, response.json()["code"])


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/xml", "multipart/form-data"]
)
def test_another_content_type_is_refused(program: Visitor, content_type: str) -> None:
    response = program.post(
        "/api/v1/messages", content=b'{"text": "x"}', headers={"content-type": content_type}
    )
    assert response.status_code == 422


def test_an_unforeseen_error_is_logged_and_not_told(
    program: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("the inner secret")

    monkeypatch.setattr("service.web.api.messages.begin_to_receive", break_down)
    with caplog.at_level(logging.ERROR):
        response = post_raw(program, b'{"text": "x"}')
    the_problem(response, 500, "internal")
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "the inner secret" in caplog.text


def test_a_database_that_is_away_is_told_with_when_to_come_again(
    program: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise DatabaseUnavailableError

    monkeypatch.setattr("service.web.api.messages.begin_to_receive", unreachable)
    response = post_raw(program, b'{"text": "x"}')
    the_problem(response, 503, "database_unavailable")
    assert response.headers["retry-after"] == "5"
