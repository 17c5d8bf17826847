"""The routing cases of ``tests/golden/router``, run and judged one by one."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from classifier.judging.taxonomy import Taxonomy
from classifier.reading.places import Gazetteer, read_divisions
from classifier.text.clean import clean
from service.domain.assignment import Assignment
from service.domain.classification import Classification, Verdict
from service.domain.kind import Kind
from service.domain.organisation import Organisation
from service.intake.organisation_files import read_organisation
from service.triage.directory import served_divisions
from service.triage.proposal import PROPOSED
from service.triage.route import Router, RouteRequest

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests/golden/router"


@dataclass(frozen=True, slots=True)
class Case:
    """A message and what a sensible convener expects of it."""

    code: str
    row: dict[str, str]

    def several(self, column: str) -> tuple[str, ...]:
        """The values of a cell."""
        return tuple(filter(None, self.row[column].split(";")))

    @property
    def sent_on(self) -> date:
        """The day it came."""
        return date.fromisoformat(self.row["日期"])

    @property
    def workload(self) -> dict[str, int]:
        """Open matters by code."""
        pairs = (each.split(":") for each in self.several("在办"))
        return {code: int(count) for code, count in pairs}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the router made of a case; ``wrongly`` are those who must never be proposed."""

    case: Case
    got: Assignment
    wrongly: tuple[str, ...]

    @property
    def has_studio(self) -> bool:
        """Whether the studio is one that is right."""
        return self.got.studio in self.case.several("工作室")

    @property
    def has_member(self) -> bool:
        """Whether a right one stands within the first three."""
        return not set(self.case.several("委员")).isdisjoint(self.got.members[:PROPOSED])

    @property
    def has_first(self) -> bool:
        """Whether the one who must stand first does, where that is told."""
        first = self.case.row["首位"]
        return not first or self.got.members[:1] == (first,)

    @property
    def has_reason(self) -> bool:
        """Whether ``because`` says what it must."""
        return self.case.row["理由"] in "\n".join(self.got.because)


class CaseWorld:
    """The invented directory and its router."""

    def __init__(self) -> None:
        self.taxonomy = Taxonomy.load()
        self.organisation: Organisation = read_organisation(
            GOLDEN / "organisation", ROOT / "data/departments.csv", self.taxonomy
        ).organisation
        divisions = read_divisions(ROOT / "data/divisions")
        self.gazetteer = Gazetteer(divisions, served_divisions(self.organisation))

    @cached_property
    def router(self) -> Router:
        """The router of the directory."""
        return Router(self.organisation, self.taxonomy, self.gazetteer.words())

    def run(self, case: Case) -> Outcome:
        """Route a case."""
        got = self.router.route(self.request(case), case.workload)
        members = map(self.organisation.member_by_code.__getitem__, got.members)
        absent = {m.code for m in members if m.is_absent_on(case.sent_on)}
        barred = {*case.several("不得"), *absent}
        return Outcome(case, got, tuple(code for code in got.members if code in barred))

    def request(self, case: Case) -> RouteRequest:
        """The request the pipeline would make of it."""
        plain = clean(case.row["来信"]).plain
        return RouteRequest(
            place=self.gazetteer.resolve(self.gazetteer.find(plain)),
            text=plain,
            classification=self._classification(case),
            sent_on=case.sent_on,
            sender_name=case.row["来信人"],
        )

    def _classification(self, case: Case) -> Classification:
        topic = self.taxonomy.code(*case.row["主题"].split("/"))
        return Classification(
            topic_l1=Verdict(topic[:2], 1.0),
            topic=Verdict(topic, 1.0),
            department=Verdict("信访局", 1.0),
            kind=Verdict(Kind.from_label(case.row["类型"]).value, 1.0),
            is_urgent=False,
            urgent_probability=0.0,
            review=(),
            model_version="",
            decided_by="truth",
        )


def read_cases() -> tuple[Case, ...]:
    """All cases, by file and line."""
    return tuple(case for path in sorted((GOLDEN / "cases").glob("*.csv")) for case in _of(path))


def _of(path: Path) -> Iterable[Case]:
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            yield Case(f"{path.stem}:{number}", row)
