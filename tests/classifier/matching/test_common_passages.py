"""What two texts both say is found in each, wherever it stands."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from classifier.matching.common_passages import SHORTEST, common_passages

texts = st.text(alphabet="路灯坏了 。\n", max_size=40) | st.text(max_size=40)


def said(text: str, other: str) -> list[str]:
    return [text[span.start : span.end] for span in common_passages(text, other)[0]]


def test_a_shared_stretch_is_marked_in_both_though_it_stands_elsewhere() -> None:
    one, other = "东巷路灯坏了半个月，请修。", "请修吧，我家门口东巷路灯坏了半个月没人来。"
    assert said(one, other) == ["东巷路灯坏了半个月"]
    assert said(other, one) == ["东巷路灯坏了半个月"]


def test_the_same_text_is_one_passage_and_white_space_is_none() -> None:
    assert said("东巷路灯坏了。", "东巷路灯坏了。") == ["东巷路灯坏了。"]
    assert said("东巷      路灯", "学校      食堂") == []
    assert said("路灯坏", "路灯坏") == []


@given(texts, texts)
def test_every_passage_of_one_is_made_of_the_others_characters(one: str, other: str) -> None:
    found, mirrored = common_passages(one, other)
    assert (mirrored, found) == common_passages(other, one)
    for text, spans, far in ((one, found, other), (other, mirrored, one)):
        for span in spans:
            passage = text[span.start : span.end]
            assert len(passage) >= SHORTEST
            assert all(passage[i : i + SHORTEST] in far for i in range(len(passage) - SHORTEST + 1))
        assert all(a.end < b.start for a, b in pairwise(spans))
