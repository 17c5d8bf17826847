"""The red head: what may be asked for, and what becomes of it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn

from service.digest import render
from service.digest.red_head import LONGEST_AUTHORITY, RedHead, read_red_head
from service.errors import InvalidInputError
from tests.service.digest.makers import a_digest, a_message

HEAD = RedHead("富平县政协办公室文件", "富政协办〔2019〕28号")


def test_nothing_asked_for_is_no_head() -> None:
    assert read_red_head("", "") is None
    assert read_red_head(" \u200b ") is None


def test_a_head_is_read_with_and_without_a_number() -> None:
    assert read_red_head(HEAD.authority, HEAD.number) == HEAD
    assert read_red_head("甲" * LONGEST_AUTHORITY) == RedHead("甲" * LONGEST_AUTHORITY)


@pytest.mark.parametrize(
    ("authority", "number", "said"),
    [
        ("长" * (LONGEST_AUTHORITY + 1), "", "不能超过24个字"),
        ("", "富政协〔2019〕1号", "须写明红头的机关名称"),
        ("富平县政协", "富政协[2019]1号", "应形如"),
        ("富平县政协", "富政协〔2019〕01号", "应形如"),
        ("富平县政协", "富政协〔2019〕第1号", "应形如"),
        ("富平县政协", "<script>alert(1)</script>", "应形如"),
        ("富平县政协", "文〔2019〕1号" * 9, "应形如"),
    ],
)
def test_what_no_document_could_bear_is_refused(authority: str, number: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        read_red_head(authority, number)


def test_the_word_document_has_it_in_styles_of_its_own() -> None:
    content = render(replace(a_digest(a_message(1)), head=HEAD), ".docx")
    mark, number, title = Document(io.BytesIO(content)).paragraphs[:3]
    assert [one.style.name for one in (mark, number, title)] == [
        "发文机关标志", "发文字号", "Title"
    ]  # fmt: skip
    assert (mark.text, number.text) == (HEAD.authority, HEAD.number)
    look = mark.style.element.rPr
    assert look.find(qn("w:color")).get(qn("w:val")) == "FF0000"
    assert look.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "方正小标宋简体"
    rule = number.style.element.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "FF0000"


def test_without_one_nothing_is_red() -> None:
    document = Document(io.BytesIO(render(a_digest(a_message(1)), ".docx")))
    assert document.paragraphs[0].style.name == "Title"


def test_the_page_shows_it_escaped() -> None:
    head = RedHead("<b>某县&政协</b>")
    page = render(replace(a_digest(a_message(1)), head=head), ".html").decode()
    assert '<p class="mark">&lt;b&gt;某县&amp;政协&lt;/b&gt;</p>' in page
