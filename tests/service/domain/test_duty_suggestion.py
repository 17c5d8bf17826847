"""When the settled matters on a topic suggest another department."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.duty_suggestion import (
    MOST_MATTERS,
    DutySuggestion,
    SettledReturn,
    SettledTopic,
    suggest_duty,
    wilson_interval,
)

WATER, HOUSES, SCHOOLS = "水利局", "住建局", "教育局"


def returns(count: int, by: str = HOUSES, end: str = WATER, first: int = 1) -> list[SettledReturn]:
    return [
        SettledReturn(number, f"2026-{number:06d}", (by,), end)
        for number in range(first, first + count)
    ]


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (5, 5, 0.5655, 1.0),
        (0, 5, 0.0, 0.4345),
        (7, 10, 0.3968, 0.8922),
        (60, 100, 0.5020, 0.6906),
    ],
)
def test_wilsons_interval(count: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(count, total) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("ended", "usual"),
    [
        ({}, ""),
        ({WATER: 4}, ""),
        ({WATER: 5}, WATER),
        ({WATER: 7, HOUSES: 3}, ""),
        ({WATER: 60, HOUSES: 40}, WATER),
        ({WATER: 5, "": 4}, ""),
        ({"": 9}, ""),
        ({"其他": 9}, ""),
    ],
)
def test_where_a_topics_matters_end_must_be_certain(ended: dict[str, int], usual: str) -> None:
    assert SettledTopic(ended, 0).usual_end == usual


def test_a_topic_that_goes_wrong_first_is_told_with_what_speaks_for_it() -> None:
    found = suggest_duty("0102", SettledTopic({WATER: 9, HOUSES: 1}, 9), returns(8), "")
    numbers = tuple((n, f"2026-{n:06d}") for n in range(8, 0, -1))
    assert found == DutySuggestion("0102", HOUSES, WATER, 10, 8, 9, numbers)


def test_a_topic_that_mostly_goes_right_at_once_is_left_alone() -> None:
    assert suggest_duty("0102", SettledTopic({WATER: 9, HOUSES: 1}, 9), returns(3), "") is None


def test_where_a_rule_gives_the_topic_away_fewer_returns_are_enough() -> None:
    found = suggest_duty("0102", SettledTopic({WATER: 9, HOUSES: 1}, 9), returns(1), HOUSES)
    assert found is not None
    assert (found.current, found.returned_count) == (HOUSES, 1)


def test_where_the_rule_gives_it_to_the_right_one_nothing_is_suggested() -> None:
    assert suggest_duty("0102", SettledTopic({WATER: 9}, 9), returns(9), WATER) is None
    assert suggest_duty("0102", SettledTopic({WATER: 9}, 9), returns(9), SCHOOLS) is None


def test_of_equals_the_first_by_name_counts() -> None:
    back = [*returns(5, HOUSES), *returns(5, SCHOOLS, first=6)]
    for order in (back, back[::-1]):
        found = suggest_duty("0102", SettledTopic({WATER: 10}, 9), order, "")
        assert found is not None
        assert found.current == min(HOUSES, SCHOOLS)


def test_many_matters_are_named_by_the_newest() -> None:
    found = suggest_duty("0102", SettledTopic({WATER: 50}, 9), returns(50), "")
    assert found is not None
    assert [number for number, _ in found.matters] == list(range(50, 50 - MOST_MATTERS, -1))


_NAMES = st.sampled_from(["", "其他", WATER, HOUSES, SCHOOLS])
_MATTERS = st.lists(
    st.tuples(st.lists(_NAMES.filter(bool), max_size=2, unique=True), _NAMES), max_size=30
)


@given(_MATTERS, _NAMES)
def test_a_suggestion_tells_what_the_matters_tell(
    matters: list[tuple[list[str], str]], ruled: str
) -> None:
    cleaned = [([by for by in back if by != end], end) for back, end in matters]
    ended = Counter(end for _, end in cleaned)
    back = [
        SettledReturn(n, str(n), tuple(by), end) for n, (by, end) in enumerate(cleaned, 1) if by
    ]
    settled = SettledTopic(ended, len(back))
    found = suggest_duty("0102", settled, back, ruled)
    turned = SettledTopic(dict(reversed(ended.items())), len(back))
    assert suggest_duty("0102", turned, back[::-1], ruled) == found
    if found is None:
        return
    assert found.settled_count == len(cleaned) >= 5
    assert found.ended_count == sum(end == found.department for _, end in cleaned)
    assert found.returned_count == sum(found.current in by for by, _ in cleaned) > 0
    assert wilson_interval(found.ended_count, found.settled_count)[0] > 0.5
    assert wilson_interval(ended[found.current], found.settled_count)[1] < 0.5
    assert found.current == ruled or (not ruled and settled.may_start_elsewhere)
    for number, _ in found.matters:
        by, end = cleaned[number - 1]
        assert found.current in by and end == found.department
