"""An administrator looks at what settled matters suggest, tries it and accepts it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service.domain.standing_rule import StandingRule
from service.usecases.administration.rules import save_rules
from service.usecases.context import Context
from tests.service.settled import RIGHT, TOPIC, WRONG, settle_elsewhere

pytestmark = pytest.mark.browser


def test_an_administrator_tries_and_accepts_a_suggestion(desk: Page, context: Context) -> None:
    given = StandingRule("水务归口", topics=(TOPIC,), department=WRONG)
    save_rules(context, (given,), "管理员")
    settle_elsewhere(context, 5)
    desk.goto("/rules")
    card = desk.locator("#suggestions")
    expect(card).to_contain_text(f"最后由{RIGHT}承办 5 件")
    expect(card).to_contain_text("按规则“水务归口”")

    card.get_by_role("button", name="试运行").click()
    expect(desk.locator("#trial")).to_contain_text("试运行 5 件留言：5 件会变")
    card.get_by_role("button", name="采纳", exact=True).click()
    expect(desk.get_by_role("status").first).to_contain_text("已采纳")
    expect(card).to_have_count(0)
    expect(desk.locator("table.queue").first).to_contain_text(f"建议由{RIGHT}承办")
