"""An administrator looks at the organisation, takes its workbook, tries it and puts it in force."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from service.domain.organisation import OrganisationBook
from service.usecases.administration.organisation import save_book
from service.usecases.context import Context
from tests.makers import a_small_organisation

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _stored(context: Context) -> None:
    save_book(context, OrganisationBook(a_small_organisation()), "甲")


def _changed(path: Path, cell: str, value: str) -> Path:
    workbook = load_workbook(path)
    workbook["工作室"][cell] = value
    workbook.save(path)
    return path


def test_an_administrator_changes_the_organisation(desk: Page, tmp_path: Path) -> None:
    desk.get_by_role("link", name="组织").click()
    expect(desk.get_by_role("heading", name="组织", exact=True)).to_be_visible()
    expect(desk.locator(".tree")).to_contain_text("富平县政协")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="下载工作簿").click()
    path = tmp_path / "book.xlsx"
    download.value.save_as(path)

    desk.get_by_label("工作簿").set_input_files(_changed(path, "K2", "每周一上午"))
    desk.get_by_role("button", name="只检查").click()
    expect(desk.locator("main")).to_contain_text("检查通过，尚未载入：将有 1 处更改")
    expect(desk.locator("main")).to_contain_text("开放时间 空 → 每周一上午")

    desk.get_by_label("工作簿").set_input_files(path)
    desk.get_by_role("button", name="检查并载入").click()
    expect(desk.get_by_role("status").first).to_contain_text("已载入")
    expect(desk.locator("table.queue").first).to_contain_text("每周一上午")
    desk.get_by_text("委员 2").click()
    expect(desk.get_by_role("cell", name="城乡建设")).to_be_visible()
