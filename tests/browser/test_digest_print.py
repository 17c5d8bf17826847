"""The digest's page on paper: A4, no table row cut, headings with what follows, no script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from service.digest import render
from service.digest.red_head import RedHead
from tests.browser.conftest import Complaints
from tests.service.digest.pages import POINTS_PER_MM, Pages, read_pages
from tests.service.digest.test_forms_agree import html_tables
from tests.service.digest.test_golden import GOLDEN, digest_of

pytestmark = [pytest.mark.browser, pytest.mark.office]

HEAD = RedHead("富平县政协办公室文件", "富政协办〔2019〕28号")


@pytest.fixture(scope="module")
def printed(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    folder = tmp_path_factory.mktemp("print")
    source = folder / "digest.html"
    source.write_bytes(render(replace(digest_of(GOLDEN / "busy_week"), head=HEAD), ".html"))
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(source.as_uri())
    page.pdf(path=folder / "digest.pdf", prefer_css_page_size=True)
    context.close()
    return read_pages(folder / "digest.pdf")


def test_it_prints_on_a4(printed: Pages) -> None:
    for page in PdfReader(printed.path).pages:
        size = [float(side) / POINTS_PER_MM for side in (page.mediabox.width, page.mediabox.height)]
        assert size == pytest.approx([210, 297], abs=1)


def test_no_heading_and_no_caption_is_left_behind(printed: Pages) -> None:
    document = render(digest_of(GOLDEN / "busy_week"), ".html").decode()
    headings = {
        part.partition("</")[0]
        for tag in ("<h2>", "<h3>", "<caption>")
        for part in document.split(tag)[1:]
    }
    assert len(headings) > 20
    last = [page.lines[-1].text for page in printed.pages]
    assert not headings & set(last)


def test_no_table_of_a_few_rows_is_cut(printed: Pages) -> None:
    tables = html_tables(render(digest_of(GOLDEN / "busy_week"), ".html"))
    assert len(tables) >= 10
    pages = ["".join(line.text for line in page.lines) for page in printed.pages]
    for caption, rows in tables.items():
        held = [page for page in pages if caption in page]
        last = "".join(rows[-1]).replace(" ", "")
        assert any(last in page for page in held), caption


def test_the_annex_begins_a_page_and_the_head_stands_first(printed: Pages) -> None:
    firsts = [page.lines[0].text for page in printed.pages]
    assert "附件" in firsts
    assert "富平县政协办公室文件" in firsts[0]


def test_the_page_is_shown_whole_in_a_narrow_and_a_wide_window(
    chromium: Browser, tmp_path: Path
) -> None:
    source = tmp_path / "digest.html"
    source.write_bytes(render(digest_of(GOLDEN / "busy_week"), ".html"))
    for width in (390, 1280):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        complaints = Complaints()
        page = context.new_page()
        page.on("console", lambda message, held=complaints: held.found.append(message.text))
        page.goto(source.as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        assert complaints.found == []
        context.close()
