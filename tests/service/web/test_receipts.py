"""What is shown with a receipt, to whom, and what the look-up asks for."""

from __future__ import annotations

import re

import pytest

from service.domain.consent import consent_for
from service.domain.retention import KEPT_ALWAYS
from service.storage import tables
from service.usecases.context import Context
from tests.service.usecases.books import rows
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

CONSENT = consent_for(KEPT_ALWAYS).version

TEXT = "庄里镇三合村东巷的路灯全黑了。"
PIN = re.compile(r"查询密码 <strong class=\"mono\">([0-9]{6})</strong>")
RECEIPT = re.compile(r"receipt mono\">([0-9A-Z-]{15})<")


def test_the_page_shows_the_pin_with_the_receipt_and_it_opens(citizen: Visitor) -> None:
    page = citizen.fill("/submit", consent=CONSENT, text=TEXT).text
    (pin,), (receipt,) = PIN.findall(page), RECEIPT.findall(page)
    assert citizen.fill("/look-up", receipt=receipt, proof="").status_code == 404
    found = citizen.fill("/look-up", receipt=receipt, proof=pin)
    assert (found.status_code, "已交办，正在办理" in found.text) == (200, True)


def test_who_leaves_a_phone_gets_no_pin(citizen: Visitor) -> None:
    page = citizen.fill("/submit", consent=CONSENT, text=TEXT, phone="19900002345").text
    assert PIN.findall(page) == []
    (receipt,) = RECEIPT.findall(page)
    assert citizen.fill("/look-up", receipt=receipt, proof="2345").status_code == 200


def test_the_slip_of_a_letter_has_its_pin(clerk: Visitor) -> None:
    page = clerk.fill("/intake", channel="letter", text=TEXT, sender_name="陈某").text
    (pin,), (receipt,) = PIN.findall(page), RECEIPT.findall(page)
    assert clerk.fill("/look-up", receipt=receipt, proof=pin).status_code == 200


@pytest.mark.parametrize(
    ("given", "status"), [("", 404), ("12", 404), ("1" * 21, 422), (7, 422), (None, 422)]
)
def test_odd_proofs_are_refused(program: Visitor, given: object, status: int) -> None:
    receipt = program.post("/api/v1/messages", json={"text": TEXT}).json()["receipt"]
    body = {"receipt": receipt, "proof": given}
    the_problem(
        program.post("/api/v1/receipts:look-up", json=body),
        status,
        "not_found" if status == 404 else "invalid_input",
    )


def test_a_pin_is_told_once_and_again_to_the_same_key_only(
    program: Visitor, context: Context
) -> None:
    body = {"text": TEXT, "source": "县长信箱", "external_id": "7"}
    first = program.post("/api/v1/messages", json=body).json()
    assert re.fullmatch("[0-9]{6}", first["pin"])
    again = program.post("/api/v1/messages", json=body).json()
    assert (again["receipt"], again["is_new"], again["pin"]) == (first["receipt"], False, "")
    other = {"text": TEXT + "请尽快。"}
    keyed = {"Idempotency-Key": "k-1"}
    told = [program.post("/api/v1/messages", json=other, headers=keyed).json() for _ in range(2)]
    assert told[0] == told[1]
    assert re.fullmatch("[0-9]{6}", told[0]["pin"])
    (kept,) = rows(context, tables.idempotency)
    assert told[0]["pin"] not in str(kept["response"])
    assert told[0]["receipt"] not in str(kept["response"])


def test_each_of_many_has_its_own_pin(program: Visitor) -> None:
    messages = [{"text": f"第{number}件：{TEXT}", "external_id": str(number)} for number in "123"]
    body = {"messages": messages}
    results = program.post("/api/v1/messages:batch", json=body).json()["results"]
    for one in results:
        shown = {"receipt": one["result"]["receipt"], "proof": one["result"]["pin"]}
        assert program.post("/api/v1/receipts:look-up", json=shown).status_code == 200
