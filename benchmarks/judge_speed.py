"""What the model's judgement costs beside ``jieba.lcut`` of the same text, in the same run.

Usage: ``python benchmarks/judge_speed.py [FILE]``, where FILE is whatever ``minqing import``
reads. The text is already cleaned and segmented; n-grams, all heads and doubts are timed, on one
thread, evidence left out. Prints JSON: medians and 99th percentiles in µs, and the ratio of the
medians.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter

import jieba
import numpy as np

from classifier.judging.model import Model
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader, Reading
from classifier.text.segment import Segmenter
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, read_messages

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "messages" / "chenzhou.jsonl"
MOST = 3000


def main() -> None:
    """Time both on each message in turn."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    readings = read(file)
    model = Model.load()
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    ours, theirs = [], []
    for reading in readings:
        text = reading.whole
        began = perf_counter()
        jieba.lcut(text)
        between = perf_counter()
        model.judge(reading)
        ended = perf_counter()
        theirs.append((between - began) * 1e6)
        ours.append((ended - between) * 1e6)
    print(json.dumps(report([len(r.whole) for r in readings], ours, theirs)))


def read(file: Path) -> list[Reading]:
    """The messages of a file, cleaned and segmented, at most ``MOST``."""
    now, reader = datetime.now(UTC), Reader(Segmenter(), Gazetteer((), ()))
    rows = islice(read_messages(file, file.stem, ReadOptions(now=now, undated=now)), MOST)
    messages = [row.message for row in rows if isinstance(row, ReadMessage)]
    return [reader.read(message.title, message.text) for message in messages]


def report(lengths: list[int], ours: list[float], theirs: list[float]) -> dict[str, float]:
    """Medians and tails in µs, and the ratio of medians."""
    return {
        "messages": len(ours),
        "median_length": float(np.median(lengths)),
        "judge_p50_us": round(float(np.median(ours)), 1),
        "judge_p99_us": round(float(np.percentile(ours, 99)), 1),
        "jieba_p50_us": round(float(np.median(theirs)), 1),
        "jieba_p99_us": round(float(np.percentile(theirs, 99)), 1),
        "ratio_of_medians": round(float(np.median(ours) / np.median(theirs)), 3),
    }


if __name__ == "__main__":
    main()
