"""Forms count only when they come from a page that we gave this browser."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI

from service.usecases.context import Context
from service.usecases.status import count_all
from tests.service.web.visitor import Visitor

FORMS = ("/logout", "/intake", "/matters/1/correct", "/matters/1/move", "/matters/1/reply")


@pytest.mark.hostile
@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "0" * 64, "é", "\ufffd", "a" * 10_000])
def test_a_form_without_the_right_token_does_nothing(clerk: Visitor, path: str, token: str) -> None:
    response = clerk.post(path, data={"csrf_token": token, "text": "没有令牌的留言"})
    assert response.status_code == 403
    assert "页面已过期" in response.text
    assert clerk.get("/").status_code == 200


def test_another_browsers_token_does_not_count(
    app: FastAPI, clerk: Visitor, context: Context
) -> None:
    stranger = Visitor(app)
    token = re.findall(r'value="([0-9a-f]{64})"', stranger.get("/submit").text)[0]
    response = clerk.post("/submit", data={"csrf_token": token, "text": "冒名的留言"})
    assert response.status_code == 403
    assert count_all(context)["messages"] == 0


def test_a_token_from_before_login_does_not_count_after_it(citizen: Visitor, password: str) -> None:
    token = re.findall(r'value="([0-9a-f]{64})"', citizen.get("/submit").text)[0]
    citizen.fill("/login", name="admin", password=password)
    assert citizen.post("/submit", data={"csrf_token": token, "text": "旧页"}).status_code == 403


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nbroken"),
        ("application/json", b'{"csrf_token": 1}'),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(5000))),
        ("application/x-www-form-urlencoded", b"csrf_token=%ff%fe%00&=&&&==="),
        ("", b"\xff\xfe\x00"),
    ],
)
def test_a_body_that_is_no_form_is_refused_cleanly(
    citizen: Visitor, content_type: str, body: bytes
) -> None:
    response = citizen.post("/submit", content=body, headers={"content-type": content_type})
    assert response.status_code in (400, 403)


def test_a_file_in_a_form_is_refused(citizen: Visitor) -> None:
    response = citizen.post("/look-up/rate", files={"reason": ("a.txt", b"x" * 1000)})
    assert response.status_code == 400
