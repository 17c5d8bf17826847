"""Routing over the sample messages: how often right, how long it takes.

``python benchmarks/routing.py [--samples DIR] [--model FILE] [-o OUT.json]`` writes JSON with,
for the topics of the truth, for those of the model (null without a model file), and for those a
second reader gave who saw the texts alone (what nobody who reads them can do better):
``studio`` the share of messages routed to the true studio, ``member_in_three`` the share with an
acceptable member within the first three, ``best_member_in_three`` the share with the best one,
``first_studio`` … the same over messages that open a matter (later ones join it before they
are routed), ids of the misses, and µs per route; and as ``own_cases`` the same over the cases of
``tests/golden/router``, written before the router was looked at: ``away_or_party`` counts members
proposed who are absent or involved, ``first_member`` the share with the member first who must be.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from classifier.judging.model import Model  # noqa: E402
from classifier.judging.taxonomy import Taxonomy  # noqa: E402
from classifier.reading.places import NOWHERE, Gazetteer, read_divisions  # noqa: E402
from classifier.reading.reader import Reader, Reading  # noqa: E402
from classifier.text.segment import Segmenter  # noqa: E402
from service.domain.assignment import Assignment  # noqa: E402
from service.domain.classification import Classification, Verdict  # noqa: E402
from service.domain.kind import Kind  # noqa: E402
from service.intake.organisation_files import read_organisation  # noqa: E402
from service.triage.classify import as_classification  # noqa: E402
from service.triage.directory import served_divisions  # noqa: E402
from service.triage.route import Router, RouteRequest  # noqa: E402
from tests.service.triage.router_cases import CaseWorld, read_cases  # noqa: E402

REPEATS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """A message with its truth, read and ready to be routed."""

    row: dict[str, str]
    truth: dict[str, str]
    second: dict[str, str]
    reading: Reading


def read_samples(folder: Path, reader: Reader) -> list[Sample]:
    truth, second = (read_labels(folder / name) for name in ("truth.csv", "second_reading.csv"))
    rows = [
        json.loads(line)
        for path in sorted((folder / "messages").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line
    ]
    return [
        Sample(
            row,
            truth[row["编号"]],
            second[row["编号"]],
            reader.read(row["主题"], row["内容"], row["来信人"]),
        )
        for row in rows
    ]


def read_labels(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def classification_of(labels: dict[str, str], taxonomy: Taxonomy) -> Classification:
    topic = taxonomy.code(labels["topic_l1"], labels["topic_l2"])
    return Classification(
        topic_l1=Verdict(topic[:2], 1.0),
        topic=Verdict(topic, 1.0),
        department=Verdict(labels["department"], 1.0),
        kind=Verdict(Kind.from_label(labels["kind"]).value, 1.0),
        is_urgent=labels["urgent"] == "1",
        urgent_probability=float(labels["urgent"]),
        review=(),
        model_version="",
        decided_by="truth",
    )


def request_of(
    sample: Sample, classification: Classification, gazetteer: Gazetteer
) -> RouteRequest:
    places = sample.reading.places
    return RouteRequest(
        place=gazetteer.resolve(places) if places else NOWHERE,
        text=sample.reading.whole,
        classification=classification,
        sent_on=datetime.fromisoformat(sample.row["时间"]).date(),
        sender_name=sample.row["来信人"],
    )


def measure(
    samples: Sequence[Sample],
    router: Router,
    gazetteer: Gazetteer,
    classify: Callable[[Sample], Classification],
) -> dict[str, object]:
    requests = [request_of(sample, classify(sample), gazetteer) for sample in samples]
    results = [router.route(request, {}) for request in requests]
    pairs = list(zip(samples, results, strict=True))
    firsts = [pair for pair in pairs if pair[0].truth["relation"] == "first"]
    return {
        "messages": len(pairs),
        **scores(pairs, ""),
        "first_messages": len(firsts),
        **scores(firsts, "first_"),
        "studio_misses": [s.truth["id"] for s, r in pairs if not has_studio(s, r)],
        "member_misses": [
            s.truth["id"] for s, r in pairs if has_studio(s, r) and not has_member(s, r)
        ],
        "micros_per_route": round(micros(router, requests), 1),
    }


def scores(pairs: Sequence[tuple[Sample, Assignment]], prefix: str) -> dict[str, float]:
    tests = {
        "studio": has_studio,
        "member_in_three": has_member,
        "best_member_in_three": has_best_member,
    }
    return {
        prefix + name: round(statistics.mean(test(s, r) for s, r in pairs), 4)
        for name, test in tests.items()
    }


def has_studio(sample: Sample, result: Assignment) -> bool:
    return result.studio == sample.truth["studio"]


def has_member(sample: Sample, result: Assignment) -> bool:
    wanted = {code for code in sample.truth["members"].split(";") if code}
    return bool(wanted & set(result.members[:3])) if wanted else not result.members


def has_best_member(sample: Sample, result: Assignment) -> bool:
    best = sample.truth["members"].split(";")[0]
    return best in result.members[:3] if best else not result.members


def measure_own_cases() -> dict[str, object]:
    world = CaseWorld()
    outcomes = [world.run(case) for case in read_cases()]
    told = [outcome for outcome in outcomes if outcome.case.row["首位"]]
    return {
        "cases": len(outcomes),
        "studio": round(statistics.mean(o.has_studio for o in outcomes), 4),
        "member_in_three": round(
            statistics.mean(o.has_studio and o.has_member for o in outcomes), 4
        ),
        "first_member": round(statistics.mean(o.has_first for o in told), 4),
        "away_or_party": sum(len(outcome.wrongly) for outcome in outcomes),
        "reason": round(statistics.mean(o.has_reason for o in outcomes), 4),
        "misses": [o.case.code for o in outcomes if not (o.has_studio and o.has_member)],
    }


def micros(router: Router, requests: Sequence[RouteRequest]) -> float:
    """The best of some runs over all requests, in µs of processor time a route."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        for request in requests:
            router.route(request, {})
        best = min(best, time.process_time() - start)
    return best / len(requests) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, default=ROOT / "data/samples")
    parser.add_argument("--model", type=Path, default=ROOT / "data/model/default.mqm")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    taxonomy = Taxonomy.load()
    organisation = read_organisation(
        options.samples / "organisation", ROOT / "data/departments.csv", taxonomy
    ).organisation
    gazetteer = Gazetteer(read_divisions(ROOT / "data/divisions"), served_divisions(organisation))
    start = time.perf_counter()
    router = Router(organisation, taxonomy, gazetteer.words())
    built = time.perf_counter() - start
    samples = read_samples(options.samples, Reader(Segmenter(gazetteer.words()), gazetteer))
    figures: dict[str, object] = {
        "router_build_ms": round(built * 1e3, 1),
        "truth_topics": measure(
            samples, router, gazetteer, lambda s: classification_of(s.truth, taxonomy)
        ),
        "second_reader_topics": measure(
            samples, router, gazetteer, lambda s: classification_of(s.second, taxonomy)
        ),
        "model_topics": None,
        "own_cases": measure_own_cases(),
    }
    if options.model.exists():
        model = Model.load(options.model)
        figures["model_topics"] = measure(
            samples,
            router,
            gazetteer,
            lambda s: as_classification(model.judge(s.reading), model.version),
        )
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
