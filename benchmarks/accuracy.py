"""How often the desk's judgement is right, cross-validated on the shared labels.

Usage: ``python benchmarks/accuracy.py DATA``, the folder of the shared data. Five folds, near
copies on one side, a fixed seed; the same settings as the shipped model.
Prints JSON, and beside it the shipped model's figures on the own-written samples.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from material.bases import DATA
from material.samples import samples

from classifier.judging.model import Model
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader, Reading
from classifier.text.segment import Segmenter
from training.default import Sources, evaluate_default


def main() -> None:
    """Cross-validate; then judge the samples."""
    figures = evaluate_default(Sources(Path(sys.argv[1]), DATA), show)
    print(json.dumps({"cross_validated": figures, "samples": on_samples(Model.load())}))


def show(step: str, done: int, total: int) -> None:
    """Tell on the error stream what is done."""
    print(f"{step} {done}/{total}", file=sys.stderr)


def on_samples(model: Model) -> dict[str, float]:
    """Accuracy on the own-written samples, whose truth is known."""
    with (DATA / "samples" / "truth.csv").open(encoding="utf-8", newline="") as file:
        truths = {row["id"]: row for row in csv.DictReader(file)}
    reader = Reader(Segmenter(), Gazetteer((), ()))
    right = [
        is_right(model, reader.read(message.title, message.text), truths[message.external_id])
        for message in samples()
    ]
    return {
        "messages": len(right),
        **{name: round(sum(r[name] for r in right) / len(right), 4) for name in right[0]},
    }


def is_right(model: Model, reading: Reading, truth: dict[str, str]) -> dict[str, bool]:
    """Which questions the model answers as the writer of the sample did."""
    judgement = model.judge(reading)
    first, second = model.taxonomy.path(judgement.topic.label)
    departments = (truth["department"], truth["department_alt"])
    return {
        "topic_l1": first == truth["topic_l1"],
        "topic": (first, second) == (truth["topic_l1"], truth["topic_l2"]),
        "department": judgement.department.label in departments,
        "kind": judgement.kind.label == truth["kind"],
    }


if __name__ == "__main__":
    main()
