"""Short names that are ordinary words, and what the gazetteer makes of them."""

from __future__ import annotations

import pytest

from classifier.reading.places import Division, Gazetteer
from classifier.text.clean import clean
from classifier.text.ordinary import ordinary_words

DIVISIONS = [
    Division("61", "陕西省"),
    Division("6105", "渭南市"),
    Division("6109", "安康市"),
    Division("610528", "富平县"),
    Division("610528001", "富平街道"),
    Division("610528002", "城关街道"),
    Division("610528101", "庄里镇"),
    Division("610528102", "热水镇"),
    Division("610926", "平利县"),
    Division("610926100", "城关镇"),
    Division("610926101", "乾佑镇"),
]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(DIVISIONS, ["610528", "610926"])


def test_words_in_everyday_use_are_ordinary_and_rare_names_are_not() -> None:
    assert ordinary_words(["文明", "热水", "庄里", "红岩寺"]) == {"文明", "热水"}
    assert ordinary_words([]) == frozenset()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("庄里的路灯不亮", "610528101"),
        ("在安康打工,庄里的路灯不亮", "610528101"),
        ("没有热水", ""),
        ("渭南没有热水", "6105"),
        ("富平热水的路灯不亮", "610528102"),
        ("富平的路灯不亮", "610528"),
        ("富平街道的路灯不亮", "610528001"),
        ("城关的路灯不亮", ""),
        ("城关镇的路灯不亮", "610926100"),
        ("平利城关的路灯不亮", "610926100"),
        ("乾佑的路灯不亮", "610926101"),
        ("乾佑鎮的路燈不亮", "610926101"),
    ],
)
def test_a_short_town_name_counts_where_it_can_mean_nothing_else(
    gazetteer: Gazetteer, text: str, code: str
) -> None:
    assert gazetteer.resolve(gazetteer.find(clean(text).plain)).code == code
