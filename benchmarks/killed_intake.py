"""The desk killed (SIGKILL) again and again while messages come in.

Usage: ``python benchmarks/killed_intake.py [--kills N] [--per-second R] [--seed S]``.
The desk runs as
``minqing serve`` starts it, with the shipped model, on an SQLite file of its own. Requests are due
at fixed times; at a moment drawn at random the process is killed, then started again on the
same home, as often as asked for.

Prints JSON: how many requests were sent, answered with 201, and stored; acknowledged ones that are
not there (``lost``); messages that are there twice; matters whose counts do not fit what they
hold, and messages without any matter (``half_written``); faults that verifying the histories
found; requests a second until the kills; seconds until a killed desk listened again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

from material.http_load import Connection, as_request
from material.served_desk import DESK, served

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from service.composition import build_context  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.usecases.upkeep.audit import verify_histories  # noqa: E402

PATH = "/api/v1/messages"
SEED, CONNECTIONS = 1, 64
SHORTEST, LONGEST = 0.5, 1.5  # seconds of load before a kill
THINGS = ("路灯不亮", "井盖松动", "水管漏水", "垃圾没有清运", "电梯常停", "路面塌了一块")


@dataclass(slots=True)
class Sent:
    """Numbers of messages that were sent, and of those that were acknowledged."""

    all: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    seconds: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--per-second", type=float, default=200.0)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), options.kills, options.per_second, options.seed)))


def measure(home: Path, kills: int, per_second: float, seed: int) -> dict[str, object]:
    """Kill so often, then look at what is there."""
    sent, starts, draw, requests = Sent(), [], random.Random(seed), make_requests()
    for _ in range(kills):
        began = perf_counter()
        with served([sys.executable, "-c", DESK, "serve"], home) as (port, process):
            starts.append(perf_counter() - began)
            lasts = draw.uniform(SHORTEST, LONGEST)
            asyncio.run(send_until_killed(port, process.kill, requests, per_second, lasts, sent))
            process.wait()
    return {
        "kills": kills,
        "sent": len(sent.all),
        "acknowledged": len(sent.acknowledged),
        "per_second": round(len(sent.all) / sent.seconds),
        "restart_seconds": round(median(starts[1:] or starts), 2),
        **looked_at(home, sent),
    }


def make_requests() -> Iterator[tuple[str, bytes]]:
    """Messages without end; each third is about the matter of the one before."""
    for number in count():
        about = number - 1 if number % 3 == 2 else number
        text = f"{about}号楼前面{THINGS[about % len(THINGS)]}，第{number}次来问，请派人看看。"
        told = {"text": text, "external_id": str(number)}
        yield str(number), as_request(PATH, json.dumps(told, ensure_ascii=False).encode())


async def send_until_killed(
    port: int,
    kill: Callable[[], None],
    requests: Iterator[tuple[str, bytes]],
    per_second: float,
    lasts: float,
    sent: Sent,
) -> None:
    """Send requests at fixed times, and kill the desk after so many seconds of them.

    They begin when the desk has answered a first one.
    """
    idle = [await Connection(port).open() for _ in range(CONNECTIONS)]

    async def one(number: str, request: bytes, connection: Connection) -> None:
        sent.all.append(number)
        try:
            status = await connection.send(request)
        except (OSError, EOFError):
            return
        if status == 201:
            sent.acknowledged.append(number)
        idle.append(connection)

    await one(*next(requests), idle.pop())
    began, tasks = perf_counter(), []
    for turn in count():
        due = began + turn / per_second
        if due - began >= lasts:
            break
        await asyncio.sleep(max(0.0, due - perf_counter()))
        if idle:
            tasks.append(asyncio.create_task(one(*next(requests), idle.pop())))
    kill()
    sent.seconds += perf_counter() - began
    await asyncio.gather(*tasks)
    for connection in idle:
        connection.close()


def looked_at(home: Path, sent: Sent) -> dict[str, int]:
    """What is stored, against what was acknowledged."""
    context = build_context(Settings(home=home))
    faults = len(verify_histories(context).faults)
    context.database.close()
    database = sqlite3.connect(home / "minqing.sqlite3")
    stored = Counter(number for (number,) in database.execute("SELECT external_id FROM message"))
    held = Counter(matter for (matter,) in database.execute("SELECT matter_id FROM demand"))
    counted = dict(database.execute("SELECT id, message_count FROM matter"))
    placed = "SELECT count(*) FROM message WHERE id NOT IN (SELECT message_id FROM demand)"
    (without_matter,) = database.execute(placed).fetchone()
    database.close()
    wrong = sum(held[key] != counted.get(key) for key in held.keys() | counted.keys())
    return {
        "stored": stored.total(),
        "lost": len(set(sent.acknowledged) - stored.keys()),
        "twice": sum(times > 1 for times in stored.values()),
        "half_written": wrong + without_matter,
        "faults_in_histories": faults,
    }


if __name__ == "__main__":
    main()
