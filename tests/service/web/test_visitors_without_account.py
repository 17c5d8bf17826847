"""Who is not logged in: what is open, what is closed."""

from __future__ import annotations

import pytest

from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

READS = ("/api/v1/matters", "/api/v1/matters/1", "/api/v1/status")
PAGES = ("/", "/matters/1", "/intake", "/digest", "/digest/2026-W08.html", "/?studio=T1&urgent=1")
ACTS = (
    "/intake",
    "/matters/1/correct",
    "/matters/1/move",
    "/matters/1/reply",
    "/matters/1/reply/1/approve",
    "/matters/1/reply/1/send",
    "/matters/1/consultation",
    "/matters/1/step",
)


@pytest.mark.parametrize("path", READS)
def test_a_program_is_told_to_log_in(program: Visitor, path: str) -> None:
    the_problem(program.get(path), 401, "not_logged_in")


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_is_led_to_the_login_page(citizen: Visitor, path: str) -> None:
    response = citizen.get(path)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/login?next=/")


@pytest.mark.parametrize("path", ACTS)
def test_nothing_can_be_done_without_an_account(citizen: Visitor, path: str) -> None:
    response = citizen.post(path, data={})
    assert response.status_code == 401
    assert "请先登录" in response.text


@pytest.mark.parametrize("cookie", ["", "x", "a.b", "W10.x", "\x7f", "é", "a" * 5000])
def test_a_forged_session_opens_nothing(program: Visitor, cookie: str) -> None:
    header = {"cookie": f"minqing_session={cookie}".encode("latin-1")}
    the_problem(program.get("/api/v1/status", headers=header), 401, "not_logged_in")


@pytest.mark.parametrize("path", ["/login", "/submit", "/healthz", "/readyz", "/static/desk.css"])
def test_what_is_open_is_open(citizen: Visitor, path: str) -> None:
    assert citizen.get(path).status_code == 200


def test_an_unknown_address_is_a_problem_for_programs_and_a_page_for_people(
    program: Visitor, citizen: Visitor
) -> None:
    the_problem(program.get("/api/v1/nothing"), 404, "not_found")
    the_problem(program.get("/nothing"), 404, "not_found")
    page = citizen.get("/nothing")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "找不到所请求的内容" in page.text


def test_a_wrong_method_is_a_problem(program: Visitor) -> None:
    response = program.send("DELETE", "/api/v1/messages")
    the_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"
