"""An administrator keeps a digest, lets one be made each week, and opens what is unread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from service.domain.delivery import EventType
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.browser.test_casework import picture
from tests.makers import a_message

pytestmark = pytest.mark.browser


@pytest.fixture
def context(context: Context) -> Context:
    """A desk that may tell this machine, where nobody listens."""
    changed = context.settings.model_copy(update={"webhook_allow": "127.0.0.1"})
    return replace(context, settings=changed)


def test_a_digest_is_kept_read_and_laid_down(desk: Page, context: Context) -> None:
    desk.get_by_role("link", name="民情汇总").click()
    desk.get_by_role("link", name="历期民情").click()
    expect(desk.get_by_role("heading", name="历期民情", exact=True)).to_be_visible()
    desk.get_by_label("周期", exact=True).fill("2026-W09")
    desk.get_by_role("button", name="现在生成并留存").click()
    row = desk.get_by_role("row", name="民情周报（2026年第9周）")
    expect(row).to_contain_text("未读")
    with desk.expect_download() as download:
        row.get_by_role("link", name="DOCX").click()
    assert download.value.suggested_filename == "民情周报（2026年第9周）.docx"
    desk.reload()
    expect(row).not_to_contain_text("未读")

    desk.get_by_label("收件邮箱，可写几个").fill("zhuxi@example.gov.cn")
    desk.get_by_role("button", name="添加").click()
    expect(desk.locator("#schedules")).to_contain_text("民情周报，结束后第 1 天 07:30，全县")
    desk.get_by_role("button", name="删除").click()
    expect(desk.locator("#schedules")).not_to_contain_text("zhuxi@example.gov.cn")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_its_window(desk: Page, context: Context, width: int) -> None:
    from service.storage.delivery.deliveries import insert_mails
    from service.usecases.digests.digest_schedules import Schedule, add_schedule

    told = {"digest_id": 1, "title": "周报", "text": "", "forms": []}
    address = "mishuchu-zonghe-zu@zhengxie.fuping.example.gov.cn"
    with context.database.transaction() as connection:
        insert_mails(connection, [address], told, context.now())
    add_schedule(context, Schedule(recipients=(address,)), "甲")
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto("/digests")
    expect(desk.locator("#schedules")).to_contain_text(address)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.get_by_role("link", name="投递情况").click()
    expect(desk.locator("#deliveries")).to_contain_text(EventType.DIGEST_MADE.label_zh)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 390])
def test_an_address_is_told_of_new_matters_from_then_on(
    desk: Page, context: Context, width: int
) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto("/deliveries")
    desk.get_by_label("网址").fill("http://127.0.0.1:1/hooks/minqing")
    desk.get_by_label("新立事项").check()
    desk.get_by_role("button", name="添加推送地址").click()
    expect(desk.get_by_role("status")).to_contain_text("whsec_")
    receive_messages(context, [a_message("庄里镇三合村东巷的路灯坏了半个月。")])
    desk.get_by_role("link", name="全部").click()
    expect(desk.locator("#deliveries")).to_contain_text("新立事项")
    expect(desk.locator("main")).not_to_contain_text("whsec_")
    desk.get_by_text("更换密钥、删除").click()
    picture(desk, f"deliveries-{width}")
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.get_by_role("button", name="删除这个地址").click()
    desk.get_by_role("link", name="投递失败").click()
    expect(desk.locator("#deliveries")).to_contain_text("推送地址已经删除")
