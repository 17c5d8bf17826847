"""Letters that say that they come again, in own words, and letters that do not."""

from __future__ import annotations

import pytest
from hypothesis import given

from classifier.reading.again import says_again
from tests.classifier.pair_makers import READER, texts


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("再次反映东巷路灯不亮", ""),
        ("三次投诉，路灯还是不亮", ""),
        ("东巷路灯", "上次写的信还没有人管。"),
        ("东巷路灯", "这件事我们已多次向社区反映，没有结果。"),
        ("东巷路灯", "这是第12次写信。"),
        ("东巷路灯", "此前投诉过，至今没修。"),
    ],
)
def test_a_letter_says_that_its_writer_wrote_before(title: str, body: str) -> None:
    assert says_again(READER.read(title, body))


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("", ""),
        ("第一次写信", "东巷的路灯坏了。"),
        ("反映东巷路灯", "路灯坏了，请派人来修。"),
        ("东巷路灯", "路" * 60 + "已经多次反映。"),
        ("又", "一次停电，十户人家没有灯。"),
    ],
)
def test_other_letters_do_not(title: str, body: str) -> None:
    assert not says_again(READER.read(title, body))


@given(texts, texts)
def test_any_text_is_answered(title: str, body: str) -> None:
    assert says_again(READER.read(title, body)) in (True, False)


@pytest.mark.hostile
@pytest.mark.parametrize("text", ["第" + "2" * 500, "第" + "几" * 500, "已" * 500, "2" * 500])
def test_a_text_made_to_take_long_takes_no_longer(text: str) -> None:
    # The title is searched whole; a pattern that tries each way to cut a run never ends.
    assert not says_again(READER.read(text, text))
