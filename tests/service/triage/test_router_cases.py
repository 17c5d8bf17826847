"""The router against the cases that were written before it was looked at."""

from __future__ import annotations

import pytest

from tests.service.triage.router_cases import CaseWorld, Outcome, read_cases

LEAST = 0.95
# The workload of a member alone is not weighed, that of the studio is.
LEAST_FIRST = 0.9


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    world = CaseWorld()
    return [world.run(case) for case in read_cases()]


def test_there_are_enough_cases(outcomes: list[Outcome]) -> None:
    assert len(outcomes) >= 220


def test_the_studio_is_right(outcomes: list[Outcome]) -> None:
    misses = [outcome.case.code for outcome in outcomes if not outcome.has_studio]
    assert len(misses) <= (1 - LEAST) * len(outcomes), misses


def test_a_right_member_is_among_the_first_three(outcomes: list[Outcome]) -> None:
    misses = [o.case.code for o in outcomes if not (o.has_studio and o.has_member)]
    assert len(misses) <= (1 - LEAST) * len(outcomes), misses


def test_nobody_is_proposed_who_is_away_or_a_party(outcomes: list[Outcome]) -> None:
    assert [(o.case.code, o.wrongly) for o in outcomes if o.wrongly] == []


def test_who_is_on_duty_goes_first_among_equals(outcomes: list[Outcome]) -> None:
    told = [outcome for outcome in outcomes if outcome.case.row["首位"]]
    misses = [outcome.case.code for outcome in told if not outcome.has_first]
    assert len(misses) <= (1 - LEAST_FIRST) * len(told), misses


def test_because_tells_what_decided(outcomes: list[Outcome]) -> None:
    misses = [outcome.case.code for outcome in outcomes if not outcome.has_reason]
    assert len(misses) <= (1 - LEAST) * len(outcomes), misses
