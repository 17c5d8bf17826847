"""How many claims a second 32 workers make who take the next matter of one queue, all at once.

Usage: ``python benchmarks/claims.py [--workers N] [--matters N]``. Each worker is a process with a
connection of its own and claims through the use case until nothing is left: on a private PostgreSQL
server, and on SQLite. Beside it, in the same run, as many workers do the least by which one can
take the same matters in the same order, by the driver alone: ``SELECT … FOR UPDATE SKIP LOCKED``
and an update on PostgreSQL, ``BEGIN IMMEDIATE``, the query and the update on SQLite.

Prints JSON: for each database claims a second of both, their ratio, how many matters were claimed
twice and how many were left.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from material.vacuum import vacuum
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from service.composition import build_triage  # noqa: E402
from service.domain.organisation import Organisation  # noqa: E402
from service.errors import DatabaseUnavailableError  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.storage import tables  # noqa: E402
from service.storage.database import Database  # noqa: E402
from service.storage.rows import insert_rows  # noqa: E402
from service.storage.sealing.sealer import Sealer  # noqa: E402
from service.usecases.context import Context  # noqa: E402
from service.usecases.matters.claims import claim_next  # noqa: E402
from service.usecases.matters.queue import QueueFilter  # noqa: E402
from tests.system.postgres import find_server_programs, running_server  # noqa: E402

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
PATIENCE_SECONDS = 60
BARE_NEXT = (
    "SELECT id FROM matter WHERE merged_into IS NULL AND closed_at IS NULL"
    " AND claim_ends_at IS NULL ORDER BY is_urgent DESC, due_at, id LIMIT 1"
)
BARE_CLAIM = "UPDATE matter SET claim_ends_at = {0} WHERE id = {0}"
Work = Callable[[], list[int]]
Begin = Callable[[int], Work]  # makes a worker's connection, by the worker's number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workers", type=int, default=32)
    parser.add_argument("--matters", type=int, default=10_000)
    options = parser.parse_args()
    programs = find_server_programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed (Debian: postgresql)")
    found: dict[str, object] = {"workers": options.workers, "matters": options.matters}
    triage = build_triage(Settings(), Organisation())
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        sealer = Sealer(settings.secret_key)

        def context(url: str) -> Context:
            return Context(settings, Database(url), triage, sealer, lambda: NOW)

        def measured(url: str, bare: Callable[[str], Work]) -> dict[str, object]:
            prepare(url, options.matters)
            least = run(lambda _: bare(url), options.workers)
            forget_claims(url)
            ours = run(lambda n: claiming(context(url), n), options.workers)
            return told(ours, least, options.matters) | {"left": left(url)}

        found["sqlite"] = measured(f"sqlite:///{home}/claims.sqlite3", bare_on_sqlite)
        with running_server(programs) as server, server.fresh_database() as url:
            found["postgresql"] = measured(url, bare_on_postgresql)
    print(json.dumps(found))


def prepare(url: str, count: int) -> None:
    """Make the schema, as many matters as wanted, and the bare table beside them."""
    database = Database(url)
    database.upgrade()
    with database.transaction() as connection:
        insert_rows(connection, tables.matter, [a_matter(n) for n in range(1, count + 1)])
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
    database.close()


def forget_claims(url: str) -> None:
    """Free all matters, and let PostgreSQL clear away what it keeps of those that were held."""
    database = Database(url)
    with database.transaction() as connection:
        connection.execute(tables.matter.update().values(claim_ends_at=None))
    if database.engine.dialect.name == "postgresql":
        vacuum(database.engine)
    database.close()


def a_matter(number: int) -> dict[str, Any]:
    """An open matter as a row."""
    at = NOW - timedelta(minutes=number * 7919 % 10_000)
    return {
        "id": number,
        "number": f"2026-{number:06d}",
        "title": f"第{number}件",
        "status": ("review", "assigned")[number % 2],
        "topic": "0102",
        "department": "住建局",
        "kind": "help",
        "is_urgent": number % 20 == 0,
        "place": f"第{number % 50}村",
        "committee": "C",
        "studio": f"S{number % 30}",
        "members": [],
        "because": [],
        "runners_up": [],
        "opened_at": at,
        "last_message_at": at,
        "due_at": at + timedelta(days=21),
        "message_count": 1,
        "copy_count": 0,
    }


def claiming(context: Context, number: int) -> Work:
    """A worker that claims the next one until there is none; told to come again, it does."""
    with context.database.reading():
        pass  # connected

    def claim_all() -> list[int]:
        taken: list[int] = []
        while True:
            try:
                claim = claim_next(context, QueueFilter(), f"worker-{number}")
            except DatabaseUnavailableError:
                continue  # on SQLite, where the others have been quicker for 15 seconds
            if claim is None:
                context.database.close()
                return taken
            taken.append(claim.matter_id)

    return claim_all


def bare_on_postgresql(url: str) -> Work:
    """The least that a worker can do on PostgreSQL."""
    connection = psycopg.connect(url, autocommit=True)

    def take_all() -> list[int]:
        taken: list[int] = []
        while True:
            with connection.transaction():
                row = connection.execute(f"{BARE_NEXT} FOR UPDATE SKIP LOCKED").fetchone()
                if row is None:
                    break
                connection.execute(BARE_CLAIM.format("%s"), (NOW.replace(tzinfo=None), row[0]))
            taken.append(row[0])
        connection.close()
        return taken

    return take_all


def bare_on_sqlite(url: str) -> Work:
    """The least that a worker can do on SQLite, as safe from a power cut as the product."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 15000")
    connection.execute("PRAGMA synchronous = FULL")

    def take_all() -> list[int]:
        taken: list[int] = []
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                continue  # the others have been quicker for as long
            row = connection.execute(BARE_NEXT).fetchone()
            if row is not None:
                connection.execute(BARE_CLAIM.format("?"), (NOW.isoformat(), row[0]))
            connection.execute("COMMIT")
            if row is None:
                connection.close()
                return taken
            taken.append(row[0])

    return take_all


def run(begin: Begin, workers: int) -> tuple[list[int], float]:
    """What all workers took together, and the seconds from their common start to the last end."""
    fork = multiprocessing.get_context("fork")
    start, answers = fork.Barrier(workers + 1), fork.SimpleQueue()
    processes = [
        fork.Process(target=in_process, args=(begin, number, start, answers))
        for number in range(workers)
    ]
    for process in processes:
        process.start()
    start.wait(PATIENCE_SECONDS)
    began = perf_counter()
    taken = [each for _ in processes for each in answers.get()]
    seconds = perf_counter() - began
    for process in processes:
        process.join(PATIENCE_SECONDS)
    return taken, seconds


def in_process(begin: Begin, number: int, start: Any, answers: Any) -> None:
    """One worker: ready, go, and what it took; nothing if it failed, which leaves some."""
    taken: list[int] = []
    work = begin(number)
    start.wait(PATIENCE_SECONDS)
    try:
        taken = work()
    finally:
        answers.put(taken)


def told(
    ours: tuple[Sequence[int], float], least: tuple[Sequence[int], float], count: int
) -> dict[str, object]:
    """Speeds, their ratio, and how many were taken twice by either."""
    taken, seconds = ours
    bare_taken, bare_seconds = least
    return {
        "claims_per_second": round(len(taken) / seconds),
        "bare_per_second": round(len(bare_taken) / bare_seconds),
        "ratio": round((len(taken) / seconds) / (len(bare_taken) / bare_seconds), 3),
        "twice": len(taken) - len(set(taken)),
        "bare_twice": len(bare_taken) - len(set(bare_taken)),
        "bare_left": count - len(set(bare_taken)),
    }


def left(url: str) -> int:
    """How many matters nobody holds in the database; each that is held has a claim and an event."""
    database = Database(url)
    with database.reading() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.matter, tables.claim, tables.event)
        ]
        free = select(func.count()).where(tables.matter.c.claim_ends_at.is_(None))
        unheld = int(connection.execute(free).scalar_one())
    database.close()
    matters, claims, events = counts
    if not claims == events == matters - unheld:
        sys.exit(f"{matters} matters, {unheld} free, {claims} claims, {events} events")
    return unheld


if __name__ == "__main__":
    main()
