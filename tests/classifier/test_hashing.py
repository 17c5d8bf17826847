from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.hashing import ngram_hashes, span_hashes, word_hashes

GOLDEN = [4132485109, 1160872599, 3222424289]
any_text = st.text(st.characters(exclude_categories=()), max_size=40)


@given(any_text, any_text, any_text)
def test_a_string_hashes_alike_wherever_it_stands(before: str, word: str, after: str) -> None:
    start, end = len(before), len(before) + len(word)
    found = span_hashes(f"{before}{word}{after}", np.array([start]), np.array([end]))
    alone = span_hashes(word, np.array([0]), np.array([len(word)]))
    assert found.tolist() == alone.tolist()
    assert found.dtype == np.uint32


@given(any_text, st.lists(st.integers(1, 5), max_size=3))
def test_ngrams_are_the_hashes_of_their_strings(text: str, orders: list[int]) -> None:
    grams = [[text[i : i + n] for i in range(len(text) - n + 1)] for n in orders]
    found = ngram_hashes(text, *orders)
    assert [one.tolist() for one in found] == [word_hashes(words).tolist() for words in grams]


@given(st.lists(any_text.filter(bool), max_size=8))
def test_words_hash_one_by_one(words: list[str]) -> None:
    alone = [int(word_hashes([word])[0]) for word in words]
    assert word_hashes(words).tolist() == alone


def test_hashes_stay_the_same_for_ever() -> None:
    assert word_hashes(["路灯", "a", "庄里镇"]).tolist() == GOLDEN


def test_a_place_far_into_a_long_text_makes_no_difference() -> None:
    text = "甲" * 99_998 + "路灯"
    far = span_hashes(text, np.array([99_998]), np.array([100_000]))
    assert far.tolist() == word_hashes(["路灯"]).tolist()


def test_many_different_strings_hardly_ever_meet() -> None:
    hashes = word_hashes([f"{a}{b}" for a in range(300) for b in "甲乙丙丁戊己庚辛"])
    assert len(set(hashes.tolist())) == len(hashes)
    # Even in few bits they spread evenly: no bucket of 64 holds thrice its share.
    assert np.bincount(hashes % 64, minlength=64).max() < 3 * len(hashes) / 64


@pytest.mark.parametrize("order", [1, 2, 5])
def test_a_text_too_short_has_no_ngrams(order: int) -> None:
    (found,) = ngram_hashes("甲" * (order - 1), order)
    assert found.tolist() == []


def test_no_words_have_no_hashes() -> None:
    assert word_hashes([]).tolist() == []
