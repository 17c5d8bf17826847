"""How long a week's digest takes in each form, from process start to the file.

Usage: ``python benchmarks/digest_speed.py [FILE] [WEEK] [--history N] [--weeks-of YEAR] [--home
DIR]``. Imports the file into a fresh database first. Prints JSON: medians of three runs in seconds,
the sizes in bytes, and peak memory. With ``--history`` no file is imported: N messages of ten years
are written straight into the tables. With ``--weeks-of`` each week of the year is made as a Word
document instead, by one process. With ``--home`` the database stays in that directory: where it
already has messages nothing is written, and the digests are of these.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from material.long_history import LAST_WEEK, write_history  # noqa: E402
from sqlalchemy import func, select  # noqa: E402

from service.composition import build_context, with_directory  # noqa: E402
from service.digest import parse_period, render  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.storage.tables import message  # noqa: E402
from service.usecases.context import Context  # noqa: E402
from service.usecases.digests.digest import make_digest  # noqa: E402

RUNS = 3
FORMS = ("docx", "html", "xlsx", "json")
MINQING = Path(sys.executable).with_name("minqing")
SAMPLES = ROOT / "data" / "samples" / "messages" / "chenzhou.jsonl"


def run(arguments: list[str], environment: dict[str, str]) -> tuple[float, int]:
    """Seconds and peak memory (KiB) of a command; it must succeed."""
    began = perf_counter()
    with subprocess.Popen([MINQING, *arguments], env=environment, stdout=subprocess.DEVNULL) as one:
        _, status, used = os.wait4(one.pid, 0)
        one.returncode = os.waitstatus_to_exitcode(status)
    if one.returncode:
        sys.exit(f"minqing {' '.join(arguments)}: {one.returncode}")
    return perf_counter() - began, used.ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", default=str(SAMPLES))
    parser.add_argument("week", nargs="?", default="2026-W20")
    parser.add_argument("--history", type=int, default=0)
    parser.add_argument("--weeks-of", type=int, default=0)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    found: dict[str, float | str] = {}
    with tempfile.TemporaryDirectory() as passing:
        home = options.home or Path(passing)
        environment = {**os.environ, "MINQING_HOME": str(home), "MINQING_DATABASE_URL": ""}
        context = with_directory(build_context(Settings(home=home, database_url="")))
        if not count_messages(context):
            fill(context, options, environment)
        found["messages"] = count_messages(context)
        if options.weeks_of:
            found |= time_weeks(context, options.weeks_of)
        else:
            week = LAST_WEEK if options.history else options.week
            found |= {"week": week, **time_forms(week, home, environment)}
        context.database.close()
    print(json.dumps(found))


def fill(context: Context, options: argparse.Namespace, environment: dict[str, str]) -> None:
    """The messages that the digests are of."""
    if options.history:
        # By a process of its own: a command begins with the peak of memory of whoever starts it.
        with ProcessPoolExecutor(1, get_context("spawn")) as processes:
            processes.submit(write_years, context.settings.home, options.history).result()
    else:
        run(["import", options.file], environment)


def write_years(home: Path, message_count: int) -> None:
    """Write so many messages into the home's database."""
    context = with_directory(build_context(Settings(home=home, database_url="")))
    write_history(context, message_count)
    context.database.close()


def count_messages(context: Context) -> int:
    with context.database.reading() as connection:
        count = select(func.count()).select_from(message)
        return int(connection.execute(count).scalar_one())


def time_forms(week: str, home: Path, environment: dict[str, str]) -> dict[str, float]:
    """Seconds, bytes and peak memory of each form of a week's digest."""
    found: dict[str, float] = {}
    for form in FORMS:
        output = home / f"digest.{form}"
        arguments = ["digest", "--week", week, "-o", str(output)]
        runs = [run(arguments, environment) for _ in range(RUNS)]
        found[f"{form}_seconds"] = round(statistics.median(seconds for seconds, _ in runs), 2)
        found[f"{form}_bytes"] = output.stat().st_size
        found[f"{form}_peak_mb"] = max(peak for _, peak in runs) // 1024
    return found


def time_weeks(context: Context, year: int) -> dict[str, float]:
    """Seconds of all weeks of a year as Word documents, and of the slowest."""
    lapses = []
    for number in range(1, date(year, 12, 28).isocalendar().week + 1):
        began = perf_counter()
        render(make_digest(context, parse_period(f"{year}-W{number:02d}")), ".docx")
        lapses.append(perf_counter() - began)
    return {
        "weeks": len(lapses),
        "all_seconds": round(sum(lapses), 1),
        "slowest_seconds": round(max(lapses), 2),
    }


if __name__ == "__main__":
    main()
