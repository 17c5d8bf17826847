"""A workload that nobody has counted gives no number, however it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.triage.pipeline import Triage
from service.triage.workload import OpenMatters, UncountedWorkloadError, uncounted
from tests.makers import a_message

ASKED: list[Callable[[OpenMatters], object]] = [
    lambda workload: workload["T1"],
    lambda workload: workload.get("T1"),
    lambda workload: workload.get("T1", 0),
    lambda workload: "T1" in dict(workload),
    len,
    list,
]


@pytest.mark.parametrize("ask", ASKED)
def test_every_look_into_it_fails(ask: Callable[[OpenMatters], object]) -> None:
    with pytest.raises(UncountedWorkloadError):
        ask(uncounted())


def test_what_was_routed_beforehand_is_taken_as_it_is(triage: Triage) -> None:
    found = triage.understand(a_message("庄里镇三合村的路灯坏了。"), 0)
    assert found.assignment is None
    beforehand = triage.route_uncounted(found)
    assert beforehand is not None
    assert beforehand == triage.route(found, {})
    assert triage.route(replace(found, assignment=beforehand), {"T1": 9}) is beforehand


def test_open_matters_are_counted_once_and_only_when_asked_for() -> None:
    counts: list[int] = []

    def count() -> dict[str, int]:
        counts.append(1)
        return {"T1": 3, "T2": 1}

    opened = OpenMatters(count)
    opened.add("T1")
    opened.add("T3")
    opened.add("T2", -1)
    assert not opened.is_counted
    assert counts == []
    assert opened["T1"] == 4
    opened.add("T1")
    assert dict(opened) == {"T1": 5, "T2": 0, "T3": 1}
    assert (opened.get("T9", 7), len(opened)) == (0, 3)
    assert opened.is_counted
    assert counts == [1]


def test_a_message_that_is_routed_at_once_has_nothing_counted(triage: Triage) -> None:
    def count() -> dict[str, int]:
        raise AssertionError

    found = triage.understand(a_message("庄里镇三合村的路灯坏了。"), 0)
    assert triage.route(found, OpenMatters(count)) == triage.route(found, {})
