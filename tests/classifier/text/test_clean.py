"""The plain form of a text, and the way back to what was written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.spans import Span
from classifier.text.clean import clean

# Any code point, lone surrogates too, with what cleaning changes drawn often.
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("\u200b\u202e\ufeff\x00\ud800\u3000\n\tＡ１，！國鎮乾🀄\ufe0f中a1"),
    )
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("ＡＢ１２，。！～", "AB12,。!~"),
        ("一\u3000二\t三\r\n四\xa0五\u2028六", "一 二 三  四 五 六"),
        ("富平縣莊裡鎮的電梯壞了", "富平县庄里镇的电梯坏了"),
        ("電\u200b梯\ufeff", "电梯"),
        ("\u202e倒着写\u202c", "倒着写"),
        ("\ud83d半个表情", "半个表情"),
        ("👍🏽", "👍🏽"),
        ("❤\ufe0f", "❤"),
        ("\x00\x07\x1b", ""),
    ],
)
def test_a_text_is_brought_to_its_plain_form(text: str, plain: str) -> None:
    assert clean(text).plain == plain
    assert clean(text).original == text


@given(TEXTS, st.integers(0, 20))
def test_few_unusual_characters_are_replaced_as_many_are(text: str, count: int) -> None:
    # So many different traditional characters are never replaced one by one.
    many = "國鎮縣莊裡電壞業員區間門車馬鳥魚"
    alone = clean(text + many[:count]).plain
    together = clean(text + many).plain
    assert together.startswith(alone)


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text).plain
    again = clean(once)
    assert again.plain == once
    assert again.dropped == ()


@given(TEXTS)
def test_every_plain_character_came_from_the_original_place_it_names(text: str) -> None:
    cleaned = clean(text)
    for place, character in enumerate(cleaned.plain):
        start, end = cleaned.in_original(Span(place, place + 1))
        assert end == start + 1
        assert clean(text[start:end]).plain == character


@given(TEXTS)
def test_what_is_dropped_makes_up_the_difference_in_length(text: str) -> None:
    cleaned = clean(text)
    count = cleaned.dropped[-1][1] if cleaned.dropped else 0
    assert len(cleaned.plain) + count == len(text)


@given(TEXTS, st.data())
def test_spans_keep_their_order_in_the_original(text: str, data: st.DataObject) -> None:
    cleaned = clean(text)
    places = st.integers(0, len(cleaned.plain))
    start, middle, end = sorted(data.draw(st.tuples(places, places, places)))
    first = cleaned.in_original(Span(start, middle))
    second = cleaned.in_original(Span(middle, end))
    assert 0 <= first.start <= first.end
    assert second.start <= second.end <= len(text)
    if start < middle < end:
        assert first.end <= second.start


def test_a_span_takes_in_what_was_dropped_inside_it_and_nothing_beside_it() -> None:
    cleaned = clean("\u200b一\u200b\u200b二\u200b三")
    assert cleaned.in_original(Span(0, 2)) == Span(1, 5)
    assert cleaned.in_original(Span(1, 1)).start == cleaned.in_original(Span(1, 1)).end


@pytest.mark.parametrize("unit", ["中文,", "，國\u200b", "\ud800", "🀄 "])
def test_eight_times_the_text_takes_not_much_more_than_eight_times_as_long(unit: str) -> None:
    def seconds(text: str) -> float:
        best = float("inf")
        for _ in range(5):
            start = time.thread_time()
            clean(text)
            best = min(best, time.thread_time() - start)
        return best

    assert seconds(unit * 80_000) < 40 * seconds(unit * 10_000)
