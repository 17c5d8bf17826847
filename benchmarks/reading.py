"""Reading one message: what each step costs, beside jieba on the same texts in the same run.

``python benchmarks/reading.py [--texts FILE.csv] [--served CODES] [--limit N] [-o OUT.json]``
writes JSON with the number of messages and the median and mean µs a message of ``clean``,
``segment``, ``personal``, ``places`` and ``jieba`` (``jieba.lcut`` of title and body), with
``to_jieba``, each median as a share of jieba's, and with ``start_ms``: what the first cleaning
and making the gazetteer cost when the process starts. Without ``--texts`` the samples are read.
All steps take turns on each message, so that what else the machine does hits them alike.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import jieba  # noqa: E402

from classifier.personal.find import find_personal_data  # noqa: E402
from classifier.reading.places import Gazetteer, read_divisions  # noqa: E402
from classifier.text.clean import clean  # noqa: E402
from classifier.text.segment import Segmenter  # noqa: E402

REPEATS = 3
SERVED = "4310,610528,610723,610825,610926,611026"
Message = tuple[str, str]


def read_messages(path: Path | None, limit: int) -> list[Message]:
    """Title and body of each row, evenly thinned out to ``limit`` rows."""
    if path is None:
        lines = [
            json.loads(line)
            for file in sorted((ROOT / "data/samples/messages").glob("*.jsonl"))
            for line in file.read_text(encoding="utf-8").splitlines()
        ]
        messages = [(row["主题"], row["内容"]) for row in lines]
    else:
        with path.open(encoding="utf-8-sig", newline="") as rows:
            messages = [(row["留言主题"], row["留言详情"]) for row in csv.DictReader(rows)]
    return messages[:: max(1, len(messages) // limit)]


def steps_of(
    message: Message, segmenter: Segmenter, gazetteer: Gazetteer
) -> dict[str, Callable[[], object]]:
    title, body = message
    plain = clean(title).plain, clean(body).plain
    whole = "\n".join(plain)
    return {
        "clean": lambda: (clean(title), clean(body)),
        "segment": lambda: (segmenter.cut(plain[0]), segmenter.cut(plain[1])),
        "personal": lambda: find_personal_data(whole),
        "places": lambda: gazetteer.find(whole),
        "jieba": lambda: (jieba.lcut(title), jieba.lcut(body)),
    }


def micros(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1e6


def measure(
    messages: Sequence[Message], segmenter: Segmenter, gazetteer: Gazetteer
) -> dict[str, list[float]]:
    """For each step the µs of each message, the best of some rounds in which all take turns."""
    times: dict[str, list[float]] = {}
    for message in messages:
        steps = steps_of(message, segmenter, gazetteer)
        rounds = [{name: micros(step) for name, step in steps.items()} for _ in range(REPEATS)]
        for name in steps:
            times.setdefault(name, []).append(min(times_of[name] for times_of in rounds))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, help="CSV with 留言主题 and 留言详情")
    parser.add_argument("--served", default=SERVED, help="codes of divisions, with commas")
    parser.add_argument("--limit", type=int, default=1000, help="at most about so many messages")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    served = options.served.split(",")
    first_clean = micros(lambda: clean("乾佑鎮")) / 1e3
    start = time.perf_counter()
    gazetteer = Gazetteer(read_divisions(ROOT / "data/divisions", served), served)
    made = (time.perf_counter() - start) * 1e3
    jieba.setLogLevel("WARNING")
    jieba.initialize()
    messages = read_messages(options.texts, options.limit)
    times = measure(messages, Segmenter(gazetteer.words()), gazetteer)
    medians = {name: statistics.median(values) for name, values in times.items()}
    figures = {
        "messages": len(messages),
        "start_ms": {"first_clean": round(first_clean, 1), "gazetteer": round(made, 1)},
        "median_us": {name: round(value, 1) for name, value in medians.items()},
        "mean_us": {name: round(statistics.mean(values), 1) for name, values in times.items()},
        "to_jieba": {
            name: round(value / medians["jieba"], 4)
            for name, value in medians.items()
            if name != "jieba"
        },
    }
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
