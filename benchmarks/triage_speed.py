"""What triage of one message costs beside ``jieba.lcut`` of the same text, in the same run.

Usage: ``python benchmarks/triage_speed.py [FILE]``. All steps of ``minqing triage`` (clean,
personal data, segment, classify, match, route) on one thread. Prints JSON: medians and 99th
percentiles in µs, and the ratio of the medians.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import jieba
import numpy as np

from service.composition import build_triage, read_shipped_directory
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, read_messages
from service.settings import read_settings
from service.usecases.files.triage_file import FileTriage

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "messages" / "chenzhou.jsonl"


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    now = datetime.now(UTC)
    rows = read_messages(file, file.stem, ReadOptions(now=now, undated=now))
    messages = [row.message for row in rows if isinstance(row, ReadMessage)]
    settings = read_settings()
    run = FileTriage(build_triage(settings, read_shipped_directory(settings).organisation))
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    ours, theirs = [], []
    for message in messages:
        text = f"{message.title}\n{message.text}"
        began = perf_counter()
        jieba.lcut(text)
        between = perf_counter()
        run.triage_one(message)
        ended = perf_counter()
        theirs.append((between - began) * 1e6)
        ours.append((ended - between) * 1e6)
    print(json.dumps(report(ours, theirs)))


def report(ours: list[float], theirs: list[float]) -> dict[str, float]:
    """Medians and tails in µs, and the ratio of medians."""
    return {
        "messages": len(ours),
        "triage_p50_us": round(float(np.median(ours)), 1),
        "triage_p99_us": round(float(np.percentile(ours, 99)), 1),
        "jieba_p50_us": round(float(np.median(theirs)), 1),
        "jieba_p99_us": round(float(np.percentile(theirs, 99)), 1),
        "ratio_of_medians": round(float(np.median(ours) / np.median(theirs)), 3),
    }


if __name__ == "__main__":
    main()
