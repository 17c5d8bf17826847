"""An administrator erases a message by the API or on its page, and nobody else does."""

from __future__ import annotations

import json

import pytest

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.intake.received import Received
from tests.makers import a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

WORDS = "庄里镇碧桐巷的窨井盖夜里被车压翻"
BODY = {"ground": "withdrawn", "reason": "来信人书面申请，登记簿第 12 号"}


@pytest.fixture
def received(context: Context) -> Received:
    sender = SenderDetails("欧阳蕴", "13612345678")
    return receive_messages(context, [a_message(WORDS, sender=sender)])[0]


def test_the_api_erases_and_tells_of_it(clerk: Visitor, received: Received) -> None:
    address = f"/api/v1/messages/{received.message_id}:erase"
    answer = clerk.post(address, json=BODY)
    assert answer.status_code == 200
    assert answer.json() == {"messages": [received.message_id], "entries": 1, "digests": 0}
    the_problem(clerk.post(address, json=BODY), 409, "erased")
    (told,) = clerk.get("/api/v1/erasures").json()["erasures"]
    assert (told["message"], told["receipt"], told["by"]) == (
        received.message_id,
        received.receipt,
        "admin",
    )
    assert (told["ground"], told["reason"]) == (BODY["ground"], BODY["reason"])
    matter = clerk.get(f"/api/v1/matters/{received.matter_id}").json()
    assert "窨井盖" not in json.dumps(matter, ensure_ascii=False)
    found = clerk.post("/api/v1/receipts:look-up", json={"receipt": received.receipt}).json()
    assert found["is_erased"] is True


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ground": "withdrawn"},
        {"ground": "withdrawn", "reason": ""},
        {"ground": "withdrawn", "reason": "   "},
        {"ground": "whim", "reason": "想删"},
        {"ground": "withdrawn", "reason": "长" * 501},
        {**BODY, "sure": True},
    ],
)
def test_without_ground_and_reason_nothing_goes(
    clerk: Visitor, received: Received, body: dict[str, object]
) -> None:
    answer = clerk.post(f"/api/v1/messages/{received.message_id}:erase", json=body)
    assert answer.status_code == 422
    assert WORDS in clerk.get(f"/matters/{received.matter_id}").text


def test_the_page_asks_twice_and_erases(clerk: Visitor, received: Received) -> None:
    page = f"/matters/{received.matter_id}"
    address = f"/messages/{received.message_id}/erase"
    assert address in clerk.get(page).text
    assert "个人信息保护法第四十七条" in clerk.get(address).text
    for missing in ({"reason": "<b>甲</b>"}, {**BODY}, {**BODY, "reason": "", "sure": "1"}):
        refused = clerk.fill(address, **missing)
        assert refused.status_code == 422
        assert "<b>甲</b>" not in refused.text
    assert WORDS in clerk.get(page).text
    done = clerk.fill(address, **BODY, sure="1")
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"{page}?message={received.message_id}&done=erased",
    )
    after = clerk.get(done.headers["location"]).text
    assert "已依法删除" in after
    assert "窨井盖" not in after
    assert address not in after
    assert "欧阳蕴" not in after
