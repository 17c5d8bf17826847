"""A prefecture's working day in ten minutes: nginx before two workers on one PostgreSQL.

Usage: ``python benchmarks/prefecture_day.py [--minutes M] [--share S] [--seed N]``.
``material/day_plan.py`` says what happens and when, ``material/day_people.py`` who does it by which
requests; ``--share`` is the part of it that is done. nginx has the bundle's configuration without
TLS, PostgreSQL (private, new) its own settings, the workers run as ``minqing serve`` starts them,
with the shipped model and directory; load and all of these share the machine. Each citizen comes
from an address of their own. Only the load goes by that day: the workers' clock is the machine's,
and so what they do by themselves each day or minute is that of the minutes that pass.

Prints JSON: how many statuses are not as they should be (which, on the error output); p50 and p99
in ms of each kind of request, citizens' from when the first was due, officials' from when it was
sent, since they do one thing after the other; acknowledged messages that are not stored
(``lost``), were told two receipts, and stored ones that nobody was told of (``beyond``); faults in
the histories; webhooks that arrived of those due; the resident memory of both workers, sampled
each five seconds, and its slope over the second half of the day; connections to PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter

import numpy as np
import psycopg
from material.day_load import Day
from material.day_people import Official, Seen, Staff
from material.process_use import cpu_seconds, resident_megabytes
from material.served_desk import DESK, served
from sqlalchemy import select

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from service.composition import build_context, with_directory  # noqa: E402
from service.domain.access import Role, ScopeKind  # noqa: E402
from service.domain.delivery import EventType  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.storage.accounts.accounts import insert_account  # noqa: E402
from service.storage.tables import message  # noqa: E402
from service.usecases.accounts.passwords import draw_password  # noqa: E402
from service.usecases.context import Context  # noqa: E402
from service.usecases.delivery.webhooks import add_webhook  # noqa: E402
from service.usecases.upkeep.audit import verify_histories  # noqa: E402
from tests.system.nginx import find_nginx, running_nginx  # noqa: E402
from tests.system.postgres import find_server_programs, running_server  # noqa: E402

SEED, WORKERS, CLERKS = 2_026, 2, 12
SAMPLE_SECONDS, ARRIVE_SECONDS = 5.0, 60.0
ALLOWED, LEADER = "127.0.0.1", "领导"
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(slots=True)
class Measured:
    """What was looked at every few seconds: MB and seconds of processor of each worker, and
    connections to the database."""

    at: list[float] = field(default_factory=list)
    memory: list[list[float]] = field(default_factory=list)
    processor: list[list[float]] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Receiver:
    """The other system that webhooks go to: which of them arrived."""

    arrived: set[str] = field(default_factory=set)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and say yes."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        named = dict(line.split(": ", 1) for line in head.split("\r\n")[1:-2])
        await reader.readexactly(int(named["content-length"]))
        self.arrived.add(named["webhook-id"])
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    programs, nginx = find_server_programs(), find_nginx()
    if programs is None or nginx is None:
        sys.exit("PostgreSQL and nginx are needed (Debian: postgresql, nginx-light)")
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running_server(programs, ()))
        url = stack.enter_context(server.fresh_database())
        named = {"MINQING_DATABASE_URL": url, "MINQING_WEBHOOK_ALLOW": ALLOWED}
        minqing = ["env", *(f"{k}={v}" for k, v in named.items()), sys.executable, "-c", DESK]
        settings = Settings(home=home, database_url=url, webhook_allow=ALLOWED)
        context = with_directory(build_context(settings))
        password = add_staff(context)
        workers = [
            stack.enter_context(served([*minqing, "serve"], home, core=None))
            for _ in range(WORKERS)
        ]
        ports = [port for port, _ in workers]
        port = stack.enter_context(running_nginx(nginx, home, ports, with_tls=False))
        staff = make_staff(context, port, password)
        backup = ["env", f"MINQING_HOME={home}", *minqing, "backup", "-o"]
        day = Day(
            port, staff, 60 * options.minutes, options.share, options.seed, [*backup, str(home)]
        )
        measured, receiver = Measured(), Receiver()
        processes = [process.pid for _, process in workers]
        asyncio.run(measure(context, day, processes, measured, receiver))
        told = {
            "minutes": options.minutes,
            "share": options.share,
            **told_of_load(day),
            **looked_at(context, day.seen),
            "webhooks": {"due": day.seen.answered, "arrived": len(receiver.arrived)},
            **told_of_machine(measured),
        }
        context.database.close()
    for what, times in day.seen.unexpected.items():
        print(f"{times} × {what}", file=sys.stderr)
    print(json.dumps(told, ensure_ascii=False))


def add_staff(context: Context) -> str:
    """Give everybody an account, all with the same password; that password."""
    password, hashed = draw_password()
    organisation = context.triage.organisation
    committees = [each.code for each in organisation.committees]
    with context.database.transaction() as connection:
        for number in range(CLERKS):
            scope = ScopeKind.COMMITTEE, committees
            insert_account(connection, f"收件{number}", hashed, Role.CLERK, *scope)
        for department in organisation.departments:
            scope = ScopeKind.DEPARTMENT, [department.name]
            insert_account(connection, department.name, hashed, Role.LIAISON, *scope)
        for studio in organisation.studios:
            scope = ScopeKind.STUDIO, [studio.code]
            insert_account(connection, studio.code, hashed, Role.CONVENER, *scope)
        insert_account(connection, LEADER, hashed, Role.LEADER)
    return password


def make_staff(context: Context, port: int, password: str) -> Staff:
    """The same people with their browsers."""
    seen, organisation = Seen(), context.triage.organisation
    desks = count(1)

    def official(name: str) -> Official:
        return Official(port, seen, name, password, f"127.0.0.{next(desks)}")

    return Staff(
        [official(f"收件{number}") for number in range(CLERKS)],
        [official(department.name) for department in organisation.departments],
        {studio.code: official(studio.code) for studio in organisation.studios},
        official(LEADER),
    )


async def measure(
    context: Context, day: Day, processes: Sequence[int], measured: Measured, receiver: Receiver
) -> None:
    """Let the day go by, look at the workers meanwhile, and wait for the webhooks at the end."""
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    await asyncio.to_thread(add_webhook, context, address, [EventType.MATTER_ANSWERED], LEADER)
    looking = asyncio.create_task(look(context.settings.url, processes, measured))
    await day.run()
    limit = perf_counter() + ARRIVE_SECONDS
    while len(receiver.arrived) < day.seen.answered and perf_counter() < limit:
        await asyncio.sleep(0.5)
    looking.cancel()
    server.close()


async def look(url: str, processes: Sequence[int], measured: Measured) -> None:
    """Look at the workers and the database every few seconds, until cancelled."""
    began = perf_counter()
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
    async with connection:
        while True:
            row = await (await connection.execute(CONNECTIONS)).fetchone()
            measured.connections.append(row[0] - 1 if row else 0)
            measured.at.append(perf_counter() - began)
            measured.memory.append([resident_megabytes(each) for each in processes])
            measured.processor.append([cpu_seconds(each) for each in processes])
            await asyncio.sleep(SAMPLE_SECONDS)


def told_of_load(day: Day) -> dict[str, object]:
    """Counts, times in ms, and what was not as it should be."""
    seen = day.seen
    return {
        "requests": sum(map(len, seen.seconds.values())),
        "unexpected": seen.unexpected.total(),
        "begun_late_p99_ms": milliseconds(day.late, 99),
        "dispatched": seen.dispatched,
        "answered": seen.answered,
        "rated": seen.rated,
        "backups": len(day.backups),
        "backups_failed": sum(map(bool, day.backups)),
        "kinds": [
            {
                "request": kind,
                "count": len(seconds),
                "p50_ms": milliseconds(seconds, 50),
                "p99_ms": milliseconds(seconds, 99),
                "max_ms": milliseconds(seconds, 100),
            }
            for kind, seconds in sorted(seen.seconds.items())
        ],
    }


def milliseconds(seconds: Sequence[float], percent: float) -> float:
    """A percentile of seconds in ms."""
    return round(1000 * float(np.percentile(seconds, percent)), 1)


def looked_at(context: Context, seen: Seen) -> dict[str, object]:
    """What is stored, against what was acknowledged."""
    faults = len(verify_histories(context).faults)
    with context.database.reading() as connection:
        stored = set(connection.execute(select(message.c.receipt)).scalars())
    receipts = [receipt for receipt, _ in seen.receipts]
    return {
        "acknowledged": len(receipts),
        "stored": len(stored),
        "lost": len(set(receipts) - stored),
        "beyond": len(stored - set(receipts)),
        "told_twice": seen.told_twice + len(receipts) - len(set(receipts)),
        "faults_in_histories": faults,
    }


def told_of_machine(measured: Measured) -> dict[str, object]:
    """Each worker's memory: at noon, at the end, and its slope in between; its processor."""
    at, memory = np.array(measured.at), np.array(measured.memory)
    busy = np.diff(np.array(measured.processor), axis=0) / np.diff(at)[:, None]
    is_late = at >= at[-1] / 2
    few = max(1, len(at) // 20)
    middle = int(np.argmax(is_late))
    workers = {
        f"worker_{number + 1}": {
            "at_begin_mb": round(float(memory[0, number])),
            "at_noon_mb": round(float(memory[middle : middle + few, number].mean()), 1),
            "at_end_mb": round(float(memory[-few:, number].mean()), 1),
            "most_mb": round(float(memory[:, number].max()), 1),
            "slope_mb_a_minute": round(
                60 * float(np.polyfit(at[is_late], memory[is_late, number], 1)[0]), 2
            ),
            "share_of_a_core": round(float(busy[:, number].mean()), 2),
            "most_share_of_a_core": round(float(busy[:, number].max()), 2),
        }
        for number in range(WORKERS)
    }
    return {**workers, "most_connections": max(measured.connections)}


if __name__ == "__main__":
    main()
