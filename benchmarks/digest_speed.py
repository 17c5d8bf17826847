"""How long a week's digest takes in each form, from process start to the file.

Usage: ``python benchmarks/digest_speed.py [FILE] [WEEK]``. Imports the file into a fresh
database first. Prints JSON: medians of three runs in seconds, and the sizes in bytes.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

RUNS = 3
FORMS = ("docx", "html", "xlsx", "json")
MINQING = Path(sys.executable).with_name("minqing")
SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "messages" / "chenzhou.jsonl"


def run(arguments: list[str], environment: dict[str, str]) -> float:
    """Seconds a command takes; it must succeed."""
    began = perf_counter()
    subprocess.run([MINQING, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


def main() -> None:
    file = sys.argv[1] if len(sys.argv) > 1 else str(SAMPLES)
    week = sys.argv[2] if len(sys.argv) > 2 else "2026-W20"
    found: dict[str, float | str] = {"week": week}
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "MINQING_HOME": home, "MINQING_DATABASE_URL": ""}
        run(["import", file], environment)
        for form in FORMS:
            output = Path(home) / f"digest.{form}"
            arguments = ["digest", "--week", week, "-o", str(output)]
            times = [run(arguments, environment) for _ in range(RUNS)]
            found[f"{form}_seconds"] = round(statistics.median(times), 2)
            found[f"{form}_bytes"] = output.stat().st_size
    print(json.dumps(found))


if __name__ == "__main__":
    main()
