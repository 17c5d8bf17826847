"""What is told of the model."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest.compare import lay_base
from service.digest.health import chi_square_limit, confidence_step, examine, stability_index
from service.digest.judged_facts import JudgedFacts, JudgedMessage
from tests.service.digest.makers import CUT, WEEK

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 500), min_size=1)
BASE = lay_base(WEEK, date(2018, 1, 1), CUT)


def judged(topics: str, day: date, first_id: int) -> tuple[JudgedMessage, ...]:
    return tuple(
        JudgedMessage(first_id + n, day, topic, 0.95, "v1") for n, topic in enumerate(topics)
    )


# Quantiles of a printed table.
@pytest.mark.parametrize(
    ("freedom", "limit"), [(1, 3.841), (5, 11.070), (10, 18.307), (20, 31.410)]
)
def test_the_limit_is_that_of_the_table(freedom: int, limit: float) -> None:
    assert chi_square_limit(freedom) == pytest.approx(limit, rel=0.03)


@given(COUNTS, COUNTS)
def test_the_index_is_that_of_two_sides_and_never_below_zero(
    now: dict[str, int], then: dict[str, int]
) -> None:
    one = stability_index(Counter(now), Counter(then))
    assert one >= -1e-12
    assert math.isclose(one, stability_index(Counter(then), Counter(now)), abs_tol=1e-12)


@given(COUNTS)
def test_the_same_shares_have_no_index(now: dict[str, int]) -> None:
    assert stability_index(Counter(now), Counter(now)) == pytest.approx(0, abs=1e-12)


def test_a_topic_that_takes_over_is_a_shift_and_the_usual_is_none() -> None:
    usual = judged("aabb" * 40, WEEK.base()[0].first_day, 1)
    for topics, is_shift in (("aabb" * 30, False), ("bbbb" * 30, True)):
        now = judged(topics, WEEK.first_day, 1_000)
        health = examine(JudgedFacts(judged=(*usual, *now)), BASE)
        assert health.drifts[0].is_shift is is_shift
        assert not health.drifts[1].is_shift
        assert health.versions[0].messages.value == len(topics)


def test_of_few_messages_nothing_is_said() -> None:
    drift = examine(JudgedFacts(judged=judged("ab", WEEK.first_day, 1)), BASE).drifts[0]
    assert (drift.index, drift.is_shift) == (None, False)


@pytest.mark.parametrize(
    ("confidence", "step"), [(0, 0), (0.1, 1), (0.99, 9), (1, 9), (-1, 0), (2, 9)]
)
def test_a_probability_lies_in_a_tenth(confidence: float, step: int) -> None:
    assert confidence_step(confidence) == step
