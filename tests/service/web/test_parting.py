"""A message with several demands, taken as parts: by the API and on the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修"
MEALS = "中心小学食堂的饭菜里两次吃出虫子，家长要求教育部门查一查学校食堂"
TEXT = f"您好，反映两件事。\n1、{LAMP}。\n2、{MEALS}。我是陈某，电话19900001111。"
CUT = TEXT.index("2、")


@pytest.fixture
def message_id(context: Context) -> int:
    """A message that is offered as two parts."""
    sender = SenderDetails("陈某", "19900001111")
    message = a_message(TEXT, title="两件事", sender=sender)
    return receive_messages(context, [message])[0].message_id


def body(*bounds: tuple[object, object], **more: object) -> dict[str, object]:
    return {"parts": [{"start": start, "end": end} for start, end in bounds], **more}


BOTH = body((0, CUT), (CUT, len(TEXT)), reason="路灯和食堂")


def test_the_offer_is_told_masked(clerk: Visitor, message_id: int) -> None:
    found = clerk.get(f"/api/v1/messages/{message_id}/parts").json()
    assert (found["state"], found["decided_by"], found["decided_at"]) == ("offered", "", None)
    assert [(part["start"], part["end"]) for part in found["parts"]] == [
        (0, CUT),
        (CUT, len(TEXT)),
    ]
    assert [part["matter"] for part in found["parts"]] == [None, None]
    assert "19900001111" not in str(found)
    assert clerk.get("/api/v1/matters").json()["offered"] == [found["matter_id"]]


def test_parts_are_confirmed_and_undone_by_the_api(clerk: Visitor, message_id: int) -> None:
    path = f"/api/v1/messages/{message_id}/parts"
    receipt = clerk.get(path).json()["receipt"]
    found = clerk.post(path, json=BOTH).json()
    assert (found["state"], found["decided_by"], found["receipt"]) == (
        "confirmed",
        "admin",
        receipt,
    )
    first, second = found["parts"]
    assert (first["stays"], second["stays"]) == (True, False)
    assert first["matter"]["id"] == found["matter_id"] != second["matter"]["id"]
    assert "19900001111" not in str(found)
    case = clerk.get(f"/api/v1/matters/{second['matter']['id']}").json()
    (demand,) = case["demands"]
    assert (demand["part_of"], demand["receipt"]) == (message_id, receipt)
    assert clerk.get(f"/api/v1/messages/{demand['message_id']}/parts").json() == found
    the_problem(clerk.post(path, json=BOTH), 409, "parted")
    the_problem(clerk.post(f"{path}:decline", json={}), 409, "parted")
    assert clerk.post(f"{path}:undo", json={"reason": "一件事"}).status_code == 204
    after = clerk.get(path).json()
    assert (after["state"], [part["matter"] for part in after["parts"]]) == (
        "undone",
        [None, None],
    )
    the_problem(clerk.post(f"{path}:undo", json={}), 422, "invalid_input")


def test_one_receipt_tells_of_each_part(clerk: Visitor, program: Visitor) -> None:
    sent = {
        "title": "两件事",
        "text": TEXT,
        "sent_at": "2026-03-03 08:10",
        "sender": {"name": "陈某", "phone": "19900001111"},
    }
    first = program.post("/api/v1/messages", json=sent).json()
    assert first["parts"] == []
    case = clerk.get(f"/api/v1/matters/{first['matter']['id']}").json()
    number = case["demands"][0]["message_id"]
    confirmed = clerk.post(f"/api/v1/messages/{number}/parts", json=BOTH).json()
    again = program.post("/api/v1/messages", json=sent).json()
    assert (again["receipt"], again["is_new"]) == (first["receipt"], False)
    assert [part["number"] for part in again["parts"]] == [
        part["matter"]["number"] for part in confirmed["parts"]
    ]
    assert again["parts"][1]["text"].startswith("2、中心小学")
    assert again["parts"][1].keys() == {"text", "number", "status", "due_at"}
    assert "19900001111" not in str(again["parts"])


def test_an_offer_is_declined_once(clerk: Visitor, message_id: int) -> None:
    path = f"/api/v1/messages/{message_id}/parts"
    assert clerk.post(f"{path}:decline", json={}).status_code == 204
    assert clerk.get(path).json()["state"] == "declined"
    the_problem(clerk.post(f"{path}:decline", json={}), 409, "parted")
    assert clerk.get("/api/v1/matters").json()["offered"] == []


def test_a_part_of_a_closed_matter_is_not_undone(clerk: Visitor, message_id: int) -> None:
    path = f"/api/v1/messages/{message_id}/parts"
    other = clerk.post(path, json=BOTH).json()["parts"][1]["matter"]["id"]
    page = f"/matters/{other}"
    if "确认交办" in clerk.get(page).text:
        clerk.fill(page, f"{page}/move", move="dispatched")
    assert clerk.fill(page, f"{page}/move", move="closed", note="已查").status_code == 303
    problem = the_problem(clerk.post(f"{path}:undo", json={}), 409, "illegal_move")
    assert "已办结，不能撤回分件" in problem["detail"]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        body(),
        body((0, CUT)),
        body((CUT, 0), (CUT, CUT + 9)),
        body((0, CUT + 3), (CUT, len(TEXT))),
        body((CUT, len(TEXT)), (0, CUT)),
        body((0, CUT), (CUT, len(TEXT) + 1)),
        body((0, CUT), (CUT, CUT)),
        body((-1, CUT), (CUT, len(TEXT))),
        body((0, CUT), (CUT, 2**63)),
        body(("0", CUT), (CUT, len(TEXT))),
        body((0.5, CUT), (CUT, len(TEXT))),
        body((True, CUT), (CUT, len(TEXT))),
        body((None, CUT), (CUT, len(TEXT))),
        body(*((place, place + 1) for place in range(11))),
        {**BOTH, "stays": 2},
        {**BOTH, "stays": -1},
        {**BOTH, "reason": "长" * 501},
        {**BOTH, "reason": "\ud800"},
        {**BOTH, "extra": 1},
        {"parts": [{"start": 0, "end": CUT, "text": "路灯"}] * 2},
    ],
)
def test_what_cannot_be_is_a_problem(
    clerk: Visitor, message_id: int, wanted: dict[str, Any]
) -> None:
    path = f"/api/v1/messages/{message_id}/parts"
    before = clerk.get(path).json()
    headers = {"content-type": "application/json"}
    answer = clerk.post(path, content=json.dumps(wanted), headers=headers)
    the_problem(answer, 422, "invalid_input")
    assert clerk.get(path).json() == before


@pytest.mark.parametrize(
    ("number", "status"), [(0, 422), (-1, 422), (2**63, 422), (999, 404), ("x", 422)]
)
def test_what_is_not_there_is_not_found(
    clerk: Visitor, message_id: int, number: object, status: int
) -> None:
    path = f"/api/v1/messages/{number}/parts"
    code = "not_found" if status == 404 else "invalid_input"
    the_problem(clerk.get(path, headers={"accept": "application/json"}), status, code)
    the_problem(clerk.post(path, json=BOTH), status, code)
    for act in (":decline", ":undo"):
        the_problem(clerk.post(path + act, json={}), status, code)


@pytest.mark.parametrize("act", ["", ":decline", ":undo"])
def test_nobody_decides_without_a_login(program: Visitor, message_id: int, act: str) -> None:
    path = f"/api/v1/messages/{message_id}/parts"
    the_problem(program.get(path), 401, "not_logged_in")
    the_problem(program.post(path + act, json=BOTH), 401, "not_logged_in")


def test_a_form_without_its_token_is_refused(clerk: Visitor, message_id: int) -> None:
    for path in ("parts", "parts/decline", "parts/undo"):
        answer = clerk.post(f"/messages/{message_id}/{path}", data={"act": "confirm"})
        assert answer.status_code == 403


def fields(*bounds: tuple[int, int], **more: str) -> dict[str, str]:
    spans = {
        f"{name}-{place}": str(value)
        for place, span in enumerate(bounds)
        for name, value in zip(("start", "end"), span, strict=True)
    }
    return {**spans, "stays": "0", **more}


def test_a_clerk_sees_the_parts_marked_and_confirms_them(clerk: Visitor, message_id: int) -> None:
    assert clerk.get("/").text.count("可能说了几件事") == 1
    case = f"/matters/{clerk.get(f'/api/v1/messages/{message_id}/parts').json()['matter_id']}"
    assert "可能说了 2 件事" in clerk.get(case).text
    page = f"/messages/{message_id}/parts"
    shown = clerk.get(page).text
    assert shown.count("<mark class=") == 2
    assert "是一件事，不分" in shown
    moved = fields((0, CUT - 5), (CUT, len(TEXT)), act="look")
    answer = clerk.fill(page, page, **moved)
    assert answer.status_code == 200
    assert f"第 0–{CUT - 5} 字" in answer.text
    confirmed = clerk.fill(page, page, **{**moved, "act": "confirm", "reason": "两件"})
    assert confirmed.headers["location"] == f"{case}?message={message_id}&done=parted"
    told = clerk.get(confirmed.headers["location"]).text
    assert "已分件。原文和回执不变" in told
    assert "这条来信已分为 2 件" in told
    assert "两件" in told
    assert "可能说了几件事" not in clerk.get("/").text
    assert "撤回分件" in clerk.get(page).text
    undone = clerk.fill(page, f"{page}/undo", reason="算了")
    assert "已撤回分件" in clerk.get(undone.headers["location"]).text
    assert "是一件事，不分" not in clerk.get(page).text


def test_a_clerk_drops_and_adds_parts_and_is_told_what_is_wrong(
    clerk: Visitor, message_id: int
) -> None:
    page = f"/messages/{message_id}/parts"
    three = fields((0, 9), (9, CUT), (CUT, len(TEXT)), act="confirm", **{"drop-0": "1"})
    few = clerk.fill(page, page, **{**three, "drop-1": "1"})
    assert few.status_code == 422
    assert "应分为 2 至 10 件" in few.text
    for wrong in ("", "x", "9" * 30, "-1", "１"):
        answer = clerk.fill(page, page, **{**three, "start-1": wrong})
        assert answer.status_code == 422
        assert "起止不正确" in answer.text
    added = clerk.fill(page, page, **{**fields((0, 9), (9, CUT)), "act": "add"})
    assert f"第 {CUT}–{len(TEXT)} 字" in added.text
    answer = clerk.fill(page, page, **three, **{})
    assert answer.status_code == 303
    found = clerk.get(f"/api/v1/messages/{message_id}/parts").json()["parts"]
    assert [part["start"] for part in found] == [9, CUT]
    again = clerk.fill("/intake", page, **three)
    assert again.status_code == 409


def test_an_offer_is_declined_on_the_page(clerk: Visitor, message_id: int) -> None:
    page = f"/messages/{message_id}/parts"
    answer = clerk.fill(page, f"{page}/decline")
    shown = clerk.get(answer.headers["location"]).text
    assert "已记下是一件事" in shown
    assert "说了几件事？分件办理" in shown
    assert clerk.fill(page, f"{page}/decline").status_code == 409


def test_hostile_texts_show_as_text(clerk: Visitor, context: Context) -> None:
    hostile = f"<script>alert(1)</script>1、{LAMP}。\u202e2、{MEALS}😀</textarea>。"
    (received,) = receive_messages(context, [a_message(hostile, title="<b>")])
    shown = clerk.get(f"/messages/{received.message_id}/parts").text
    assert "<script>alert" not in shown
    assert "</textarea>" not in shown


@pytest.mark.parametrize("text", ["。", "路灯", "路\n\n\n灯", "灯。" * 3000])
def test_any_text_can_be_looked_at(clerk: Visitor, context: Context, text: str) -> None:
    (received,) = receive_messages(context, [a_message(text, title="")])
    answer = clerk.get(f"/messages/{received.message_id}/parts")
    assert answer.status_code == 200
    assert len(answer.text) < 100_000
