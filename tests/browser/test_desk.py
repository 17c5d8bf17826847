"""The desk as a clerk uses it, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from tests.makers import NOW, a_message

pytestmark = pytest.mark.browser

LAMPS = "庄里镇三合村东巷的路灯从腊月起全黑，老人夜里摔了两跤，请尽快修好。"
PHONE = {"viewport": {"width": 390, "height": 844}}
NO_SCRIPT = {"java_script_enabled": False}


@pytest.fixture(autouse=True)
def messages(context: Context) -> None:
    """Three messages on two matters, sent last week."""
    sent_at = NOW - timedelta(days=7)
    other = SenderDetails("王某", "19900003333")
    receive_messages(
        context,
        [
            a_message(LAMPS, title="路灯全黑", sent_at=sent_at),
            a_message(LAMPS, title="路灯全黑", sent_at=sent_at + timedelta(hours=2), sender=other),
            a_message(
                "中学食堂的饭菜两次吃出虫子，<script>alert('x')</script>请查。",
                title="食堂卫生<b>",
                sent_at=sent_at,
            ),
        ],
    )


def test_a_clerk_reads_corrects_and_closes_a_matter(desk: Page, context: Context) -> None:
    expect(desk.get_by_role("heading", name="待办")).to_be_visible()
    expect(desk.locator("table.queue tbody tr")).to_have_count(2)
    desk.get_by_role("link", name="路灯全黑").click()

    expect(desk.locator(".letter .text")).to_have_text(LAMPS)
    assert desk.locator(".letter mark").count() > 0
    expect(desk.get_by_role("region", name="本事项的其他来信")).to_contain_text("重复件")
    expect(desk.get_by_role("heading", name="理由")).to_be_visible()
    desk.get_by_role("link", name="承办单位").click()
    expect(desk.get_by_role("link", name="承办单位")).to_have_attribute("aria-current", "true")

    if not desk.get_by_role("button", name="保存更正").is_visible():
        desk.get_by_role("heading", name="更正").click()
    desk.locator("select[name=department]").select_option("公安局")
    desk.get_by_placeholder("为什么更正").fill("由交警协助")
    desk.get_by_role("button", name="保存更正").click()
    expect(desk.get_by_role("status")).to_contain_text("更正已保存")
    expect(desk.locator(".track")).to_contain_text("由交警协助")

    if desk.locator("summary", has_text="交办").is_visible():
        desk.locator("summary", has_text="交办").click()
        desk.get_by_role("button", name="交办", exact=True).click()
        expect(desk.get_by_role("status")).to_contain_text("已交办")
    desk.locator("summary", has_text="办结").click()
    desk.get_by_label("办理结果").fill("路灯已修好")
    desk.get_by_role("button", name="办结", exact=True).click()
    expect(desk.locator(".facts")).to_contain_text("已办结")
    assert show_matter(context, 1).matter.department == "公安局"


def test_filters_apply_at_once(desk: Page) -> None:
    desk.get_by_label("标题字词").fill("食堂")
    desk.get_by_label("标题字词").press("Enter")
    expect(desk.locator("table.queue tbody tr")).to_have_count(1)
    assert re.search(r"\?words=[^&]+$", desk.url)
    desk.get_by_role("link", name="清除", exact=True).click()
    desk.get_by_label("状态").select_option("closed")
    expect(desk.get_by_text("没有符合条件的事项")).to_be_visible()
    desk.get_by_role("link", name="清除", exact=True).click()
    desk.get_by_label("超期", exact=True).check()
    desk.wait_for_url("**/?overdue=1")


def test_a_citizens_markup_stays_text(desk: Page) -> None:
    desk.on("dialog", lambda dialog: pytest.fail("a script of a message has run"))
    desk.get_by_role("link", name="食堂卫生<b>").click()
    expect(desk.locator(".letter .text")).to_contain_text("<script>alert('x')</script>")


def test_a_clerk_takes_a_message_in(desk: Page, context: Context) -> None:
    desk.get_by_role("link", name="来信登记").click()
    desk.get_by_role("radio", name="电话").check()
    desk.locator("input[name=title]").fill("停水")
    desk.locator("textarea[name=text]").fill("庄里镇永安村停水三天，井也干了。")
    expect(desk.locator(".counter")).to_have_text("16 字")
    desk.get_by_role("button", name="保存并出回执").click()
    expect(desk.locator(".receipt")).to_have_text(re.compile(r"^\w{5}-\w{4}-\w{4}$"))
    expect(desk.get_by_role("button", name="打印回执")).to_be_visible()
    desk.get_by_role("link", name="打开事项").click()
    expect(desk.locator(".letter .text")).to_contain_text("停水三天")
    assert show_matter(context, 3).demands[0].message.channel.value == "phone"


def test_the_digest_is_shown_whole_and_chosen_by_kind(desk: Page) -> None:
    desk.get_by_role("link", name="民情汇总").click()
    document = desk.frame_locator("iframe.document")
    expect(document.get_by_role("heading", level=1)).to_contain_text("2026年第9周")
    expect(document.locator("table").first).to_be_visible()
    inner = desk.frames[1].evaluate("document.documentElement.scrollHeight")
    outer = desk.locator("iframe.document").evaluate("frame => frame.clientHeight")
    assert outer >= inner
    desk.locator("select[name=kind]").select_option("month")
    expect(document.get_by_role("heading", level=1)).to_contain_text("2026年3月")


def test_a_citizen_submits_without_an_account(page: Page, context: Context) -> None:
    page.goto("/submit")
    page.get_by_label("留言内容").fill("庄里镇的公交晚上六点就停了，能不能晚一点？")
    page.get_by_label("我已阅读").check()
    page.get_by_role("button", name="提交留言").click()
    expect(page.get_by_role("heading", name="留言已收到")).to_be_visible()
    assert show_matter(context, 3).demands[0].message.channel.value == "web"


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["390"])
@pytest.mark.parametrize("path", ["/", "/matters/1", "/intake", "/digest", "/submit"])
def test_no_page_is_wider_than_a_phone(desk: Page, path: str) -> None:
    desk.goto(path)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("page", [NO_SCRIPT], indirect=True, ids=["no script"])
def test_all_works_without_scripts(desk: Page, context: Context) -> None:
    desk.locator("select[name=status]").select_option("closed")
    desk.get_by_role("button", name="筛选").click()
    expect(desk.get_by_text("没有符合条件的事项")).to_be_visible()
    desk.goto("/intake")
    desk.locator("textarea[name=text]").fill("庄里镇石桥断了栏杆。")
    desk.get_by_role("button", name="保存并出回执").click()
    expect(desk.locator(".receipt")).to_be_visible()
    expect(desk.get_by_role("button", name="打印回执")).to_be_hidden()
    desk.goto("/digest")
    document = desk.frame_locator("iframe.document")
    expect(document.get_by_role("heading", level=1)).to_contain_text("民情周报")


def test_the_desk_can_be_used_with_the_keyboard_alone(desk: Page) -> None:
    desk.goto("/")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="跳到正文")).to_be_focused()
    desk.keyboard.press("Enter")
    for _ in range(40):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.className") == "title":
            break
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/matters/*")
