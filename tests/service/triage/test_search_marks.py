"""Where words stand in a text, and the piece that shows most of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.clean import clean
from classifier.text.segment import Segmenter
from service.triage.search_marks import SNIPPET_CHARS, MarkedPiece, best_snippet, mark_all
from service.triage.search_words import read_words

SEGMENTER = Segmenter()


def marked(piece: MarkedPiece) -> list[str]:
    return [piece.text[start:end] for start, end in piece.marks]


def snippet(typed: str, text: str) -> MarkedPiece:
    return best_snippet(clean(text), read_words(typed, SEGMENTER).wanted)


def test_the_snippet_is_where_most_words_stand() -> None:
    text = "路灯。" + "甲" * 300 + "停电以后路灯不亮" + "乙" * 300
    found = snippet("路灯 停电", text)
    assert marked(found) == ["停电", "路灯"]
    assert found.text == text[found.start : found.start + len(found.text)]
    assert len(found.text) == SNIPPET_CHARS
    assert found.is_cut


def test_marks_that_touch_are_one_and_are_those_of_the_original() -> None:
    assert marked(snippet("路燈 燈", "東巷的路\u200b燈壞了")) == ["路\u200b燈"]
    assert marked(snippet("停电路灯", "昨晚停电路灯不亮")) == ["停电路灯"]


def test_a_text_without_the_words_is_shown_from_its_beginning() -> None:
    found = snippet("路灯", "别的事。" * 100)
    assert (found.start, found.marks, found.is_cut) == (0, (), True)
    assert snippet("路灯", "").text == ""


@pytest.mark.parametrize("word", ["12", "led"])
def test_a_number_or_latin_word_is_no_part_of_a_longer_one(word: str) -> None:
    text = f"{word}3 x{word} 共{word}个"
    start = text.index("共") + 1
    whole = mark_all(clean(text), read_words(word, SEGMENTER).wanted)
    assert whole.marks == ((start, start + len(word)),)


def test_many_places_are_no_trouble() -> None:
    found = snippet(" ".join(f"路灯{n}" for n in range(20)), "路灯1" * 20_000)
    assert found.marks


@given(text=st.text(alphabet="路灯停电 ，a\u200b１\n", max_size=400))
def test_marks_lie_in_the_piece_in_order(text: str) -> None:
    words = read_words("路灯 停电 a1", SEGMENTER).wanted
    for piece in (snippet("路灯 停电 a1", text), mark_all(clean(text), words)):
        ends = [place for mark in piece.marks for place in mark]
        assert ends == sorted(ends)
        assert all(0 <= place <= len(piece.text) for place in ends)
        assert piece.text == text[piece.start : piece.start + len(piece.text)]
