"""A matter's path, its answer, and the sender's receipt: by the API and on the pages."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.path import Move
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.matter_file import show_matter
from tests.makers import a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

ANSWER = "{来信人}：三合村的路灯已修好。"


@pytest.fixture
def received(context: Context) -> Received:
    return receive_messages(context, [a_message()])[0]


def moved(clerk: Visitor, received: Received, move: str, **told: Any) -> Any:
    path = f"/api/v1/matters/{received.matter_id}/moves"
    return clerk.post(path, json={"move": move, **told})


def answered(clerk: Visitor, received: Received) -> int:
    path = f"/api/v1/matters/{received.matter_id}/replies"
    drafted = clerk.post(path, json={"text": ANSWER})
    assert drafted.status_code == 201
    reply_id = int(drafted.json()["id"])
    assert clerk.post(f"/api/v1/replies/{reply_id}:approve").status_code == 204
    assert clerk.post(f"/api/v1/replies/{reply_id}:send").status_code == 204
    return reply_id


def test_the_moves_offered_can_be_made(clerk: Visitor, received: Received) -> None:
    path = f"/api/v1/matters/{received.matter_id}/moves"
    offered = clerk.get(path).json()
    assert offered["status"] == "assigned"
    assert {"move": "signed", "name": "签收", "needs": []} in offered["moves"]
    assert "answered" not in {one["move"] for one in offered["moves"]}
    # Nobody asked for an extension, and there is no committee above or below.
    undecidable = {"extension_granted", "extension_denied", "handed_up", "handed_down"}
    assert not undecidable & {one["move"] for one in offered["moves"]}
    assert moved(clerk, received, "signed").json() == {"status": "signed"}
    the_problem(moved(clerk, received, "signed"), 409, "illegal_move")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"move": "没有"},
        {"move": ["signed"]},
        {"move": "signed", "other": 1},
        {"move": "extension_asked", "days": "5", "note": "忙"},
        {"move": "extension_asked", "days": 31, "note": "忙"},
        {"move": "extension_asked", "days": -1, "note": "忙"},
        {"move": "returned", "return_reason": "x", "note": "不是"},
        {"move": "returned", "note": "不是"},
        {"move": "transferred", "department": "x" * 101, "note": "转"},
        {"move": "closed", "note": ""},
        {"move": "closed", "note": "长" * 2001},
        {"move": "answered"},
        {"move": "transferred", "department": "水利局", "note": "转", "helping": ["长" * 101]},
    ],
)
def test_a_wrong_order_is_told_and_changes_nothing(
    clerk: Visitor, context: Context, received: Received, body: dict[str, Any]
) -> None:
    path = f"/api/v1/matters/{received.matter_id}/moves"
    before = show_matter(context, received.matter_id)
    the_problem(clerk.post(path, json=body), 422, "invalid_input")
    assert show_matter(context, received.matter_id) == before


def test_what_came_back_goes_to_another_department(
    clerk: Visitor, context: Context, received: Received
) -> None:
    moved(clerk, received, "returned", note="不归我们", return_reason="not_ours")
    path = f"/api/v1/matters/{received.matter_id}"
    assert clerk.post(f"{path}:correct", json={"department": "水利局"}).json() == {
        "is_proposed": False
    }
    moved(clerk, received, "dispatched")
    file = clerk.get(path).json()
    assert (file["matter"]["status"], file["matter"]["department"]) == ("assigned", "水利局")
    assert (file["classification"]["decided_by"], file["matter"]["topic"]) == ("admin", "0102")
    moved(clerk, received, "signed")
    assert clerk.post(f"{path}:correct", json={"studio": "T2"}).json() == {"is_proposed": True}
    assert clerk.post(f"{path}:correct", json={}).json() == {"is_proposed": False}


@pytest.mark.parametrize(
    "body",
    [
        {"topic": "99"},
        {"topic": 7},
        {"department": "没有的局"},
        {"department": ""},
        {"kind": "表白"},
        {"urgent": "是"},
        {"place": "月亮背面"},
        {"studio": "没有"},
        {"note": "长" * 2001},
        {"other": 1},
    ],
)
def test_a_wrong_correction_is_told_and_changes_nothing(
    clerk: Visitor, context: Context, received: Received, body: dict[str, Any]
) -> None:
    before = show_matter(context, received.matter_id)
    found = clerk.post(f"/api/v1/matters/{received.matter_id}:correct", json=body)
    the_problem(found, 422, "invalid_input")
    assert show_matter(context, received.matter_id) == before


def test_an_answer_by_the_api_reaches_the_receipt(
    clerk: Visitor, program: Visitor, received: Received
) -> None:
    reply_id = answered(clerk, received)
    found = program.post(
        "/api/v1/receipts:look-up", json={"receipt": received.receipt, "proof": "1111"}
    ).json()
    (matter,) = found["matters"]
    assert (matter["stage"], matter["answers"][0]["text"]) == (
        "已答复", "陈某：三合村的路灯已修好。",
    )  # fmt: skip
    rating = {
        "receipt": received.receipt,
        "proof": "1111",
        "reply": reply_id,
        "satisfaction": "dissatisfied",
    }
    the_problem(program.post("/api/v1/receipts:rate", json=rating), 422, "invalid_input")
    told = program.post("/api/v1/receipts:rate", json={**rating, "reason": "还是黑的"})
    assert told.json() == {"is_reopened": True}
    (shown,) = clerk.get(f"/api/v1/matters/{received.matter_id}/replies").json()["replies"]
    assert shown["ratings"] == {"satisfied": 0, "fair": 0, "dissatisfied": 1}


def test_the_check_of_an_answer_keeps_nothing(clerk: Visitor, received: Received) -> None:
    path = f"/api/v1/matters/{received.matter_id}/replies"
    found = clerk.post(f"{path}:check", json={"text": "来信收悉。"}).json()
    assert found["unanswered"] == len(found["asks"]) == 1
    assert clerk.get(path).json() == {"replies": []}


def test_a_sender_who_is_asked_tells_more(
    clerk: Visitor, program: Visitor, received: Received
) -> None:
    assert moved(clerk, received, "signed").status_code == 200
    assert moved(clerk, received, "supplement_asked", note="哪一盏？").status_code == 200
    told = {
        "receipt": received.receipt,
        "proof": "1111",
        "matter": received.matter_number,
        "text": "东头那盏",
    }
    assert program.post("/api/v1/receipts:supplement", json=told).status_code == 204
    the_problem(program.post("/api/v1/receipts:supplement", json=told), 409, "illegal_move")
    page = clerk.get(f"/matters/{received.matter_id}").text
    assert "东头那盏" in page


def test_receipts_are_not_tried_one_after_the_other(program: Visitor) -> None:
    answers = [
        program.post("/api/v1/receipts:look-up", json={"receipt": f"{number:013d}"})
        for number in range(30)
    ]
    the_problem(answers[0], 404, "not_found")
    the_problem(answers[-1], 429, "too_many_requests")


def test_members_consult_and_the_five_steps_are_taken(clerk: Visitor, received: Received) -> None:
    path = f"/api/v1/matters/{received.matter_id}"
    held = {
        "kind": "consulted",
        "held_on": "2026-03-03",
        "who": "甲委员、住建局、村民代表五人",
        "outcome": "商定三日内修复",
        "is_solved": True,
    }
    assert clerk.post(f"{path}/consultations", json=held).status_code == 204
    the_problem(
        clerk.post(f"{path}/consultations", json={**held, "held_on": "2099-01-01"}),
        422,
        "invalid_input",
    )
    the_problem(clerk.post(f"{path}/steps", json={"step": "answered", "note": "答"}), 409,
                "illegal_move")  # fmt: skip
    for step in ("asked", "consulted", "answered"):
        done = clerk.post(f"{path}/steps", json={"step": step, "note": "记下"})
        assert done.status_code == 204
    found = clerk.get(f"{path}/consultations").json()
    assert found["consultations"] == [held]
    assert [one["name"] for one in found["steps"]] == ["群众出题", "协商解题", "政府答题"]
    assert found["next_steps"] == []


def test_templates_are_the_administrators(clerk: Visitor, program: Visitor) -> None:
    path = "/api/v1/reply-templates"
    assert clerk.send("PUT", f"{path}/已修", json={"text": ANSWER}).status_code == 204
    assert clerk.get(path).json() == {"names": ["已修"]}
    the_problem(program.send("PUT", f"{path}/已修", json={"text": ANSWER}), 401, "not_logged_in")
    assert clerk.send("DELETE", f"{path}/已修").status_code == 204
    the_problem(clerk.send("DELETE", f"{path}/已修"), 404, "not_found")


def test_a_matter_goes_its_way_on_the_page(clerk: Visitor, received: Received) -> None:
    page = f"/matters/{received.matter_id}"
    assert clerk.fill(page, f"{page}/move", move="signed").status_code == 303
    department = {"move": "transferred", "department": "水利局", "helping": "教育局", "note": "转"}
    assert clerk.fill(page, f"{page}/move", **department).status_code == 303
    assert "会办" in clerk.get(page).text
    assert clerk.fill(page, f"{page}/move", move="没有的").status_code == 422
    assert clerk.fill(page, f"{page}/move", move="extension_asked", days="²", note="忙"
                      ).status_code == 422  # fmt: skip
    checked = clerk.fill(page, f"{page}/reply", text="<b>{来信人}</b>", do="check")
    assert checked.status_code == 200
    assert "没有找到回答" in checked.text
    assert "<b>" not in checked.text
    assert clerk.fill(page, f"{page}/reply", text=ANSWER, do="save").status_code == 303
    reply = clerk.get(f"/api/v1/matters/{received.matter_id}/replies").json()["replies"][0]["id"]
    assert clerk.fill(page, f"{page}/reply/{reply}/approve").status_code == 303
    assert clerk.fill(page, f"{page}/reply/{reply}/send").status_code == 303
    assert "已签发" in clerk.get(page).text


def test_a_citizen_looks_up_rates_and_tells_more_on_the_page(
    clerk: Visitor, citizen: Visitor, received: Received
) -> None:
    empty = citizen.get("/look-up").text
    assert "回执码" in empty
    assert citizen.fill("/look-up", receipt="0000").status_code == 404
    page = citizen.fill("/look-up", receipt=received.receipt, proof="1111").text
    assert "已交办，正在办理" in page
    moved(clerk, received, Move.SIGN.value)
    moved(clerk, received, Move.ASK.value, note="哪一盏？")
    told = {"receipt": received.receipt, "proof": "1111", "matter": received.matter_number}
    empty_told = citizen.fill("/look-up", "/look-up/supplement", **told, text=" ")
    assert empty_told.status_code == 422
    assert "哪一盏" in empty_told.text
    done = citizen.fill("/look-up", "/look-up/supplement", **told, text="东头那盏")
    assert "继续办理" in done.text
    reply_id = answered(clerk, received)
    rating = {"receipt": received.receipt, "proof": "1111", "reply": str(reply_id)}
    assert citizen.fill("/look-up", "/look-up/rate", **rating, satisfaction="x").status_code == 422
    done = citizen.fill("/look-up", "/look-up/rate", **rating, satisfaction="satisfied")
    assert "谢谢" in done.text
    assert "您的评价：满意" in done.text


def test_no_receipt_stands_in_an_address(citizen: Visitor, received: Received) -> None:
    answer = citizen.fill("/look-up", receipt=received.receipt, proof="1111")
    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_a_notice_is_loaded_by_the_administrator(clerk: Visitor, program: Visitor) -> None:
    path = "/api/v1/calendar"
    wanted = {"csv": "日期,安排,名称\n2027-01-01,放假,元旦\n"}
    the_problem(program.send("PUT", path, json=wanted), 401, "not_logged_in")
    the_problem(clerk.send("PUT", path, json={"csv": "x"}), 422, "calendar")
    assert clerk.send("PUT", path, json=wanted).json() == {"days": 1, "years": [2027], "moved": 0}
    assert clerk.get(path).json()["days"] == [
        {"day": "2027-01-01", "is_working": False, "name": "元旦"}
    ]
