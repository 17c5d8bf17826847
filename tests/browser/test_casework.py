"""A clerk takes a matter in hand and answers it; the citizen reads and rates the answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service.domain.receipt import show_receipt
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from tests.makers import a_message
from tests.service.intake.test_attachments import pdf
from tests.service.usecases.mailing.test_mails import letter

PHONE = {"viewport": {"width": 390, "height": 844}}
TEXT = "庄里镇三合村东巷的路灯坏了半个月。请问什么时候能修好？村口的井盖也请一并检查。"


@pytest.fixture
def received(context: Context) -> Received:
    return receive_messages(context, [a_message(TEXT)])[0]


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page where somebody wants to look at it."""
    if folder := os.environ.get("MINQING_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_matter_is_signed_answered_and_rated(
    received: Received, desk: Page, context: Context
) -> None:
    desk.goto(f"/matters/{received.matter_id}")
    picture(desk, "matter-assigned")
    desk.get_by_role("button", name="签收").click()
    expect(desk.get_by_role("status").first).to_contain_text("已签收")
    answer = desk.get_by_placeholder("您反映的")
    answer.fill("{来信人}：三合村东巷的路灯将于3月10日修好。")
    desk.get_by_role("button", name="核对").click()
    expect(desk.locator(".asks")).to_contain_text("没有找到回答")
    expect(desk.get_by_placeholder("您反映的")).to_have_value(
        "{来信人}：三合村东巷的路灯将于3月10日修好。"
    )
    picture(desk, "matter-checked")
    desk.get_by_placeholder("您反映的").fill(
        "{来信人}：三合村东巷的路灯将于3月10日修好。村口井盖已检查，完好。"
    )
    desk.get_by_role("button", name="保存草稿").click()
    desk.get_by_role("button", name="签发").click()
    expect(desk.locator(".facts")).to_contain_text("已答复")
    picture(desk, "matter-answered")
    desk.get_by_role("button", name="退出").click()
    desk.goto("/look-up")
    desk.get_by_label("回执码").fill(show_receipt(received.receipt))
    desk.get_by_label("手机号后四位").fill("1111")
    picture(desk, "look-up-empty")
    desk.get_by_role("button", name="查询").click()
    expect(desk.locator(".answer")).to_contain_text("陈某：三合村东巷的路灯")
    picture(desk, "look-up-answered")
    desk.get_by_label("不满意", exact=True).check()
    desk.get_by_label("理由").fill("只修了一盏")
    desk.get_by_role("button", name="提交评价").click()
    expect(desk.get_by_role("status").first).to_contain_text("将重新办理")


def test_a_scan_is_added_to_a_letter(received: Received, desk: Page) -> None:
    desk.goto(f"/matters/{received.matter_id}")
    desk.get_by_text("添附件").click()
    scan = {"name": "申请.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    desk.locator("input[type=file]").set_input_files([scan])
    picture(desk, "matter-attaching")
    desk.get_by_role("button", name="上传附件").click()
    expect(desk.get_by_role("status").first).to_contain_text("附件已收到")
    expect(desk.locator(".attachments")).to_contain_text("申请.pdf")
    picture(desk, "matter-attached")


def test_a_mail_is_handed_in_and_its_receipt_shown(desk: Page) -> None:
    desk.goto("/intake")
    mail = {"name": "信.eml", "mimeType": "message/rfc822", "buffer": letter(1)}
    desk.get_by_label("邮件文件").set_input_files([mail])
    picture(desk, "intake-mail")
    desk.get_by_role("button", name="登记邮件").click()
    expect(desk.locator(".slip")).to_contain_text("路灯1")
    picture(desk, "slip-mail")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_everything_fits(received: Received, desk: Page) -> None:
    desk.goto(f"/matters/{received.matter_id}")
    for summary in ("退单", "申请延期", "办结"):
        desk.locator("details.move > summary", has_text=summary).first.click()
    assert not desk.evaluate("document.documentElement.scrollWidth > innerWidth")
    picture(desk, "matter-phone")
    desk.goto("/look-up")
    desk.get_by_label("回执码").fill(received.receipt)
    desk.get_by_label("手机号后四位").fill("1111")
    desk.get_by_role("button", name="查询").click()
    assert not desk.evaluate("document.documentElement.scrollWidth > innerWidth")
    picture(desk, "look-up-phone")
