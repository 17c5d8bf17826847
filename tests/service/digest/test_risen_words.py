"""Words that are said more often than before."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest.new_words import Tokens
from service.digest.risen_words import find_risen_words


def said(id: int, *words: str, sender: int | None = None) -> Tokens:
    return Tokens(id, id if sender is None else sender, ("小区", *words, "，", "出门"))


NOW = [said(n, "搅拌站") for n in range(1, 13)] + [said(n, "路灯") for n in range(13, 41)]
BEFORE = [said(n, "搅拌站") for n in (101, 102)] + [said(n, "路灯") for n in range(103, 261)]


def risen(now: list[Tokens], before: list[Tokens]) -> list[str]:
    return [one.word for one in find_risen_words(now, before, lambda word: True)]


def test_a_word_that_more_people_use_than_before_is_told_with_its_messages() -> None:
    [told] = find_risen_words(NOW, BEFORE, lambda word: True)
    assert (told.word, told.earlier_count) == ("搅拌站", 2)
    assert (told.people.value, told.people.message_ids) == (12, tuple(range(1, 13)))
    tail = sum(comb(14, k) * 0.2**k * 0.8 ** (14 - k) for k in range(12, 15))
    assert told.p_value == pytest.approx(2 * tail)


def test_what_keeps_its_share_falls_or_is_new_is_not_told() -> None:
    assert risen(NOW[12:], BEFORE) == []
    assert risen(BEFORE, NOW) == []
    assert risen(NOW, BEFORE[2:]) == []


def test_one_persons_words_are_not_told() -> None:
    assert risen([said(n, "搅拌站", sender=1) for n in range(1, 13)] + NOW[12:], BEFORE) == []


def test_what_may_name_somebody_is_left_out() -> None:
    assert find_risen_words(NOW, BEFORE, lambda word: word != "搅拌站") == ()


def test_without_messages_nothing_is_told() -> None:
    assert risen([], BEFORE) == risen(NOW, []) == risen([], []) == []


@given(st.permutations(range(len(NOW))))
def test_the_order_of_the_messages_changes_nothing(order: list[int]) -> None:
    assert find_risen_words([NOW[at] for at in order], BEFORE[::-1], bool) == find_risen_words(
        NOW, BEFORE, bool
    )
