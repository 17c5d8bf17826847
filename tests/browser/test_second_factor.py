"""A clerk sets up a second factor and logs in with it, as a phone's authenticator would."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from service.domain.access import Account, Role
from service.usecases.accounts.accounts import Duty, add_account, ensure_administrator
from service.usecases.accounts.own_password import change_password
from service.usecases.context import Context
from tests.makers import Clock

CHOSEN = "三棵槐树下面的老水井旁边"


@pytest.fixture
def password(context: Context) -> str:
    """Of an account that has changed its first one."""
    ensure_administrator(context)
    first = add_account(context, "甲", Duty(Role.LEADER))
    change_password(context, Account("甲", Role.LEADER), first, CHOSEN)
    return CHOSEN


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page where somebody wants to look at it."""
    if folder := os.environ.get("MINQING_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def log_in(page: Page, password: str) -> None:
    page.goto("/login")
    page.get_by_label("用户名").fill("甲")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_a_second_factor_is_set_up_and_asked_for(page: Page, password: str, clock: Clock) -> None:
    log_in(page, password)
    page.goto("/account")
    section = page.locator("#totp")
    section.get_by_label("密码").fill(password)
    section.get_by_role("button", name="开始设置").click()
    expect(page.locator("svg.qr")).to_be_visible()
    picture(page, "totp-enrol")
    found = re.search(r"[A-Z2-7]{32}", section.inner_text())
    assert found
    totp = pyotp.TOTP(found[0])
    section.get_by_label("验证码").fill(totp.at(int(clock().timestamp())))
    section.get_by_role("button", name="开启").click()
    codes = page.locator(".codes li")
    expect(codes).to_have_count(10)
    picture(page, "totp-recovery")
    recovery = codes.first.inner_text()
    clock.forward(minutes=1)
    log_in(page, password)
    expect(page.get_by_role("heading", name="两步验证")).to_be_visible()
    picture(page, "totp-login")
    page.get_by_label("验证码").fill(totp.at(int(clock().timestamp())))
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    log_in(page, password)
    page.get_by_label("验证码").fill(recovery)
    page.get_by_role("button", name="登录").click()
    page.goto("/account")
    expect(page.locator("#totp")).to_contain_text("恢复码还有 9 个")
