"""Tokens: made on the page and by the API, shown once, ended, taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from service.domain.access import Role
from service.storage import tables
from service.usecases.accounts.accounts import reset_password, set_disabled
from service.usecases.accounts.api_tokens import MAX_TOKENS
from service.usecases.context import Context
from tests.makers import Clock
from tests.service.usecases.books import rows
from tests.service.web.access_world import log_in_as
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

WANTED = {"name": "县长信箱对接", "scopes": ["read"], "days": 30}


def bearing(app: FastAPI, token: str, **headers: str) -> Visitor:
    visitor = Visitor(app, accept="application/json")
    visitor.headers.update({"Authorization": f"Bearer {token}", **headers})
    return visitor


@pytest.fixture
def owner(app: FastAPI) -> Visitor:
    return log_in_as(app, Role.CLERK)


@pytest.fixture
def token(owner: Visitor) -> str:
    made = owner.post("/api/v1/tokens", json=WANTED)
    assert made.status_code == 201
    return str(made.json()["token"])


def test_a_token_is_shown_once_and_kept_as_a_keyed_digest(
    app: FastAPI, context: Context, owner: Visitor, token: str, clock: Clock
) -> None:
    assert re.fullmatch(r"mq_[\w-]{43}", token)
    assert bearing(app, token).get("/api/v1/status").status_code == 200
    (listed,) = owner.get("/api/v1/tokens").json()["tokens"]
    assert (listed["name"], listed["scopes"]) == ("县长信箱对接", ["read"])
    assert listed["seen_at"] == "2026-03-04T09:30:00+08:00"
    (row,) = rows(context, tables.api_token)
    assert token not in str(row)
    assert row["digest"] == context.sealer.current.digest_token(token).digest
    assert row["ends_at"] == clock() + timedelta(days=30)
    (event,) = rows(context, tables.account_event)
    assert (event["kind"], event["detail"]) == ("token_added", str(row["id"]))


def test_a_token_ends(app: FastAPI, token: str, clock: Clock) -> None:
    program = bearing(app, token)
    clock.forward(days=30, seconds=-1)
    assert program.get("/api/v1/status").status_code == 200
    clock.forward(seconds=1)
    the_problem(program.get("/api/v1/status"), 401, "token")


def test_only_its_owner_takes_a_token_back(
    app: FastAPI, context: Context, owner: Visitor, token: str
) -> None:
    (listed,) = owner.get("/api/v1/tokens").json()["tokens"]
    address = f"/api/v1/tokens/{listed['id']}"
    the_problem(log_in_as(app, Role.CONVENER).send("DELETE", address), 404, "not_found")
    assert bearing(app, token).get("/api/v1/status").status_code == 200
    assert owner.send("DELETE", address).status_code == 204
    the_problem(bearing(app, token).get("/api/v1/status"), 401, "token")
    assert [row["kind"] for row in rows(context, tables.account_event)][-1] == "token_revoked"


@pytest.mark.parametrize(
    "given",
    ["", "mq_", "mq_" + "x" * 43, "x" * 5000, "\u202e", "mq_\u4e2d", "mq_' OR 1=1 --"],
)
def test_what_is_no_token_opens_nothing_even_with_a_cookie(
    app: FastAPI, owner: Visitor, given: str
) -> None:
    header = {"authorization": f"Bearer {given}".encode()}
    the_problem(owner.get("/api/v1/status", headers=header), 401, "token")


def test_cookies_do_not_count_beside_a_token(app: FastAPI, owner: Visitor, token: str) -> None:
    assert owner.get("/api/v1/views").status_code == 200
    owner.headers["Authorization"] = f"Bearer {token}"
    the_problem(owner.get("/api/v1/views"), 403, "forbidden")
    the_problem(owner.post("/api/v1/tokens", json=WANTED), 403, "forbidden")


def test_pages_take_no_token(app: FastAPI, token: str) -> None:
    program = bearing(app, token)
    for path in ("/", "/account", "/intake", "/accounts"):
        the_problem(program.get(path), 401, "token")


def test_another_scheme_is_not_ours(app: FastAPI, owner: Visitor) -> None:
    owner.headers["Authorization"] = "Basic eDp5"  # a proxy's own password
    assert owner.get("/api/v1/status").status_code == 200


def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(app: FastAPI, token: str) -> None:
    answers = [bearing(app, f"mq_{number:043d}").get("/api/v1/status") for number in range(22)]
    the_problem(answers[0], 401, "token")
    the_problem(answers[-1], 429, "too_many_requests")
    assert bearing(app, token).get("/api/v1/status").status_code == 200


@pytest.mark.parametrize("act", [set_disabled, reset_password])
def test_a_disabled_account_and_a_lost_password_end_the_tokens(
    app: FastAPI, context: Context, owner: Visitor, token: str, act: Any
) -> None:
    log_in_as(app, Role.ADMINISTRATOR)
    act(context, "clerk", True) if act is set_disabled else act(context, "clerk")
    the_problem(bearing(app, token).get("/api/v1/status"), 401, "token")
    assert rows(context, tables.api_token) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": " "},
        {"name": "\u202e甲"},
        {"name": "x" * 101},
        {"scopes": []},
        {"scopes": ["all"]},
        {"scopes": ["accounts"]},
        {"days": 0},
        {"days": 366},
        {"days": "30"},
        {"other": 1},
    ],
)
def test_what_cannot_be_is_refused(owner: Visitor, change: dict[str, object]) -> None:
    the_problem(owner.post("/api/v1/tokens", json=WANTED | change), 422, "invalid_input")
    assert owner.get("/api/v1/tokens").json() == {"tokens": []}


def test_an_account_has_no_more_than_some_tokens(owner: Visitor) -> None:
    for _ in range(MAX_TOKENS):
        assert owner.post("/api/v1/tokens", json=WANTED).status_code == 201
    the_problem(owner.post("/api/v1/tokens", json=WANTED), 422, "invalid_input")


def test_the_page_makes_a_token_and_takes_it_back(app: FastAPI, clerk: Visitor) -> None:
    fields = {"name": "<b>信箱</b>", "scopes": "read", "days": "30"}
    page = clerk.fill("/account", "/account/tokens", **fields).text
    (token,) = re.findall(r"mq_[\w-]{43}", page)
    assert "<b>信箱" not in page
    assert token not in clerk.get("/account").text
    assert bearing(app, token).get("/api/v1/status").status_code == 200
    (number,) = re.findall(r'name="revoke" value="(\d+)"', page)
    assert clerk.fill("/account", "/account/tokens", revoke=number).status_code == 303
    the_problem(bearing(app, token).get("/api/v1/status"), 401, "token")
    for odd in ({"name": "x", "scopes": "no", "days": "1"}, {"name": "x", "days": "1"}, {}):
        assert clerk.fill("/account", "/account/tokens", **odd).status_code == 422
    assert clerk.fill("/account", "/account/tokens", revoke="9" * 30).status_code == 404


def test_the_document_says_how_one_shows_who_one_is(clerk: Visitor) -> None:
    document = clerk.get("/api/v1/openapi.json").json()
    schemes = document["components"]["securitySchemes"]
    assert schemes["令牌"]["scheme"] == "bearer"
    assert document["paths"]["/api/v1/status"]["get"]["security"] == [{"令牌": []}, {"会话": []}]
    intake = document["paths"]["/api/v1/messages"]["post"]
    assert intake["security"] == [{}, {"令牌": []}]
    assert "security" not in document["paths"]["/api/v1/receipts:look-up"]["post"]
