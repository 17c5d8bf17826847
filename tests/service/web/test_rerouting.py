"""A proposal to send a matter elsewhere: on its page, in the queue and by the API."""

from __future__ import annotations

import pytest

from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move
from service.usecases.casework.casework import move_matter
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor


@pytest.fixture
def matter_id(context: Context) -> int:
    """A matter in hand that was corrected by another."""
    (received,) = receive_messages(context, [a_message()])
    move_matter(context, received.matter_id, Order(Move.SIGN), "丙")
    moved = Correction("1402", "教育局", "question", False, "T2")
    assert correct_matter(context, received.matter_id, moved, "王科")
    return received.matter_id


def test_the_api_tells_and_accepts(clerk: Visitor, matter_id: int) -> None:
    address = f"/api/v1/matters/{matter_id}"
    proposal = clerk.get(address).json()["proposal"]
    assert (proposal["by"], proposal["assignment"]["studio"]) == ("王科", "T2")
    assert proposal["changes"][0].startswith("承办单位：")
    assert [one["id"] for one in clerk.get("/api/v1/matters?waits=1").json()["matters"]] == [
        matter_id
    ]
    assert clerk.post(f"{address}:accept-route", json={}).status_code == 204
    after = clerk.get(address).json()
    assert (after["matter"]["studio"], after["matter"]["status"]) == ("T2", "transferred")
    assert after["proposal"] is None
    the_problem(clerk.post(f"{address}:accept-route", json={}), 404, "not_found")


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "长" * 501}, {"why": "不改"}])
def test_declining_needs_a_reason(clerk: Visitor, matter_id: int, body: dict[str, str]) -> None:
    address = f"/api/v1/matters/{matter_id}"
    assert clerk.post(f"{address}:decline-route", json=body).status_code == 422
    assert clerk.get(address).json()["proposal"] is not None
    done = clerk.post(f"{address}:decline-route", json={"reason": "<b>我们办完</b>"})
    assert done.status_code == 204
    assert clerk.get(address).json()["events"][-1]["detail"].endswith("<b>我们办完</b>")


def test_the_page_shows_it_and_takes_the_word(clerk: Visitor, matter_id: int) -> None:
    page = f"/matters/{matter_id}"
    shown = clerk.get(page).text
    assert "建议改派" in shown
    assert "庄里镇委员工作室 → 教育界委员工作室" in shown
    assert clerk.fill(page, f"{page}/route", act="decline", reason="").status_code == 422
    done = clerk.fill(page, f"{page}/route", act="accept")
    assert (done.status_code, done.headers["location"]) == (303, "/?done=rerouted")
    assert "已改派" in clerk.get("/?done=rerouted").text
    assert "同意改派" not in clerk.get(page).text


def test_the_form_corrects_the_place(clerk: Visitor, context: Context) -> None:
    (received,) = receive_messages(context, [a_message("路灯坏了半个月，晚上看不见路。")])
    page = f"/matters/{received.matter_id}"
    matter = clerk.get(f"/api/v1{page}").json()["matter"]
    given = {name: matter[name] for name in ("topic", "department", "kind", "studio")}
    assert clerk.fill(page, f"{page}/correct", **given, place="月亮背面").status_code == 422
    assert clerk.fill(page, f"{page}/correct", **given, place="庄里镇").status_code == 303
    after = clerk.get(f"/api/v1{page}").json()["matter"]
    assert (after["place"], after["studio"]) == ("富平县庄里镇", "T1")


def test_the_page_tells_that_a_letter_proposes_it(clerk: Visitor, context: Context) -> None:
    """A member whom it names is to step aside from what is in hand."""
    text = "庄里镇三合村的路灯坏了半个月，晚上看不见路，老人摔了一跤。"
    (first,) = receive_messages(context, [a_message(text)])
    move_matter(context, first.matter_id, Order(Move.SIGN), "丙")
    told = a_message(f"{text}听说是甲委员包的工程。", sender=SenderDetails("赵某"))
    (second,) = receive_messages(context, [told])
    assert second.matter_id == first.matter_id
    shown = clerk.get(f"/matters/{first.matter_id}").text
    assert "系统提出，" in shown
    assert "承办委员：甲委员 → 未定" in shown
    assert "委员回避" in shown
