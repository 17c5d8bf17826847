"""How long the import of a file takes, from process start to the last row written.

Usage: ``python benchmarks/import_stream.py [FILE]``. Each run imports into a fresh SQLite
database, then imports the same file again, which must add nothing. Prints JSON: medians of
three runs, and the counts of ``minqing status --json``.
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
MINQING = Path(sys.executable).with_name("minqing")
SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "messages" / "chenzhou.jsonl"


def timed(arguments: list[str], environment: dict[str, str]) -> float:
    """Seconds a command takes; it must succeed."""
    began = perf_counter()
    subprocess.run([MINQING, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


def run_once(file: Path) -> dict[str, float | dict[str, int]]:
    """Import a file into a fresh database, twice."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "MINQING_HOME": home, "MINQING_DATABASE_URL": ""}
        first = timed(["import", str(file)], environment)
        again = timed(["import", str(file)], environment)
        told = subprocess.run(
            [MINQING, "status", "--json"], env=environment, check=True, stdout=subprocess.PIPE
        )
        size = sum(path.stat().st_size for path in Path(home).glob("minqing.sqlite3*"))
        return {
            "seconds": first,
            "seconds_again": again,
            "bytes": size,
            "counts": json.loads(told.stdout),
        }


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    runs = [run_once(file) for _ in range(RUNS)]
    counts = runs[-1]["counts"]
    print(
        json.dumps(
            {
                "seconds": round(statistics.median(run["seconds"] for run in runs), 2),
                "seconds_again": round(statistics.median(run["seconds_again"] for run in runs), 2),
                "database_bytes": runs[-1]["bytes"],
                **counts,
            }
        )
    )


if __name__ == "__main__":
    main()
