"""What is already open, shown while somebody types, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.status import count_all
from tests.makers import NOW, a_message

pytestmark = pytest.mark.browser

LAMPS = "庄里镇三合村东巷的路灯从腊月起全黑，老人夜里摔了两跤，请尽快修好。"
DRAFT = "三合村东巷的路灯从腊月起就全黑了，老人夜里摔跤"
OTHER = "中学食堂的饭菜里两次吃出虫子，请来查一查。"
NO_SCRIPT = {"java_script_enabled": False}
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(autouse=True)
def lamps(context: Context) -> None:
    """One matter, opened last week by two people; its title holds markup."""
    sent_at = NOW - timedelta(days=7)
    other = SenderDetails("王某", "19900003333")
    receive_messages(
        context,
        [
            a_message(LAMPS, title="路灯全黑<b>", sent_at=sent_at),
            a_message(LAMPS, title="路灯全黑", sent_at=sent_at, sender=other),
        ],
    )


def test_a_citizen_sees_it_and_submits_all_the_same(page: Page, context: Context) -> None:
    page.on("dialog", lambda dialog: pytest.fail("a script of a message has run"))
    page.goto("/submit")
    page.get_by_label("标题").fill("东巷路灯全黑")
    page.get_by_label("留言内容").fill(DRAFT)
    expect(page.get_by_role("heading", name="可能已有人反映")).to_be_visible()
    shown = page.locator(".already-open li")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("路灯全黑<b>")
    expect(shown).to_contain_text("2026-02 起 · 反映人数：少于 3 人")
    expect(page.locator(".already-open a")).to_have_count(0)
    page.get_by_label("我已阅读").check()
    page.get_by_role("button", name="仍要提交").click()
    expect(page.get_by_role("heading", name="留言已收到")).to_be_visible()
    assert count_all(context)["messages"] == 3


def test_it_goes_when_the_draft_is_about_something_else(page: Page) -> None:
    page.goto("/submit")
    text = page.get_by_label("留言内容")
    text.fill(DRAFT)
    expect(page.locator(".already-open li")).to_have_count(1)
    text.fill(OTHER)
    expect(page.locator(".already-open")).to_be_empty()
    text.fill(DRAFT)
    expect(page.locator(".already-open li")).to_have_count(1)
    text.fill("路灯")
    expect(page.locator(".already-open")).to_be_empty()
    expect(page.get_by_role("button", name="提交留言")).to_be_visible()
    text.fill(DRAFT)
    expect(page.locator(".already-open li")).to_have_count(1)


def test_a_late_answer_does_not_replace_what_is_right(page: Page) -> None:
    held: list[Route] = []

    def hold_back(route: Route) -> None:
        if "食堂" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/*already-open", hold_back)
    page.goto("/submit")
    text = page.get_by_label("留言内容")
    text.fill(DRAFT)
    expect(page.locator(".already-open li")).to_have_count(1)
    with page.expect_request("**/*already-open"):
        text.fill(OTHER)
    text.fill(DRAFT)
    page.wait_for_timeout(1500)
    held[0].fulfill(json={"matters": []})
    page.wait_for_timeout(300)
    expect(page.locator(".already-open li")).to_have_count(1)


def test_typing_asks_in_its_pauses_alone(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "already-open" in r.url else None)
    page.goto("/submit")
    page.get_by_label("留言内容").press_sequentially(DRAFT, delay=30)
    expect(page.locator(".already-open li")).to_have_count(1)
    page.get_by_label("姓名").fill("陈某")
    page.wait_for_timeout(1500)
    assert len(asked) == 1


def test_a_clerk_opens_the_matter_beside_the_form(desk: Page) -> None:
    desk.goto("/intake")
    desk.locator("textarea[name=text]").fill(DRAFT)
    expect(desk.get_by_role("heading", name="可能是同一件事")).to_be_visible()
    link = desk.locator(".already-open a")
    expect(desk.locator(".already-open li")).to_contain_text("2 人")
    with desk.expect_popup() as opened:
        link.click()
    expect(opened.value.locator(".letter .text")).to_have_text(LAMPS)
    expect(desk.locator("textarea[name=text]")).to_have_value(DRAFT)
    expect(desk.get_by_role("button", name="保存并出回执")).to_be_visible()


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["390"])
@pytest.mark.parametrize("path", ["/submit", "/intake"])
def test_it_fits_a_phone(desk: Page, path: str) -> None:
    desk.goto(path)
    desk.locator("textarea[name=text]").fill(DRAFT)
    expect(desk.locator(".already-open li")).to_have_count(1)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("page", [NO_SCRIPT], indirect=True, ids=["no script"])
def test_the_form_works_without_scripts(page: Page, context: Context) -> None:
    page.goto("/submit")
    page.get_by_label("留言内容").fill(DRAFT)
    expect(page.locator(".already-open")).to_be_empty()
    expect(page.get_by_text("可能已有人反映")).to_have_count(0)
    page.get_by_label("我已阅读").check()
    page.get_by_role("button", name="提交留言").click()
    expect(page.get_by_role("heading", name="留言已收到")).to_be_visible()
    assert count_all(context)["messages"] == 3
