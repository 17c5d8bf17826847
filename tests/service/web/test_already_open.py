"""Already open, over HTTP: what anyone is told, what the desk is told, how often."""

from __future__ import annotations

import logging

import pytest
from fastapi import FastAPI

from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

PUBLIC, DESK = "/api/v1/messages:already-open", "/api/v1/matters:already-open"
LAMPS = "庄里镇三合村东巷的路灯从腊月起全黑，老人夜里摔了两跤，请尽快修好。"
DRAFT = {"title": "路灯全黑", "text": "三合村东巷的路灯从腊月起就全黑了，老人夜里摔跤"}
BURST = 10


@pytest.fixture(autouse=True)
def lamps(context: Context) -> None:
    receive_messages(context, [a_message(LAMPS, title="路灯全黑")])


def test_anyone_is_told_what_is_open_and_nothing_that_leads_to_it(program: Visitor) -> None:
    response = program.post(PUBLIC, json=DRAFT)
    assert response.status_code == 200
    (matter,) = response.json()["matters"]
    assert matter == {
        "title": "路灯全黑",
        "place": matter["place"],
        "stage": matter["stage"],
        "since": "2026-03",
        "people": "少于 3 人",
    }
    assert matter["place"].endswith("庄里镇")
    assert "1990000" not in response.text
    assert "set-cookie" not in response.headers


def test_a_title_that_names_somebody_gives_way_to_the_topic(
    program: Visitor, context: Context
) -> None:
    school = "庄里镇中学食堂的饭菜两次吃出虫子，孩子拉肚子，请来检查。"
    receive_messages(context, [a_message(school, title="郭晓芸的孩子吃坏肚子")])
    (matter,) = program.post(PUBLIC, json={"text": school}).json()["matters"]
    assert matter["title"].endswith("”方面的一件事")
    assert "郭" not in matter["title"]


def test_the_desk_is_told_the_numbers(clerk: Visitor) -> None:
    (matter,) = clerk.post(DESK, json=DRAFT).json()["matters"]
    assert (matter["id"], matter["title"], matter["people"]) == (1, "路灯全黑", "1 人")
    assert matter["number"] == "2026-000001"
    assert matter["since"] == "2026-03-04"
    assert 0.6 <= matter["same_p"] <= 1


def test_the_desk_needs_a_login(program: Visitor) -> None:
    the_problem(program.post(DESK, json=DRAFT), 401, "not_logged_in")


@pytest.mark.parametrize("draft", [{}, {"title": ""}, {"text": "路灯"}, {"text": " " * 100}])
def test_a_short_draft_finds_nothing(program: Visitor, draft: dict[str, str]) -> None:
    assert program.post(PUBLIC, json=draft).json() == {"matters": []}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"text": 1}', b'{"text": "x", "other": "y"}'])
def test_what_is_no_draft_is_a_problem(program: Visitor, body: bytes) -> None:
    response = program.post(PUBLIC, content=body, headers={"content-type": "application/json"})
    the_problem(response, 422, "invalid_input")


def test_whoever_asks_too_often_must_wait(app: FastAPI, program: Visitor, clerk: Visitor) -> None:
    answers = [program.post(PUBLIC, json=DRAFT) for _ in range(BURST + 1)]
    assert [answer.status_code for answer in answers] == [200] * BURST + [429]
    the_problem(answers[-1], 429, "too_many_requests")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3
    assert clerk.post(DESK, json=DRAFT).status_code == 200
    assert program.post("/api/v1/messages", json={"text": "庄里镇停水三天。"}).status_code == 201


def test_nothing_of_a_draft_is_logged(program: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    program.post(PUBLIC, json=DRAFT)
    assert "东巷" not in caplog.text


def test_the_forms_ask_at_their_own_address(citizen: Visitor, clerk: Visitor) -> None:
    assert f'data-already-open="{PUBLIC}"' in citizen.get("/submit").text
    assert f'data-already-open="{DESK}"' in clerk.get("/intake").text


def test_a_page_may_ask_its_own_server_alone(citizen: Visitor) -> None:
    assert "connect-src 'self'" in citizen.get("/submit").headers["content-security-policy"]
