"""The longest of many phrases, found like a plain search would find them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.phrases import PhraseFinder

LETTERS = "甲乙丙a🀄\ud800"


def slow_find(phrases: set[str], text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    while start < len(text):
        here = [phrase for phrase in phrases if text.startswith(phrase, start)]
        length = max(map(len, here), default=0)
        if length:
            found.append((start, start + length))
        start += length or 1
    return found


@given(st.sets(st.text(LETTERS, min_size=2, max_size=4), max_size=8), st.text(LETTERS))
def test_it_finds_what_a_plain_search_finds(phrases: set[str], text: str) -> None:
    assert PhraseFinder(phrases).find(text) == slow_find(phrases, text)


def test_a_phrase_cut_off_by_the_end_is_found_up_to_there() -> None:
    assert PhraseFinder({"富平", "富平县"}).find("去富平") == [(1, 3)]


def test_there_may_be_nothing_to_find_or_to_look_in() -> None:
    assert PhraseFinder(set()).find("富平县") == []
    assert PhraseFinder({"富平"}).find("") == []
    assert PhraseFinder({"富平"}).find("富") == []


def test_a_phrase_of_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="two characters"):
        PhraseFinder({"县"})
