"""The pages and the API of accounts, and the account's own page."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import FastAPI

from service.domain.access import Role
from service.usecases.accounts.accounts import Duty, add_account, list_accounts
from service.usecases.context import Context
from tests.service.web.access_world import log_in_as
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

CLERK = {"role": "clerk", "scope": "committee", "codes": ["FP"]}
CHOSEN = "三棵槐树下面的老水井旁边"


def test_an_account_is_added_on_the_page_and_its_password_changed_first(
    app: FastAPI, clerk: Visitor, context: Context
) -> None:
    fields = {"name": "<b>李</b>", "role": "clerk", "scope": "committee", "codes": "FP"}
    page = clerk.fill("/accounts", do="add", **fields)
    assert page.status_code == 200
    assert "<b>李</b>" not in page.text
    password = re.findall("首次登录须更改）：([\\w-]{20})", page.text)[0]
    newcomer = Visitor(app)
    assert newcomer.fill("/login", name="<b>李</b>", password=password).status_code == 303
    assert newcomer.get("/").headers["location"] == "/account"
    the_problem(
        newcomer.get("/api/v1/matters", headers={"accept": "application/json"}),
        403,
        "password_expired",
    )
    weak = {"old": password, "new": "1234567890123", "again": "1234567890123"}
    assert "太容易猜到" in newcomer.fill("/account", "/account/password", **weak).text
    other = {"old": password, "new": CHOSEN, "again": CHOSEN + "x"}
    assert "两次输入" in newcomer.fill("/account", "/account/password", **other).text
    right = {"old": password, "new": CHOSEN, "again": CHOSEN}
    done = newcomer.fill("/account", "/account/password", **right)
    assert done.headers["location"] == "/login"
    assert newcomer.get("/").headers["location"].startswith("/login")
    assert newcomer.fill("/login", name="<b>李</b>", password=CHOSEN).status_code == 303
    assert newcomer.get("/").status_code == 200
    assert newcomer.get("/rules").status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "add", "name": "甲", "role": "king", "scope": "whole"},
        {"do": "add", "name": "甲", "role": "clerk", "scope": "whole"},
        {"do": "add", "name": "", "role": "leader", "scope": "whole"},
        {"do": "disable", "name": "admin"},
        {"do": "destroy", "name": "admin"},
        {},
    ],
)
def test_what_cannot_be_is_told_on_the_page(clerk: Visitor, fields: dict[str, str]) -> None:
    page = clerk.fill("/accounts", **fields)
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_the_api_adds_changes_disables_and_enables(app: FastAPI, context: Context) -> None:
    administrator = log_in_as(app, Role.ADMINISTRATOR)
    made = administrator.post("/api/v1/accounts", json={"name": "甲", **CLERK})
    assert made.status_code == 201
    assert len(made.json()["password"]) == 20
    again = administrator.post("/api/v1/accounts", json={"name": "甲", **CLERK})
    the_problem(again, 409, "name_taken")
    wanted = {"role": "convener", "scope": "studio", "codes": ["T1", "T2"]}
    assert administrator.send("PATCH", "/api/v1/accounts/甲", json=wanted).status_code == 204
    assert administrator.send("DELETE", "/api/v1/accounts/甲").status_code == 204
    told = {
        "name": "甲", "role": "convener", "scope": "studio", "codes": ["T1", "T2"],
        "disabled": True, "must_change": True, "second_factor": False,
    }  # fmt: skip
    assert told in administrator.get("/api/v1/accounts").json()["accounts"]
    assert administrator.post("/api/v1/accounts/甲:enable").status_code == 204
    fresh = administrator.post("/api/v1/accounts/甲:reset-password").json()
    assert fresh["password"] != made.json()["password"]
    the_problem(administrator.send("DELETE", "/api/v1/accounts/无名"), 404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "甲"},
        {"name": "甲", "role": "king"},
        {"name": "甲", "role": "clerk", "scope": "committee", "codes": ["\x00"]},
        {"name": "甲\ud800", "role": "leader"},
        {"name": "甲", "role": "leader", "is_disabled": False},
        {"name": "甲", "role": "leader", "codes": ["x"] * 51},
    ],
)
def test_the_api_refuses_what_cannot_be(
    app: FastAPI, context: Context, body: dict[str, object]
) -> None:
    administrator = log_in_as(app, Role.ADMINISTRATOR)
    header = {"content-type": "application/json"}
    sent = administrator.post("/api/v1/accounts", content=json.dumps(body), headers=header)
    the_problem(sent, 422, sent.json()["code"])
    assert len(list_accounts(context)) == 1


def test_a_session_is_ended_from_another_place(app: FastAPI, clerk: Visitor) -> None:
    context: Context = app.state.context
    password = add_account(context, "甲", Duty(Role.LEADER))
    one, other = Visitor(app), Visitor(app)
    for visitor in (one, other):
        visitor.fill("/login", name="甲", password=password)
    page = other.get("/account").text
    names = re.findall(r'name="session" value="(\w+)"', page)
    assert len(names) == 2
    here = re.findall(r'value="(\w+)">\n<span>[^\n]*\n<span class="badge">本次', page)
    (far,) = set(names) - set(here)
    assert other.fill("/account", "/account/sessions", session=far).status_code == 303
    assert one.get("/account").status_code == 303
    assert other.get("/account").status_code == 200


def test_logging_in_again_ends_the_browsers_old_session(
    app: FastAPI, clerk: Visitor, password: str
) -> None:
    old = clerk.cookies["minqing_session"]
    token = re.findall(r'name="csrf_token" value="(\w+)"', clerk.get("/account").text)[-1]
    fields = {"csrf_token": token, "name": "admin", "password": password}
    assert clerk.post("/login", data=fields).status_code == 303
    assert clerk.cookies["minqing_session"] != old
    thief = Visitor(app)
    thief.cookies.set("minqing_session", old)
    assert thief.get("/").status_code == 303


def test_too_many_wrong_passwords_are_told_as_such(citizen: Visitor, password: str) -> None:
    for _ in range(5):
        assert citizen.fill("/login", name="admin", password="x").status_code == 401
    page = citizen.fill("/login", name="admin", password=password)
    assert page.status_code == 429
    assert "过于频繁" in page.text
