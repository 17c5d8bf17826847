"""An administrator keeps a digest, lets one be made each week, and opens what is unread."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service.domain.delivery import EventType
from service.usecases.context import Context

pytestmark = pytest.mark.browser


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
    expect(desk.locator("#deliveries")).to_contain_text("还没有投递")
    desk.get_by_role("button", name="删除").click()
    expect(desk.locator("#schedules")).not_to_contain_text("zhuxi@example.gov.cn")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_its_window(desk: Page, context: Context, width: int) -> None:
    from service.storage.deliveries import insert_mails
    from service.usecases.digest_schedules import Schedule, add_schedule

    told = {"digest_id": 1, "title": "周报", "text": "", "forms": []}
    address = "mishuchu-zonghe-zu@zhengxie.fuping.example.gov.cn"
    with context.database.transaction() as connection:
        insert_mails(connection, [address], told, context.now())
    add_schedule(context, Schedule(recipients=(address,)), "甲")
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto("/digests")
    expect(desk.locator("#deliveries")).to_contain_text(EventType.DIGEST_MADE.label_zh)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
