"""The pages of receptions: begun, messages taken in on the spot, ended."""

from __future__ import annotations

import pytest

from service.usecases.context import Context
from service.usecases.intake.receptions import list_receptions
from tests.service.web.visitor import Visitor

PAGE = "/receptions"
TEXT = "庄里镇三合村东巷的路灯从腊月起全黑，老人夜里摔了两跤。"


@pytest.fixture
def opened(clerk: Visitor) -> str:
    fields = {"studio": "T2", "held_on": "2026-03-04", "place": "镇政府一楼", "members": "T2-M1"}
    return clerk.fill(f"{PAGE}?studio=T2", PAGE, **fields).headers["location"]


def test_a_reception_from_its_beginning_to_its_end(
    clerk: Visitor, context: Context, opened: str
) -> None:
    assert "镇政府一楼" in clerk.get(opened).text
    slip = clerk.fill(opened, f"{opened}/messages", text=TEXT, title="路灯", sender_name="王某")
    assert slip.status_code == 201
    assert f'href="{opened}">再登记一封' in slip.text
    assert "1 人，1 条" in clerk.get(opened).text
    closed = clerk.fill(opened, f"{opened}/close", result="登记诉求一件")
    assert closed.headers["location"] == opened
    page = clerk.get(opened).text
    assert "登记诉求一件" in page
    assert "当场登记" not in page
    assert "登记诉求一件" in clerk.get(PAGE).text
    (one,) = list_receptions(context, "T2")
    assert (one.place, one.members, one.message_count) == ("镇政府一楼", ("T2-M1",), 1)


def test_the_same_form_again_is_the_same_message(
    clerk: Visitor, context: Context, opened: str
) -> None:
    fields = {"text": TEXT, "form_id": "one"}
    first, again = (clerk.fill(opened, f"{opened}/messages", **fields) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert list_receptions(context)[0].message_count == 1


def test_an_empty_message_comes_back_with_what_was_typed(clerk: Visitor, opened: str) -> None:
    answer = clerk.fill(opened, f"{opened}/messages", text=" ", title="路灯<b>")
    assert answer.status_code == 422
    assert "路灯&lt;b&gt;" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"studio": "X"}, {"held_on": ""}, {"held_on": "x"}, {"place": "长" * 201}, {"members": "X"}],
)
def test_a_wrong_form_begins_nothing(
    clerk: Visitor, context: Context, wrong: dict[str, str]
) -> None:
    fields = {"studio": "T2", "held_on": "2026-03-04", "members": "T2-M1"} | wrong
    assert clerk.fill(f"{PAGE}?studio=T2", PAGE, **fields).status_code == 422
    assert list_receptions(context) == []


def test_what_is_not_there_or_closed_takes_nothing_in(clerk: Visitor, opened: str) -> None:
    assert clerk.get(f"{PAGE}/99").status_code == 404
    assert clerk.fill(opened, f"{opened}/close", result="").status_code == 422
    clerk.fill(opened, f"{opened}/close", result="好")
    assert clerk.fill(PAGE, f"{opened}/messages", text=TEXT).status_code == 409
    assert clerk.fill(PAGE, f"{opened}/close", result="好").status_code == 409


def test_nobody_else_sees_them(citizen: Visitor) -> None:
    assert citizen.get(PAGE).headers["location"].startswith("/login")


def test_a_program_repeats_what_it_took_in_without_doubling_it(
    clerk: Visitor, context: Context, opened: str
) -> None:
    path, body = f"/api/v1{opened}/messages", {"text": TEXT}
    keyed = {"Idempotency-Key": "k-7"}
    first, again = (clerk.post(path, json=body, headers=keyed) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(first.json()["pin"]) == 6
    other = clerk.post(path, json={"text": "水管爆了。"}, headers=keyed)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
    assert list_receptions(context)[0].message_count == 1
