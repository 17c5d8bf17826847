"""Personal data as a whole: finds in order, inside the text, for any text, in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.personal.addresses import find_addresses
from classifier.personal.find import PersonalKind, find_personal_data, mask
from classifier.personal.numbers import find_numbers
from classifier.spans import Span
from classifier.text.clean import clean

PIECES = st.sampled_from(
    [
        "19900001234",
        "990101197609215136",
        "9900 0045 1820 9372 654",
        "一九九〇〇〇〇一二三四",
        "湘L·Z9931",
        "he.wj@example.net",
        "王主任",
        "我叫张三",
        "3栋2单元501",
        "5组12号",
        "住",
        "号",
        "-",
        " ",
        "1",
        "〇",
        "\n",
        "\ud800",
        "🀄",
        "\u202e",
        "微信",
    ]
)
SHORT_PIECES = st.sampled_from(
    [*"0189aAX湘QQ微信号幢栋座#室房组单元楼院一二三_·. -—", "1380013", "abc_12"]
)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=())), st.lists(PIECES).map("".join))


@given(TEXTS, st.text(max_size=8))
def test_finds_lie_in_the_text_in_order_without_overlap(text: str, sender: str) -> None:
    end = 0
    for found in find_personal_data(text, sender):
        assert end <= found.span.start < found.span.end <= len(text)
        end = found.span.end


@given(st.lists(st.one_of(PIECES, SHORT_PIECES), max_size=8).map("".join))
def test_a_text_that_the_first_look_lets_go_holds_nothing(text: str) -> None:
    # Behind the full stop stands what every first look is content with.
    passing = f"{text}。@栋号99999"
    for find in (find_numbers, find_addresses):
        found = [item for item in find(passing) if item.span.end <= len(text)]
        assert list(find(text)) == found


@given(st.lists(PIECES, max_size=30).map("，".join))
def test_a_masked_text_holds_none_of_its_numbers_any_more(text: str) -> None:
    plain = clean(text).plain
    masked = mask(plain, [(found.span, found.kind) for found in find_personal_data(plain)])
    for number in ("19900001234", "990101197609215136", "一九九〇〇〇〇一二三四", "湘L·Z9931"):
        assert number not in masked


@given(
    st.from_regex(r"(?:1[3-9][0-9]{9}|[0-9]{17}[0-9X])", fullmatch=True), st.text("的。，！是给")
)
def test_a_phone_number_or_id_card_among_words_is_always_masked(number: str, words: str) -> None:
    text = f"{words}{number}{words}"
    masked = mask(text, [(found.span, found.kind) for found in find_personal_data(text)])
    assert not any(character.isdigit() for character in masked)


def test_finds_that_overlap_become_one() -> None:
    text = "联系人张先生"
    assert [text[f.span.start : f.span.end] for f in find_personal_data(text, "张先生")] == [
        "张先生"
    ]
    assert find_personal_data("") == []


def test_a_mask_says_what_stood_there() -> None:
    spans = [(Span(0, 1), PersonalKind.OFFICIAL), (Span(6, 17), PersonalKind.PHONE)]
    assert mask("王主任电话是19900001234。", spans) == "某主任电话是〔电话〕。"
    assert mask("无", []) == "无"


@pytest.mark.parametrize(
    "unit",
    [
        "1-",
        "9 ",
        "号",
        "住a",
        "a@",
        "a.",
        "王主任",
        "我叫",
        "姓王的",
        "一单元",
        "1-1-",
        "((",
        "副",
        "QQ_",
    ],
)
def test_eight_times_the_text_takes_not_much_more_than_eight_times_as_long(unit: str) -> None:
    def seconds(text: str) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.thread_time()
            find_personal_data(text, "王小明")
            best = min(best, time.thread_time() - start)
        return best

    assert seconds((unit * 80_000)[:80_000]) < 40 * seconds((unit * 10_000)[:10_000])
