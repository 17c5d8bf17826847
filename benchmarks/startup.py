"""How long it takes from the start of a process to its first judgement.

Usage: ``python benchmarks/startup.py [MODEL]``. Each time a fresh process imports what it needs,
makes the reader (with jieba's dictionary and the places of one county), loads and checks the
model, reads one message and judges it; none of that may import scikit-learn, SciPy or joblib.
Prints JSON: the median, least and greatest of several runs in ms, beside the median start of a
Python process that only imports numpy, and the median of each stage.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
RUNS = 11
SERVED = "431026"
FIRST_JUDGEMENT = """
import json, sys
from pathlib import Path
from time import perf_counter
times = {"began": perf_counter()}
from classifier.judging.model import Model
from classifier.reading.places import Gazetteer, read_divisions
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter
times["imported"] = perf_counter()
served = [sys.argv[2]]
gazetteer = Gazetteer(read_divisions(Path("data/divisions"), served), served)
times["places"] = perf_counter()
reader = Reader(Segmenter(gazetteer.words()), gazetteer)
times["segmenter"] = perf_counter()
model = Model.load(Path(sys.argv[1])) if sys.argv[1] else Model.load()
times["model"] = perf_counter()
judgement = model.judge(reader.read("路灯坏了", "小区门口的路灯坏了一个月，没人来修。"))
times["judged"] = perf_counter()
heavy = {"sklearn", "scipy", "joblib"} & set(sys.modules)
stages = {name: at - before for before, (name, at) in zip(times.values(), list(times.items())[1:])}
print(json.dumps({"heavy": sorted(heavy), "stages": stages}))
"""


def main() -> None:
    """Start processes in turns and print the figures."""
    model = str(Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else ""
    ours, bare, stages, heavy = [], [], [], set()
    for _ in range(RUNS):
        bare.append(start("import numpy")[0])
        seconds, printed = start(FIRST_JUDGEMENT, model, SERVED)
        told = json.loads(printed)
        ours.append(seconds)
        stages.append(told["stages"])
        heavy |= set(told["heavy"])
    figures = {
        "runs": RUNS,
        "first_judgement_ms": milliseconds(statistics.median(ours)),
        "least_ms": milliseconds(min(ours)),
        "greatest_ms": milliseconds(max(ours)),
        "import_numpy_ms": milliseconds(statistics.median(bare)),
        "heavy_imports": ", ".join(sorted(heavy)) or None,
        "stages_ms": {
            name: milliseconds(statistics.median(stage[name] for stage in stages))
            for name in stages[0]
        },
    }
    print(json.dumps(figures))
    sys.exit(bool(heavy))


def start(program: str, *arguments: str) -> tuple[float, str]:
    """Seconds from start to end of a fresh process, and what it printed."""
    began = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return perf_counter() - began, done.stdout


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    main()
