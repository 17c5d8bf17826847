"""A workload that nobody has counted gives no number, however it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.triage.pipeline import Triage
from service.triage.workload import UncountedWorkload, UncountedWorkloadError
from tests.makers import a_message

ASKED: list[Callable[[UncountedWorkload], object]] = [
    lambda workload: workload["T1"],
    lambda workload: workload.get("T1"),
    lambda workload: workload.get("T1", 0),
    lambda workload: "T1" in dict(workload),
    len,
    list,
]


@pytest.mark.parametrize("ask", ASKED)
def test_every_look_into_it_fails(ask: Callable[[UncountedWorkload], object]) -> None:
    with pytest.raises(UncountedWorkloadError):
        ask(UncountedWorkload())


def test_what_was_routed_beforehand_is_taken_as_it_is(triage: Triage) -> None:
    found = triage.understand(a_message("庄里镇三合村的路灯坏了。"), 0)
    assert found.assignment is None
    beforehand = triage.route_uncounted(found)
    assert beforehand is not None
    assert beforehand == triage.route(found, {})
    assert triage.route(replace(found, assignment=beforehand), {"T1": 9}) is beforehand
