"""The second factor on the pages: set up, asked for, lost."""

from __future__ import annotations

import re

import pyotp
import pytest
from fastapi import FastAPI

from service.app import answer_from
from service.domain.access import Role
from service.usecases.context import Context
from tests.makers import Clock
from tests.service.web.access_world import log_in_as
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

SECRET = re.compile(r'手工输入密钥：<span class="mono">([A-Z2-7]{32})</span>')


def now_code(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(int(clock().timestamp()))


@pytest.fixture
def secret(clerk: Visitor, password: str, clock: Clock) -> str:
    """The administrator's, enrolled a minute ago."""
    page = clerk.fill("/account", "/account/totp", password=password).text
    (found,) = SECRET.findall(page)
    done = clerk.fill("/account", "/account/totp/confirm", code=now_code(found, clock))
    assert done.status_code == 200
    assert len(re.findall(r"<li>[0-9A-Z]{5}-[0-9A-Z]{5}</li>", done.text)) == 10
    clock.forward(minutes=1)
    return found


def test_it_is_set_up_with_a_picture_and_one_code(
    clerk: Visitor, password: str, clock: Clock
) -> None:
    assert clerk.fill("/account", "/account/totp", password="wrong").status_code == 422
    page = clerk.fill("/account", "/account/totp", password=password).text
    assert '<svg class="qr"' in page
    (secret,) = SECRET.findall(page)
    assert secret not in clerk.get("/account").text
    wrong = clerk.fill("/account", "/account/totp/confirm", code="000000")
    assert wrong.status_code == 422
    assert SECRET.findall(wrong.text) == [secret]
    assert clerk.fill("/account", "/account/totp/confirm", code=now_code(secret, clock))
    assert clerk.get("/account").status_code == 303


def test_the_second_step_comes_before_any_session(
    app: FastAPI, secret: str, password: str, clock: Clock
) -> None:
    visitor = Visitor(app)
    step = visitor.fill("/login", name="admin", password=password, next="/intake")
    assert step.status_code == 200
    assert "minqing_session" not in visitor.cookies
    assert visitor.get("/intake").status_code == 303
    (ticket,) = re.findall(r'name="ticket" value="([^"]+)"', step.text)
    told = {"ticket": ticket, "next": "/intake"}
    wrong = visitor.fill("/login", "/login/code", **told, code="000000")
    assert wrong.status_code == 401
    assert "验证码不正确" in wrong.text
    assert "minqing_session" not in visitor.cookies
    right = visitor.fill("/login", "/login/code", **told, code=now_code(secret, clock))
    assert right.headers["location"] == "/intake"
    assert visitor.get("/intake").status_code == 200
    again = Visitor(app).fill("/login", "/login/code", **told, code=now_code(secret, clock))
    assert again.status_code == 401


@pytest.mark.parametrize("ticket", ["", "x", "A" * 300])
def test_a_forged_ticket_leads_nowhere(citizen: Visitor, password: str, ticket: str) -> None:
    answer = citizen.fill("/login", "/login/code", ticket=ticket, code="000000")
    assert answer.status_code == 401
    assert "minqing_session" not in citizen.cookies


def test_a_lost_one_is_reset_by_an_administrator(app: FastAPI, secret: str, password: str) -> None:
    other = log_in_as(app, Role.ADMINISTRATOR)
    listed = {one["name"]: one for one in other.get("/api/v1/accounts").json()["accounts"]}
    assert listed["admin"]["second_factor"]
    other.headers["accept"] = "text/html"
    assert "重置两步验证" in other.get("/accounts").text
    assert other.post("/api/v1/accounts/admin:reset-totp").status_code == 204
    the_problem(other.post("/api/v1/accounts/nobody:reset-totp"), 404, "not_found")
    assert Visitor(app).fill("/login", name="admin", password=password).status_code == 303
    assert other.fill("/accounts", do="reset-totp", name="admin").status_code == 303


def test_one_does_without_it_by_the_password(
    clerk: Visitor, app: FastAPI, secret: str, password: str, clock: Clock
) -> None:
    visitor = Visitor(app)
    step = visitor.fill("/login", name="admin", password=password)
    (ticket,) = re.findall(r'name="ticket" value="([^"]+)"', step.text)
    visitor.fill("/login", "/login/code", ticket=ticket, code=now_code(secret, clock))
    assert "恢复码还有 10 个" in visitor.get("/account").text
    assert visitor.fill("/account", "/account/totp/end", password="x").status_code == 422
    assert visitor.fill("/account", "/account/totp/end", password=password).status_code == 303
    assert visitor.fill("/login", name="admin", password=password).status_code == 303


def test_an_administrator_without_one_does_nothing_where_it_is_required(
    app: FastAPI, clerk: Visitor, context: Context
) -> None:
    settings = context.settings.model_copy(update={"administrators_need_totp": True})
    cookie = clerk.cookies["minqing_session"]
    strict = Context(settings, context.database, context.triage, context.sealer, context.now)
    answer_from(app, strict)
    assert clerk.get("/").headers["location"] == "/account"
    assert "须先开启两步验证" in clerk.get("/account").text
    program = Visitor(app, accept="application/json")
    program.cookies.set("minqing_session", cookie)
    the_problem(program.get("/api/v1/matters"), 403, "factor_missing")
    assert log_in_as(app, Role.CLERK).get("/api/v1/matters").status_code == 200
