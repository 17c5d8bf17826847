"""What the desk answers while its storage is away, and what it has lost afterwards.

Usage: ``python benchmarks/broken_storage.py database|full-disk|read-only-disk``.
The desk runs as ``minqing serve`` starts it, under load. ``database``: PostgreSQL is stopped for
some seconds and started again. ``full-disk``: its home is a small tmpfs that is filled up, then
freed (needs the right to mount). ``read-only-disk``: it is started on a home that has become
read-only.

Prints JSON: by phase how many requests were answered with which status; the ``Retry-After`` told
while it was away; seconds until the first 201 after it was back, without a restart of the desk;
acknowledged messages that are not there (``lost``) or there twice; faults in the histories.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from time import perf_counter

from material.http_load import Connection, as_request
from material.served_desk import DESK, served
from sqlalchemy import select

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from service.composition import build_context  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.storage.tables import message  # noqa: E402
from service.usecases.upkeep.audit import verify_histories  # noqa: E402
from tests.system.postgres import find_server_programs, running_server  # noqa: E402

PATH = "/api/v1/messages"
CLIENTS, PHASE_SECONDS, REST_SECONDS = 8, 4.0, 0.05
HOME_BYTES, FILL_BYTES = "48m", 1 << 16
BEFORE, AWAY, AFTER = "before", "away", "after"


@dataclass(slots=True)
class Seen:
    """Statuses by phase, the numbers acknowledged, and when the storage was back and answered."""

    statuses: dict[str, Counter[int]] = field(
        default_factory=lambda: {phase: Counter() for phase in (BEFORE, AWAY, AFTER)}
    )
    acknowledged: list[str] = field(default_factory=list)
    phase: str = BEFORE
    retry_after: str | None = None
    back_at: float = 0.0
    first_at: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=MEASURED)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(MEASURED[parser.parse_args().what](Path(folder))))


def measure_database(home: Path) -> dict[str, object]:
    """Stop PostgreSQL under load and start it again."""
    programs = find_server_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed")
    with running_server(programs) as server, server.fresh_database() as url:
        seen = loaded(home, url, server.stop, server.start)
        return looked_at(home, url, seen)


def measure_full_disk(folder: Path) -> dict[str, object]:
    """Fill the home's disk up under load, then free it."""
    with small_disk(folder) as home:
        filler = home / "filler"
        seen = loaded(home, "", lambda: fill(filler), filler.unlink)
        return looked_at(home, "", seen)


def measure_read_only_disk(folder: Path) -> dict[str, object]:
    """Start the desk on a home that is there and cannot be written."""
    with small_disk(folder) as home:
        build_context(Settings(home=home)).database.close()
        subprocess.run(["mount", "-o", "remount,ro", home], check=True)
        command = ["env", f"MINQING_HOME={home}", sys.executable, "-c", DESK, "serve"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
        told = done.stderr.decode().strip().splitlines()
        return {"exit_status": done.returncode, "told": told[-1], "lines": len(told)}


MEASURED: dict[str, Callable[[Path], dict[str, object]]] = {
    "database": measure_database,
    "full-disk": measure_full_disk,
    "read-only-disk": measure_read_only_disk,
}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own that holds little."""
    home = folder / "home"
    home.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={HOME_BYTES}", "tmpfs", home], check=True)
    try:
        yield home
    finally:
        subprocess.run(["umount", home], check=True)


def fill(path: Path) -> None:
    """Write until nothing more goes in."""
    try:
        with path.open("wb", buffering=0) as file:
            while file.write(bytes(FILL_BYTES)):
                pass
    except OSError:
        return


def loaded(home: Path, url: str, break_it: Callable[[], None], mend_it: Callable[[], None]) -> Seen:
    """Send messages before, while and after the storage is away."""
    seen = Seen()
    named = [f"MINQING_DATABASE_URL={url}"] if url else []
    with served(["env", *named, sys.executable, "-c", DESK, "serve"], home) as (port, _):
        asyncio.run(send(port, seen, break_it, mend_it))
    return seen


async def send(
    port: int, seen: Seen, break_it: Callable[[], None], mend_it: Callable[[], None]
) -> None:
    """Let the clients send all the time, and go from phase to phase."""
    is_over = asyncio.Event()
    numbers = count()
    clients = [asyncio.create_task(client(port, seen, numbers, is_over)) for _ in range(CLIENTS)]
    await asyncio.sleep(PHASE_SECONDS)
    await asyncio.to_thread(break_it)
    seen.phase = AWAY
    await asyncio.sleep(PHASE_SECONDS)
    seen.retry_after = await asyncio.to_thread(ask_once, port)
    await asyncio.to_thread(mend_it)
    seen.phase, seen.back_at = AFTER, perf_counter()
    await asyncio.sleep(PHASE_SECONDS)
    is_over.set()
    await asyncio.gather(*clients)


async def client(port: int, seen: Seen, numbers: Iterator[int], is_over: asyncio.Event) -> None:
    """One message after the other, each of a number of its own."""
    connection = await Connection(port).open()
    while not is_over.is_set():
        number = str(next(numbers))
        status = await connection.send(as_request(PATH, a_body(number)))
        seen.statuses[seen.phase][status] += 1
        if status == 201:
            seen.acknowledged.append(number)
            if seen.phase == AFTER and not seen.first_at:
                seen.first_at = perf_counter()
        else:
            await asyncio.sleep(REST_SECONDS)
    connection.close()


def a_body(number: str) -> bytes:
    told = {"text": f"{number}号院门口的井盖松了，车一过就响。", "external_id": number}
    return json.dumps(told, ensure_ascii=False).encode()


def ask_once(port: int) -> str | None:
    """The ``Retry-After`` of an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json"}
    connection.request("POST", PATH, a_body("asked"), headers)
    told = connection.getresponse().getheader("Retry-After")
    connection.close()
    return told


def looked_at(home: Path, url: str, seen: Seen) -> dict[str, object]:
    """What is stored, against what was acknowledged."""
    context = build_context(Settings(home=home, database_url=url))
    faults = len(verify_histories(context).faults)
    with context.database.reading() as connection:
        stored = Counter(connection.execute(select(message.c.external_id)).scalars())
    context.database.close()
    return {
        **{phase: dict(statuses) for phase, statuses in seen.statuses.items()},
        "retry_after": seen.retry_after,
        "seconds_until_taken_again": round(seen.first_at - seen.back_at, 2),
        "acknowledged": len(seen.acknowledged),
        "lost": len(set(seen.acknowledged) - stored.keys()),
        "twice": sum(times > 1 for times in stored.values()),
        "faults_in_histories": faults,
    }


if __name__ == "__main__":
    main()
