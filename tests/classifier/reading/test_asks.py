"""Asks: which sentences of a message want something."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.reading.asks import find_asks, split_sentences
from classifier.text.clean import clean


def asked(text: str) -> list[str]:
    plain = clean(text).plain
    return [plain[span.start : span.end] for span in find_asks(plain)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("梅园小区停水三天了。请问何时恢复？", ["请问何时恢复?"]),
        ("建议加装扶手。老人上下楼不便。希望尽快办。", ["建议加装扶手。", "希望尽快办。"]),
        ("路灯坏了半个月。", []),
        ("盼复！请领导见谅。望为感谢。", []),
        ("我很失望，路还是烂的。", []),
        ("", []),
        ("？？？！！！", []),
    ],
)
def test_what_wants_something_is_found(text: str, wanted: list[str]) -> None:
    assert asked(text) == wanted


@given(st.text(max_size=300))
def test_sentences_stand_apart_and_in_order(text: str) -> None:
    plain = clean(text).plain
    spans = split_sentences(plain)
    assert all(0 <= span.start < span.end <= len(plain) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert set(find_asks(plain)) <= set(spans)


def test_a_long_text_takes_no_time_that_grows_with_its_square() -> None:
    assert len(split_sentences("请修路灯。" * 20_000)) == 20_000
    assert split_sentences("请" * 200_000)
