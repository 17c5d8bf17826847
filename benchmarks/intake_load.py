"""Intake under load: a steady 100 requests a second, and 32 clients that never rest.

Usage: ``python benchmarks/intake_load.py DATA [--seconds S]``. DATA is the folder of the shared
data: counts of its stream give made messages their shape. The desk runs as ``minqing serve`` starts
it, with the shipped model and the demo county's directory on an SQLite file of its own, on one
core; the load is made on another. Each request brings a new message, which is triaged, matched,
routed and stored before it is answered. Beside it, in the same run and on the same core, an empty
FastAPI POST of the same bodies.

Prints JSON: for the steady load p50, p95 and p99 in ms from the time each request was due, and
the desk's share of its core; for the clients requests a second of both and their ratio, how many
a second the load maker reached; how many messages were answered and stored.

Where the time of an intake of one message goes: of 11 ms of processor time reading and judging
took 3.3, matching and writing 4.7, looking what is known 1.0, the rest beginning and commit; then
some 5 ms until the disk has it. With 16 at once it is 3.7 ms a message. What was tried, by the
steady load's p50 and p99 of ten seconds each on a machine that others used too:

=================================================  ==========================================
one thread takes in, requests wait without one     kept: 40 and 221 → 29 and 175 ms
search terms compiled (0.30 → 0.07 ms a message)   kept: 29 and 175 → 27 and 60 ms
garbage looked for in what is new only             kept: 27 and 60 → 28 and 55 ms
a second thread writes while the first one reads   not kept: 23–29 → 32–39 ms (clients + 15 %)
inserts handed to the driver past SQLAlchemy       not kept: no gain (8.0 → 8.7 ms of processor)
``sys.setswitchinterval(0.0005)``                  not kept: 31–35 → 34–39 ms
=================================================  ==========================================

Of the clients, by messages a second of eight seconds each:

=================================================  ==========================================
after many, waiting until nobody comes any more    kept: 299 → 359 (one alone had cost all
                                                   others 15 ms, and split what came after)
no router between the API's and the application    kept: 0.49 → 0.46 ms of HTTP a message
what people decided of pairs asked by one          kept: 359 → 377, with a digest of the
prepared statement                                 request made only where a key asks for it
the thread that takes in woken once for all, and   kept: 371 → 397
begun as soon as 32 wait
new exemplars' keys in a row of their own until    kept: 2.09 → 1.70 ms of a batch of 32's
many are merged, ids counted as they are stored    processor time a message
results told to the event loop by one call for     not kept: 2.04 and 1.96 → 2.08 and 1.97 ms
all that are done together                         (tried again: 11 → 8.7 µs a message)
a plain message past the solver of dependencies,   kept: the event loop's 0.46 → 0.32 ms of
what the steps to understand cost (below)          processor time, 459 → 495
16 together instead of 32, others' disk not        not kept: 492 → 429, and no more than 491
waited for meanwhile                               were there no wait for the disk at all
garbage looked for more seldom                     not kept: it takes 0.02 ms a message
=================================================  ==========================================

While the disk is waited for, 5–15 % of the time by how busy it is, the core rests: all 32 clients
wait for the same commit (without the wait 549 a second instead of 492). A batch's own cost, some
6 ms of processor, is as much as the wait is: two halves that overlap gain nothing.

Of one message's processor time, HTTP by the application alone (FastAPI's empty POST: 190 µs) and
understanding in a batch of 32:

=================================================  ==========================================
the context no dependency, the answer serialised   kept: HTTP 427 → 335 µs
once, addresses parsed once, headers by their
names' set, no look for telemetry
a JSON decoder and the log's encoder made once     not kept: 3 and 0.4 µs
a plain message straight to the route's function   kept: HTTP 355 → 236 µs
its parts checked in fewer steps, a request's      kept: 19 → 14 µs, and one system call less
number without a system call
records of the log without place, thread and       not kept: 21 → 18 µs
process; a receipt checked once as a whole         not kept: 21 → 19 µs
search terms sorted as numbers, written as one     kept: understanding 0.73 → 0.68 ms
text by the compiled part
the profile packed as bytes, fewer steps to its    kept: 0.68 → 0.62 ms
keys
demands and rules' words sought only where their   kept: 0.62 → 0.56 ms
beginnings stand, each result made once
look-up keys weighed by the compiled part          kept: 17 → 6.3 µs
ends of words found by the compiled part           kept: 16.6 → 2.8 µs
rules' words found without an automaton,           kept: automatons had 2 % of all samples
departments' names only where they may stand
of a masked text only clauses with masks cut anew  not kept: 185 → 164 µs for one in six
=================================================  ==========================================
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import numpy as np
from material.http_load import Load, as_request, closed_loop, steady
from material.made_messages import Shape, made_messages
from material.process_use import cpu_seconds
from material.served_desk import DESK, free_port, served

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from service.composition import build_context  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.usecases.status import count_all  # noqa: E402

SEED, PER_SECOND, CLIENTS, WARM_UP = 2_026, 100, 32, 300
MADE_ON = 1
PATH = "/api/v1/messages"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    os.sched_setaffinity(0, {MADE_ON})
    requests = list(make_requests(options.data, options.seconds))
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(requests, options.seconds, Path(folder))))


def make_requests(data: Path, seconds: float) -> Iterator[bytes]:
    """As many as can be asked for."""
    count = WARM_UP + int(PER_SECOND * seconds) + int(1500 * seconds / 4)
    day = datetime.now(UTC).date().isoformat()
    for number, made in enumerate(made_messages(Shape.of_stream(data), count, SEED)):
        told = {
            "title": made.title[:80],
            "text": made.body,
            "sent_at": day,
            "sender": {"name": f"某{number}"},
            "external_id": str(number),
        }
        yield as_request(PATH, json.dumps(told, ensure_ascii=False).encode())


def measure(requests: Sequence[bytes], seconds: float, home: Path) -> dict[str, object]:
    """Both loads on the desk, then the second on the empty service."""
    bodies = iter(requests)
    with served([sys.executable, "-c", DESK, "serve"], home) as (port, process):
        closed_loop(port, take(bodies, WARM_UP), 4, 600)
        sleep(1)
        before = cpu_seconds(process.pid)
        even = steady(port, list(take(bodies, int(PER_SECOND * seconds))), PER_SECOND)
        busy = (cpu_seconds(process.pid) - before) / even.lasted
        clients = closed_loop(port, bodies, CLIENTS, seconds / 4)
    empty_port = free_port()
    command = [sys.executable, str(ROOT / "benchmarks/material/empty_service.py"), str(empty_port)]
    with served(command, home, empty_port) as (port, _):
        closed_loop(port, take(iter(requests), WARM_UP), 4, 600)
        empty = closed_loop(port, endless(requests), CLIENTS, seconds / 4)
    answered = WARM_UP + sum(len(load.seconds) - len(load.wrong) for load in (even, clients))
    return {
        "steady": {**told(even), "share_of_the_core": round(busy, 3)},
        "clients": {
            **told(clients),
            "empty_per_second": round(empty.per_second),
            "ratio": round(clients.per_second / empty.per_second, 3),
        },
        "answered": answered,
        "stored": count_all(build_context(Settings(home=home)))["messages"],
    }


def take(requests: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The next few."""
    for _ in range(count):
        yield next(requests)


def endless(requests: Sequence[bytes]) -> Iterator[bytes]:
    """The same again and again."""
    while True:
        yield from requests


def told(load: Load) -> dict[str, object]:
    """Counts, and times in ms."""
    p50, p95, p99 = (round(1000 * float(np.percentile(load.seconds, p)), 1) for p in (50, 95, 99))
    return {
        "requests": len(load.seconds),
        "refused": len(load.wrong),
        "per_second": round(load.per_second),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
    }


if __name__ == "__main__":
    main()
