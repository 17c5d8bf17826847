"""A clerk compares two matters, makes them one, and takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import NOW, a_message

pytestmark = pytest.mark.browser

LAMPS = "庄里镇三合村东巷的路灯从腊月起全黑，老人夜里摔了两跤，请尽快派人来修。"
DARK = "我们三合村的人晚上出门两眼一抹黑：庄里镇三合村东巷的路灯全坏了，孩子下晚自习都要人接。"
POND = "村头池塘的水发黑发臭，夏天蚊子多得开不了窗，请环保部门来看看。"
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(autouse=True)
def ids(context: Context) -> list[int]:
    """Two matters on one thing, the first with a copy, and one on another."""
    asked = replace(context, triage=replace(context.triage, join_at=0.999, suggest_at=0.2))
    texts = (
        (LAMPS, "东巷路灯全黑"),
        (LAMPS, "东巷路灯全黑"),
        (DARK, "晚上没有路灯"),
        (POND, "池塘发臭"),
    )
    found = []
    for number, (text, title) in enumerate(texts):
        sender = SenderDetails(f"某{number}", f"1990000{number:04d}")
        sent_at = NOW - timedelta(days=7 - number)
        message = a_message(text, title=title, sender=sender, sent_at=sent_at)
        found.append(receive_messages(asked, [message])[0].matter_id)
    assert found == [1, 1, 2, 3]
    return found


def test_a_clerk_makes_two_matters_one_and_takes_it_back(desk: Page) -> None:
    expect(desk.get_by_role("link", name="可能是同一件事")).to_have_count(2)
    desk.get_by_role("link", name="晚上没有路灯").click()
    desk.locator("#alike").locator("..").get_by_role("link").click()
    expect(desk.get_by_role("heading", name="是不是同一件事？")).to_be_visible()
    expect(desk.locator(".pair mark").first).to_be_visible()

    older = desk.locator(".pair article").filter(has_text="2026-000001")
    older.get_by_label("理由").fill("同一条巷子的灯")
    older.get_by_role("button", name="并入这件").click()
    expect(desk.get_by_role("status").first).to_contain_text("已并案")
    expect(desk.locator(".facts")).to_contain_text("3 人来信 3 条，其中重复件 1 条")
    expect(desk.locator(".track")).to_contain_text("同一条巷子的灯")

    desk.goto("/matters/2")
    expect(desk.get_by_role("status").first).to_contain_text("2026-000002 已并入本事项")
    desk.get_by_role("button", name="拆分").click()
    expect(desk.get_by_role("status").first).to_contain_text("恢复到并案之前")
    desk.goto("/")
    expect(desk.locator("table.queue tbody tr")).to_have_count(3)


def test_a_clerk_takes_a_letter_out_that_does_not_belong(desk: Page) -> None:
    desk.get_by_role("link", name="东巷路灯全黑").click()
    desk.get_by_text("不是这件事？").click()
    desk.get_by_label("理由，可不填").fill("另一条巷子")
    desk.get_by_role("button", name="移出，另立事项").click()
    expect(desk.get_by_role("status").first).to_contain_text("已移出，另立本事项")
    expect(desk.locator(".track")).to_contain_text("另一条巷子")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_both_texts_stand_under_each_other_and_fit(desk: Page) -> None:
    for path in ("/", "/matters/1", "/matters/2/pair/1"):
        desk.goto(path)
        wide = desk.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, path
