"""The sender's own name, in whatever he calls himself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.personal.sender import find_sender


def found(text: str, sender: str) -> list[str]:
    return [text[item.span.start : item.span.end] for item in find_sender(text, sender)]


@pytest.mark.parametrize(
    ("sender", "text", "names"),
    [
        ("刘冬生", "代表刘冬生,刘冬生写", ["刘冬生", "刘冬生"]),
        ("刘家湾组部分村民 刘冬生", "我们刘家湾组部分村民刘冬生等", ["刘冬生"]),
        ("老兵杨德厚", "我杨德厚", []),
        ("家属杨德厚", "我杨德厚", ["杨德厚"]),
        ("侯运生、张满英", "侯运生和张满英", ["侯运生", "张满英"]),
        ("张民生", "民生工程,张民生", ["张民生"]),
        ("惠师傅", "惠师傅来电", ["惠师傅"]),
        ("地图控", "我是地图控", ["地图控"]),
        ("住户", "住户都知道", []),
        ("业主代表", "业主代表签字", []),
        ("溢水镇刘庄村 罗兴旺", "溢水镇刘庄村的罗兴旺", ["罗兴旺"]),
        ("", "没有名字", []),
        (" · ", "没 · 名字", []),
        ("a.*", "a.* 不是 abc", ["a.*"]),
    ],
)
def test_names_are_found_and_words_for_anybody_are_not(
    sender: str, text: str, names: list[str]
) -> None:
    assert sorted(found(text, sender)) == sorted(names)


@given(st.text(), st.text(max_size=30))
def test_any_sender_and_any_text_will_do(text: str, sender: str) -> None:
    for item in find_sender(text, sender):
        assert text[item.span.start : item.span.end] in sender
