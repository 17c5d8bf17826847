"""The queue's page in a real browser: tabs, filters folded away, ticks and what they do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from service.domain.message import SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.claims import claim_matter, find_claim
from tests.makers import NOW, a_message

pytestmark = pytest.mark.browser

TEXTS = (
    "庄里镇三合村东巷的路灯从腊月起全黑，老人夜里摔了两跤。",
    "中学食堂的饭菜两次吃出虫子，请查。",
    "自来水发黄，烧开有沉淀，洗白衣服都染色。",
    "桥头路面塌陷一个大坑，昨晚有车掉下去了。",
)
PHONE = {"viewport": {"width": 390, "height": 844}}
NO_SCRIPT = {"java_script_enabled": False}


@pytest.fixture(autouse=True)
def ids(context: Context) -> list[int]:
    messages = [
        a_message(
            text,
            title=text[:12],
            sender=SenderDetails(f"某{n}"),
            sent_at=NOW - timedelta(days=9 * n),
        )
        for n, text in enumerate(TEXTS)
    ]
    return [received.matter_id for received in receive_messages(context, messages)]


def test_ticked_matters_are_claimed_at_once(desk: Page, context: Context, ids: list[int]) -> None:
    claim_matter(context, ids[2], "李科")
    desk.reload()
    expect(desk.locator("table.queue")).to_contain_text("李科认领")
    desk.get_by_label("全选本页").check()
    expect(desk.get_by_text("已勾选 4 件")).to_be_visible()
    desk.get_by_role("button", name="认领", exact=True).click()
    expect(desk.get_by_role("status")).to_have_text("3 件已认领，1 件没有办成。")
    expect(desk.locator("table.results")).to_contain_text("李科，到")
    desk.get_by_role("link", name="回到待办").click()
    desk.get_by_role("link", name="我认领的").click()
    expect(desk.locator("table.queue tbody tr")).to_have_count(3)
    expect(desk.get_by_role("link", name="我认领的")).to_have_attribute("aria-current", "page")
    assert find_claim(context, ids[0]) is not None


def test_a_matter_is_claimed_and_released_on_its_page(
    desk: Page, context: Context, ids: list[int]
) -> None:
    desk.goto(f"/matters/{ids[0]}")
    desk.get_by_role("button", name="认领").click()
    expect(desk.get_by_role("heading", name="我已认领")).to_be_visible()
    desk.get_by_role("button", name="释放").click()
    expect(desk.get_by_role("heading", name="无人认领")).to_be_visible()
    expect(desk.locator(".track")).to_contain_text("释放认领")


def test_filters_folded_away_stay_open_while_in_use_and_become_a_view(desk: Page) -> None:
    expect(desk.get_by_label("渠道")).not_to_be_visible()
    desk.get_by_text("更多条件").click()
    desk.get_by_label("渠道").select_option("web")
    desk.wait_for_url("**/?channel=web")
    expect(desk.get_by_label("渠道")).to_be_visible()
    desk.get_by_text("把这些条件存为视图").click()
    desk.get_by_label("名称").fill("网上来的")
    desk.get_by_role("button", name="保存", exact=True).click()
    tab = desk.get_by_role("link", name="网上来的")
    expect(tab).to_have_attribute("aria-current", "page")
    expect(tab).to_contain_text("4")
    desk.get_by_role("button", name="删去视图").click()
    expect(desk.get_by_role("link", name="网上来的")).to_have_count(0)


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["390"])
def test_ticks_and_tabs_fit_a_phone(desk: Page) -> None:
    desk.get_by_text("更多条件").click()
    desk.locator(".bulk-bar summary").first.click()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("page", [NO_SCRIPT], indirect=True, ids=["no script"])
def test_ticks_work_without_scripts(desk: Page, context: Context, ids: list[int]) -> None:
    expect(desk.get_by_text("全选本页")).not_to_be_visible()
    desk.locator(f"input[name=m{ids[0]}]").check()
    desk.get_by_role("button", name="认领", exact=True).click()
    expect(desk.get_by_role("status")).to_have_text("1 件已认领。")
