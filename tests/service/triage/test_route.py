"""The router against the table of cases in ``tests/golden/routing/cases.csv``."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from service.domain.kind import Kind
from service.triage.route import RouteRequest
from service.triage.workload import UncountedWorkloadError, uncounted
from tests.service.triage import routing_world as world


def _cases() -> list[dict[str, str]]:
    with (world.GOLDEN / "cases.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _topics(cell: str) -> dict[str, float]:
    """Topics from "a/b" (certain) or "a/b:0.6;c/d:0.4"."""
    pairs = (each.partition(":") for each in cell.split(";") if each)
    return {name: float(p or 1) for name, _, p in pairs}


def _asked(case: dict[str, str]) -> RouteRequest:
    return world.request(
        case["来信"],
        _topics(case["主题"]),
        sender_name=case["来信人"],
        day=date.fromisoformat(case["日期"]),
        wanted_studio=case["入口"],
        kind=Kind.from_label(case["类型"]).value,
    )


def _workload(case: dict[str, str]) -> dict[str, int]:
    return {
        code: int(count)
        for code, _, count in (each.partition(":") for each in case["在办"].split(";") if each)
    }


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["情形"])
def test_each_case_of_the_table_goes_where_the_policy_says(case: dict[str, str]) -> None:
    asked, workload = _asked(case), _workload(case)
    got = world.router().route(asked, workload)
    because = "\n".join(got.because)
    assert (got.studio, ";".join(got.members), ";".join(got.runners_up)) == (
        case["工作室"],
        case["委员"],
        case["次选"],
    ), because
    assert case["理由"] in because


def test_where_the_workload_decides_nothing_is_said_without_it() -> None:
    decided = 0
    for case in _cases():
        asked, workload = _asked(case), _workload(case)
        if world.router().route(asked, {}) != world.router().route(asked, workload):
            decided += 1
            with pytest.raises(UncountedWorkloadError):
                world.router().route(asked, uncounted())
    assert decided
