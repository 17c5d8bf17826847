"""Logging in and out."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from service.domain.access import Role
from service.usecases.accounts.accounts import Duty, add_account
from service.usecases.context import Context
from tests.makers import Clock
from tests.service.web.visitor import Visitor


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(
    citizen: Visitor, password: str
) -> None:
    response = citizen.fill("/login", name="admin", password=password)
    session = next(c for c in response.headers.get_list("set-cookie") if "session" in c)
    assert "HttpOnly" in session
    assert "samesite=lax" in session.lower()
    assert "Secure" not in session


def test_over_https_the_cookie_stays_there(citizen: Visitor, password: str) -> None:
    page = citizen.get("https://desk.test/login")
    assert all("Secure" in cookie for cookie in page.headers.get_list("set-cookie"))


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("admin", "wrong"),
        ("nobody", "x"),
        ("", ""),
        ("a" * 500, "b" * 9000),
        ("'; DROP TABLE account; --", "\x00"),
    ],
)
def test_a_wrong_password_is_refused_without_saying_why(
    citizen: Visitor, password: str, name: str, word: str
) -> None:
    response = citizen.fill("/login", name=name, password=word)
    assert response.status_code == 401
    assert "用户名或密码不正确" in response.text
    assert "minqing_session" not in citizen.cookies


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/matters/7?head=kind", "/matters/7?head=kind"),
        ("https://elsewhere.test/", "/"),
        ("//elsewhere.test/", "/"),
        ("/\\elsewhere.test/", "/"),
        ("/\t/elsewhere.test/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_login_one_stays_on_this_site(
    citizen: Visitor, password: str, wanted: str, reached: str
) -> None:
    response = citizen.fill("/login", name="admin", password=password, next=wanted)
    assert response.headers["location"] == reached


def test_who_is_logged_in_does_not_see_the_login_page(clerk: Visitor) -> None:
    assert clerk.get("/login?next=/intake").headers["location"] == "/intake"


def test_after_logout_the_session_is_over_even_for_a_kept_cookie(clerk: Visitor) -> None:
    kept = clerk.cookies["minqing_session"]
    assert clerk.fill("/", "/logout").headers["location"] == "/login"
    clerk.cookies.set("minqing_session", kept)
    assert clerk.get("/").headers["location"].startswith("/login")


def test_a_browser_one_logged_in_from_before_is_let_in_while_others_guess(
    app: FastAPI, citizen: Visitor, password: str
) -> None:
    assert citizen.fill("/login", name="admin", password=password).status_code == 303
    device = citizen.cookies["minqing_device"]
    assert "admin" not in device
    assert citizen.fill("/account", "/logout").status_code == 303
    stranger = Visitor(app)
    for _ in range(6):
        last = stranger.fill("/login", name="admin", password="x")
    assert last.status_code == 429
    assert stranger.fill("/login", name="admin", password=password).status_code == 429
    assert citizen.fill("/login", name="admin", password=password).status_code == 303
    for forged in ("x", device[:-1], device + "x", device.replace(".", "")):
        stranger.cookies.set("minqing_device", forged, domain="desk.test")
        assert stranger.fill("/login", name="admin", password=password).status_code == 429


def test_a_device_is_known_for_its_own_account_only(
    app: FastAPI, context: Context, citizen: Visitor, password: str
) -> None:
    other = add_account(context, "甲", Duty(Role.LEADER))
    citizen.fill("/login", name="admin", password=password)
    stranger = Visitor(app)
    for _ in range(6):
        stranger.fill("/login", name="甲", password="x")
    citizen.fill("/account", "/logout")
    assert citizen.fill("/login", name="甲", password=other).status_code == 429


def test_a_session_ends_by_itself(clerk: Visitor, clock: Clock) -> None:
    assert clerk.get("/").status_code == 200
    clock.forward(hours=12)
    assert clerk.get("/").status_code == 303
