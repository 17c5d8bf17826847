"""A clerk searches from the head of the desk, narrows it down and opens what was found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import NOW, a_message

pytestmark = pytest.mark.browser

LONG = "我家住在庄里镇，去年搬来的。" * 12
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(autouse=True)
def letters(context: Context) -> None:
    texts = [f"{LONG}三合村东巷的路灯坏了半个月，晚上看不见。{LONG}"]
    texts += [f"第{number}排的路灯不亮，<b>请修</b>。" for number in range(30)]
    messages = [
        a_message(
            text,
            title="" if place % 7 == 3 else f"路灯的事（{place}）",
            sent_at=NOW - timedelta(days=60 - place),
            sender=SenderDetails(f"{place}", f"199000{place:05d}"),
        )
        for place, text in enumerate(texts)
    ]
    receive_messages(context, messages)


def test_a_clerk_finds_a_letter_by_its_words(desk: Page) -> None:
    box = desk.get_by_role("searchbox", name="检索来信和答复")
    box.fill("路灯")
    box.press("Enter")
    expect(desk.locator(".found > li")).to_have_count(20)
    expect(desk.locator(".found mark").first).to_have_text("路灯")
    desk.get_by_role("link", name="下一页").click()
    expect(desk.locator(".found > li")).to_have_count(11)

    words = desk.get_by_role("searchbox", name="词语")
    words.fill("“东巷的路灯” 半个月")
    desk.get_by_role("button", name="检索").click()
    expect(desk.locator(".found > li")).to_have_count(1)
    expect(desk.locator(".snippet")).to_contain_text("东巷的路灯坏了半个月")
    desk.locator(".found h2 a").click()
    expect(desk.locator(".letter .text")).to_contain_text("三合村东巷")


def test_filters_hold_and_nothing_found_is_told(desk: Page) -> None:
    desk.goto("/search?q=路灯&until=2026-01-04")
    expect(desk.locator(".found > li")).to_have_count(2)
    desk.get_by_label("渠道").select_option("phone")
    desk.get_by_role("button", name="检索").click()
    expect(desk.get_by_text("没有找到")).to_be_visible()


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_nothing_stands_over_the_edge(desk: Page) -> None:
    desk.goto("/search?q=路灯 看不见")
    expect(desk.locator(".found > li")).to_have_count(1)
    wide = desk.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
