"""A clerk is shown that a letter says two things, moves a border, confirms, and takes it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message

pytestmark = pytest.mark.browser

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修"
MEALS = "中心小学食堂的饭菜里两次吃出虫子，家长要求教育部门查一查学校食堂"
THANKS = "谢谢您的辛苦工作！"
TEXT = f"您好，反映两件事。\n1、{LAMP}。\n2、{MEALS}。老人身体不好😀，盼回复。\n{THANKS}"
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(autouse=True)
def message_id(context: Context) -> int:
    sender = SenderDetails("陈某", "19900001111")
    message = a_message(TEXT, title="路灯和食堂", sender=sender)
    return receive_messages(context, [message])[0].message_id


def test_a_clerk_parts_a_letter_and_takes_it_back(desk: Page) -> None:
    desk.get_by_role("link", name="可能说了几件事").click()
    desk.get_by_role("link", name="查看并认定").click()
    expect(desk.get_by_role("heading", name="说了几件事？")).to_be_visible()
    expect(desk.locator(".letter mark")).to_have_count(2)

    second = desk.get_by_role("group", name="第 2 件")
    second.get_by_label("到").select_option(str(TEXT.index(THANKS)))
    desk.get_by_role("button", name="更新标记").click()
    expect(desk.locator(".letter mark").last).not_to_contain_text(THANKS)

    desk.get_by_label("理由").fill("路灯和食堂是两件事")
    desk.get_by_role("button", name="确认分件").click()
    expect(desk.get_by_role("status").first).to_contain_text("已分件")
    expect(desk.locator("#parting")).to_contain_text("这条来信已分为 2 件")
    expect(desk.locator(".track")).to_contain_text("路灯和食堂是两件事")
    desk.locator("#parting li a").last.click()
    expect(desk.locator(".letter .text")).to_contain_text("2、中心小学食堂")
    expect(desk.locator("#parting")).to_contain_text("这是一条来信中的一件")

    desk.get_by_role("link", name="查看全文和各件").click()
    desk.get_by_role("button", name="撤回分件").click()
    expect(desk.get_by_role("status").first).to_contain_text("已撤回分件")
    desk.goto("/")
    expect(desk.locator("table.queue tbody tr")).to_have_count(1)


def test_a_clerk_says_that_it_is_one_thing(desk: Page) -> None:
    desk.goto("/messages/1/parts")
    desk.get_by_role("button", name="是一件事，不分").click()
    expect(desk.get_by_role("status").first).to_contain_text("以后不再提示")
    desk.goto("/")
    expect(desk.get_by_role("link", name="可能说了几件事")).to_have_count(0)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_text_and_parts_stand_under_each_other_and_fit(desk: Page) -> None:
    for path in ("/", "/matters/1", "/messages/1/parts"):
        desk.goto(path)
        wide = desk.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, path
