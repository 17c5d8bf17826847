"""职责目录建议 by the API and on the page 办理规则: read, tried, accepted, declined."""

from __future__ import annotations

from typing import Any

import pytest

from service.usecases.administration.rules import list_rules, save_rules
from service.usecases.context import Context
from tests.service.settled import RIGHT, TOPIC, WRONG, settle_elsewhere
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

ADDRESS = "/api/v1/duty-suggestions"
FORM = {"topic": TOPIC, "department": RIGHT}


@pytest.fixture
def matters(context: Context) -> list[int]:
    save_rules(context, (), "管理员")
    return settle_elsewhere(context, 5)


def test_a_program_reads_and_accepts(clerk: Visitor, context: Context, matters: list[int]) -> None:
    (found,) = clerk.get(ADDRESS).json()["suggestions"]
    spoke = found.pop("matters")
    assert [one["id"] for one in spoke] == matters[::-1]
    assert found == {
        "topic": TOPIC,
        "current": WRONG,
        "rule": "",
        "department": RIGHT,
        "settled_count": 5,
        "returned_count": 5,
        "ended_count": 5,
    }
    body = {"department": RIGHT}
    assert clerk.send("POST", f"{ADDRESS}/{TOPIC}:accept", json=body).status_code == 204
    assert [rule.department for rule in list_rules(context)] == [RIGHT]
    assert clerk.get(ADDRESS).json() == {"suggestions": []}
    again = clerk.send("POST", f"{ADDRESS}/{TOPIC}:accept", json=body)
    the_problem(again, 404, "not_found")


def test_a_program_declines(clerk: Visitor, context: Context, matters: list[int]) -> None:
    body = {"department": RIGHT}
    assert clerk.send("POST", f"{ADDRESS}/{TOPIC}:decline", json=body).status_code == 204
    assert clerk.get(ADDRESS).json() == {"suggestions": []}
    assert list_rules(context) == ()


def test_no_sender_is_told(clerk: Visitor, matters: list[int]) -> None:
    for text in (clerk.get(ADDRESS).text, clerk.get("/rules").text):
        assert "陈某" not in text
        assert "19900001111" not in text
        assert "灌渠" not in text


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (TOPIC, {}),
        (TOPIC, {"department": ""}),
        (TOPIC, {"department": 7}),
        (TOPIC, {"department": "局" * 101}),
        (TOPIC, {"department": RIGHT, "topic": TOPIC}),
        (TOPIC, {"department": WRONG}),
        (TOPIC, {"department": "\x00"}),
        ("012345678", {"department": RIGHT}),
        ("%00", {"department": RIGHT}),
        ("9999", {"department": RIGHT}),
    ],
)
@pytest.mark.parametrize("decision", ["accept", "decline"])
def test_what_is_not_suggested_changes_nothing(
    clerk: Visitor,
    context: Context,
    matters: list[int],
    code: str,
    body: dict[str, Any],
    decision: str,
) -> None:
    answer = clerk.send("POST", f"{ADDRESS}/{code}:{decision}", json=body)
    told = {404: "not_found", 422: "invalid_input"}
    the_problem(answer, answer.status_code, told[answer.status_code])
    assert list_rules(context) == ()
    assert len(clerk.get(ADDRESS).json()["suggestions"]) == 1


def test_the_page_shows_what_speaks_for_it(clerk: Visitor, matters: list[int]) -> None:
    page = clerk.get("/rules").text
    assert "职责目录建议" in page
    assert f"{WRONG}退单成立 5 件，最后由{RIGHT}承办 5 件" in page
    assert f'href="/matters/{matters[0]}"' in page


def test_the_page_tries_accepts_and_declines(
    clerk: Visitor, context: Context, matters: list[int]
) -> None:
    tried = clerk.fill("/rules", "/rules/suggestions", **FORM, decision="try")
    assert tried.status_code == 200
    assert "试运行 5 件留言：5 件会变" in tried.text
    assert list_rules(context) == ()
    answer = clerk.fill("/rules", "/rules/suggestions", **FORM, decision="accept")
    assert answer.headers["location"] == "/rules?done=accept"
    page = clerk.get("/rules?done=accept").text
    assert "已采纳" in page
    assert "职责目录建议" not in page
    assert [rule.department for rule in list_rules(context)] == [RIGHT]


def test_the_page_remembers_what_was_declined(clerk: Visitor, matters: list[int]) -> None:
    answer = clerk.fill("/rules", "/rules/suggestions", **FORM, decision="decline")
    page = clerk.get(answer.headers["location"]).text
    assert "已记下不采纳" in page
    assert "职责目录建议" not in page


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({**FORM, "decision": "grant"}, 422),
        ({"topic": TOPIC, "department": "<b>", "decision": "accept"}, 404),
        ({"topic": "\x00", "department": RIGHT, "decision": "try"}, 404),
        ({"topic": "1" * 9000, "department": RIGHT, "decision": "decline"}, 404),
    ],
)
def test_a_form_of_anything_else_is_refused(
    clerk: Visitor, matters: list[int], form: dict[str, str], status: int
) -> None:
    answer = clerk.fill("/rules", "/rules/suggestions", **form)
    assert answer.status_code == status
    assert "<b>" not in answer.text


def test_a_form_without_its_token_is_refused(clerk: Visitor, matters: list[int]) -> None:
    form = {**FORM, "decision": "accept"}
    assert clerk.post("/rules/suggestions", data=form).status_code == 403
