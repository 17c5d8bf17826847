"""Titles, names and quotes made to break a document, in every form."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from service.digest import FORMS, Digest, MatterFact, MessageFact, build_digest, render
from service.digest.quotes import Text
from service.digest.voices import give_voice
from tests.service.digest.makers import NAMES, WEEK, a_digest, a_matter, a_message, some_facts
from tests.service.digest.strategies import MATTERS, MESSAGES

HOSTILE = [
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://x.example\",\"点\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "a\x00\x01\x0b\x0c\x1f\x7fb\ud800\ufffe\u202e",
    "]]>&lt;&amp;\"'",
    "{{ 7*7 }}{% raw %}",
    "'; DROP TABLE messages; --",
    "𠮷😀" * 500,
    " \n\r\n ",
]  # fmt: skip


def hostile_digest(text: str) -> Digest:
    late = a_matter(1).opened_at - timedelta(days=60)
    matter = a_matter(
        1, title=text, number=text, department=text, place=text, studio=text,
        opened_at=late, due_at=late,
    )  # fmt: skip
    messages = [
        a_message(n, matter_id=1, place=text, department=text, studio=text, topic=text,
                  topic_l1=text, committee=text)
        for n in (1, 2)
    ]  # fmt: skip
    digest = build_digest(WEEK, some_facts(tuple(messages), (matter,)), NAMES, text)
    body = f"东巷的路灯坏了半个月没有人来修{text}。"
    texts = [Text(n, n, text + "路灯不亮", body) for n in (1, 2)]
    return give_voice(digest, texts, lambda line: True)


@pytest.mark.hostile
@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_breaks_no_form(text: str, suffix: str) -> None:
    assert render(hostile_digest(text), suffix)


@pytest.mark.hostile
@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_markup_as_text(text: str) -> None:
    page = render(hostile_digest(text), ".html").decode()
    assert "<script" not in page
    assert "49" not in page.split("{{ 7*7 }}")[0][-10:]
    assert not any(ord(sign) < 32 and sign != "\n" for sign in page)


@pytest.mark.hostile
@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_the_workbook_is_a_formula(text: str) -> None:
    content = render(hostile_digest(text), ".xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [name for name in package.namelist() if "worksheets/sheet" in name]
        assert sheets
        assert not [name for name in sheets if b"<f>" in package.read(name)]


@pytest.mark.hostile
def test_a_cell_that_begins_like_a_formula_stays_text_when_it_is_edited() -> None:
    book = load_workbook(io.BytesIO(render(hostile_digest("=1+1"), ".xlsx")))
    cell = book["热点事项"].cell(2, 3)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    book.close()


@pytest.mark.hostile
def test_a_formula_in_word_is_plain_text() -> None:
    document = Document(io.BytesIO(render(hostile_digest("=1+1"), ".docx")))
    assert any("=1+1" in paragraph.text for paragraph in document.paragraphs)


def test_json_keeps_to_json() -> None:
    assert json.loads(render(hostile_digest(HOSTILE[6]), ".json"))["issuer"] == "ab"


def test_a_list_of_ids_too_long_for_a_cell_says_where_the_rest_is() -> None:
    digest = a_digest(*(a_message(10_000_000 + n) for n in range(4_000)))
    book = load_workbook(io.BytesIO(render(digest, ".xlsx")))
    ids = str(book["按渠道统计"].cell(2, 9).value)
    assert len(ids) < 32_767
    assert ids.endswith("…共4000个，见“留言明细”")
    assert book["留言明细"].max_row == 4_001
    book.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(MESSAGES, MATTERS)
def test_any_facts_can_be_written_in_any_form(
    messages: list[MessageFact], matters: list[MatterFact]
) -> None:
    digest = build_digest(WEEK, some_facts(tuple(messages), tuple(matters)), NAMES)
    for suffix in FORMS:
        assert render(digest, suffix)
