"""The plainest intake goes past FastAPI's way, with the same answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from service.errors import ForbiddenError
from service.usecases.context import Context
from service.usecases.status import count_all
from service.web.intake_door import entrant
from service.web.throttle import throttle_of
from tests.service.web.problem_shape import the_problem
from tests.service.web.test_messages_api import MESSAGE, URL
from tests.service.web.visitor import Visitor

STRAIGHT, DECLARED = "application/json", "application/json; charset=utf-8"
TOLD = json.dumps(MESSAGE, ensure_ascii=False).encode()


def post(program: Visitor, body: bytes, way: str, **headers: str) -> Any:
    return program.post(URL, content=body, headers={"content-type": way, **headers})


def close_the_declared_way(app: FastAPI) -> None:
    def refuse() -> None:
        raise ForbiddenError

    app.dependency_overrides[entrant] = refuse


@pytest.mark.parametrize(
    ("way", "headers", "status"),
    [
        (STRAIGHT, {}, 201),
        (DECLARED, {}, 403),
        (STRAIGHT, {"idempotency-key": "1"}, 403),
        (STRAIGHT, {"authorization": "Bearer x"}, 403),
    ],
)
def test_only_the_plainest_goes_straight(
    app: FastAPI, program: Visitor, way: str, headers: dict[str, str], status: int
) -> None:
    close_the_declared_way(app)
    assert post(program, TOLD, way, **headers).status_code == status


def test_what_comes_in_pieces_goes_straight_too(app: FastAPI, program: Visitor) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(TOLD), 50):
            yield TOLD[at : at + 50]

    close_the_declared_way(app)
    response = program.post(URL, content=pieces(), headers={"content-type": STRAIGHT})
    assert response.status_code == 201


def test_both_ways_tell_the_same_receipt(program: Visitor, context: Context) -> None:
    first = post(program, TOLD, STRAIGHT)
    again = [post(program, TOLD, way) for way in (STRAIGHT, DECLARED)]
    assert (first.status_code, *(one.status_code for one in again)) == (201, 200, 200)
    assert again[0].content == again[1].content
    assert again[0].json()["receipt"] == first.json()["receipt"]
    assert count_all(context)["messages"] == 1


@pytest.mark.hostile
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b"[" * 5_000,
        b'{"text": "a", "text": "b"}',
        b'{"text": "a", "sender": {"name": "a", "name": "b"}}',
        b'{"text": 5, "age": 3}',
        b'{"text": "a", "like_count": NaN}',
        b'{"text": "a", "like_count": 1e400}',
        b'{"text": "\\ud800"}',
        b'{"text": " "}',
        b'{"text": "a", "source": "@a"}',
        b'{"text": "a", "sent_at": "1/5/2019"}',
        b'{"text": "a", "channel": "?"}',
        b'{"text": "a", "consent": "?"}',
    ],
)
def test_both_ways_refuse_alike(program: Visitor, body: bytes) -> None:
    straight, declared = (post(program, body, way) for way in (STRAIGHT, DECLARED))
    assert 400 <= straight.status_code < 500
    assert straight.status_code == declared.status_code
    assert straight.content == declared.content


@pytest.mark.parametrize("way", [STRAIGHT, DECLARED])
def test_each_way_counts_a_request_once(app: FastAPI, program: Visitor, way: str) -> None:
    app.state.intake_throttle = throttle_of(2)
    assert post(program, b'{"text": 5}', way).status_code == 422
    assert post(program, TOLD, way).status_code == 201
    the_problem(post(program, TOLD, way), 429, "too_many_requests")
