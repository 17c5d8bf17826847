"""How long a page of the queue takes among a million messages, on SQLite and PostgreSQL.

Usage: ``python benchmarks/queue_speed.py [--messages N] [--calls N] [--url URL …]``. The matters,
their messages and their tracks are written straight into the tables of the product, as many
statuses, places, studios and departments as a large county has, and one matter of 100,000 voices; a
private PostgreSQL server is started. A tenth of the matters has departments that help, one of them
very often. Then pages are asked for through the use case: the first one, one in the depth, filtered
ones, those of accounts for a studio or a department, and all that stands on the desk's page. With
``--url`` these databases are asked instead, and filled before that where they hold no matter.

Prints JSON: for each database and each page the median and 95th percentile in ms.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import numpy as np
from material.vacuum import vacuum
from sqlalchemy import select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from service.composition import build_triage, read_shipped_directory  # noqa: E402
from service.domain.access import Scope, ScopeKind  # noqa: E402
from service.domain.assignment import PROPOSED  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.storage import tables  # noqa: E402
from service.storage.database import Database  # noqa: E402
from service.storage.rows import insert_rows  # noqa: E402
from service.storage.sealing.sealer import Sealer  # noqa: E402
from service.usecases.context import Context  # noqa: E402
from service.usecases.matters.claims import claim_next  # noqa: E402
from service.usecases.matters.queue import (  # noqa: E402
    QueueFilter,
    count_open_in_studios,
    count_queues,
    list_queue,
)
from tests.system.postgres import find_server_programs, running_server  # noqa: E402

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
SEED, BATCH, HOT_VOICES, DEEP_PAGES, CLAIMED = 2_026, 20_000, 100_000, 200, 30
STATUSES = ["review"] * 2 + ["assigned"] * 4 + ["closed"] * 4
KINDS = ["complaint"] * 40 + ["help"] * 30 + ["question"] * 20 + ["suggestion"] * 8 + ["praise"]
VOICES_A_MATTER = 2
SUPERVISED, MORE_DAYS = 4_001, 5_003  # one matter of so many
HELPED, HELPED_BY_ONE = 0.1, 0.05  # share of the matters: by any department, by the second one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--url", action="append", default=[], help="asked instead of new ones")
    options = parser.parse_args()
    found: dict[str, object] = {"messages": options.messages, "calls": options.calls}
    given = [partial(on_given, url) for url in options.url]
    for database in given or [on_sqlite, on_postgresql]:
        with database() as context:
            name = context.database.engine.dialect.name
            if is_empty(context):
                began = perf_counter()
                fill(context, options.messages)
                if name == "postgresql":
                    vacuum(context.database.engine)
                print(f"{name}: filled in {perf_counter() - began:.0f} s", file=sys.stderr)
            found[name] = measure(context, options.calls)
    print(json.dumps(found, ensure_ascii=False))


@contextmanager
def on_sqlite() -> Iterator[Context]:
    """The use cases on a fresh SQLite file."""
    with tempfile.TemporaryDirectory() as home:
        yield from opened(Path(home), "")


@contextmanager
def on_postgresql() -> Iterator[Context]:
    """The use cases on a fresh database of a private server."""
    programs = find_server_programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed (Debian: postgresql)")
    with (
        running_server(programs) as server,
        server.fresh_database() as url,
        tempfile.TemporaryDirectory() as home,
    ):
        yield from opened(Path(home), url)


@contextmanager
def on_given(url: str) -> Iterator[Context]:
    """The use cases on a database that stays."""
    with tempfile.TemporaryDirectory() as home:
        yield from opened(Path(home), url)


def opened(home: Path, url: str) -> Iterator[Context]:
    """A context with the demo county's directory."""
    settings = Settings(home=home, database_url=url)
    directory = read_shipped_directory(settings).organisation
    database = Database(settings.url)
    database.upgrade()
    triage = build_triage(settings, directory)
    yield Context(settings, database, triage, Sealer(settings.secret_key), lambda: NOW)
    database.close()


def is_empty(context: Context) -> bool:
    """Whether there is no matter yet."""
    with context.database.reading() as connection:
        return connection.execute(select(tables.matter.c.id).limit(1)).first() is None


def fill(context: Context, message_count: int) -> None:
    """Write messages and their matters, the hot one first; then let PostgreSQL count its rows."""
    random = Random(SEED)
    hot = min(HOT_VOICES, message_count // 2)
    sizes = [hot, *([VOICES_A_MATTER] * ((message_count - hot) // VOICES_A_MATTER))]
    first_message = 1
    for start in range(0, len(sizes), BATCH):
        batch = sizes[start : start + BATCH]
        matters = [a_matter(context, random, start + n + 1, size) for n, size in enumerate(batch)]
        messages, demands = [], []
        for matter in matters:
            ids = range(first_message, first_message + matter["message_count"])
            first_message = ids.stop
            messages += [a_message(each) for each in ids]
            demands += [a_demand(each, matter["id"], each == ids[0]) for each in ids]
        with context.database.transaction() as connection:
            for table, rows in (
                (tables.matter, matters),
                (tables.matter_helper, [row for matter in matters for row in helpers(matter)]),
                (tables.message, messages),
                (tables.demand, demands),
            ):
                insert_rows(connection, table, rows)
    if context.database.engine.dialect.name == "sqlite":
        return  # nobody counts its rows in the product either
    with context.database.transaction() as connection:
        connection.exec_driver_sql("ANALYZE")


def a_matter(context: Context, random: Random, number: int, size: int) -> dict[str, Any]:
    """A matter as a row. The hot one is urgent and open: it stands on the first page."""
    organisation = context.triage.organisation
    studio = random.choice(organisation.studios)
    members = [each.code for each in organisation.members_of.get(studio.code, ())]
    opened_at = NOW - timedelta(minutes=random.randrange(1_000_000))
    is_hot = size > VOICES_A_MATTER
    return {
        "id": number,
        "number": f"2026-{number:07d}",
        "title": f"第{number}件：{random.choice('路水电气房车学医')}边的事",
        "status": "assigned" if is_hot else random.choice(STATUSES),
        "topic": random.choice(context.triage.taxonomy.codes(2)),
        "department": random.choice(organisation.departments).name,
        "kind": random.choice(KINDS),
        "is_urgent": is_hot or random.random() < 0.03,
        "is_supervised": number % SUPERVISED == 0,
        "extension_days": 5 if number % MORE_DAYS == 0 else None,
        "place": f"富平县第{int(random.paretovariate(0.7)) % 400}村",
        "committee": studio.committee,
        "studio": studio.code,
        "members": random.sample(members, min(PROPOSED, len(members))),
        "helping": some_helping(random, [each.name for each in organisation.departments]),
        "because": ["地点：来信写到的村"],
        "runners_up": [],
        "opened_at": opened_at,
        "last_message_at": opened_at,
        "due_at": NOW - timedelta(days=1_000) if is_hot else opened_at + timedelta(days=21),
        "message_count": size,
        "copy_count": 0,
    }


def some_helping(random: Random, departments: Sequence[str]) -> list[str]:
    """The departments that help with a matter: of most none, of others often the second one."""
    draw = random.random()
    if draw < HELPED_BY_ONE:
        return [departments[1]]
    return random.sample(departments, 2) if draw < HELPED else []


def helpers(matter: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that lead to a matter from the departments that help with it."""
    return [{"department": one, "matter_id": matter["id"]} for one in matter["helping"]]


def a_message(number: int) -> dict[str, Any]:
    """A message of nobody's, without a known sender."""
    return {
        "id": number,
        "receipt": f"R{number:012d}",
        "source": "made",
        "external_id": str(number),
        "digest": b"",
        "channel": "web",
        "sender_id": None,
        "title": "题",
        "text": "文" * 120,
        "masked_title": "题",
        "masked_text": "文" * 120,
        "sent_at": NOW,
        "sent_on": NOW.date(),
        "received_at": NOW,
        "like_count": 0,
        "dislike_count": 0,
    }


def a_demand(message_id: int, matter_id: int, is_first: bool) -> dict[str, Any]:
    """What lets a message belong to its matter."""
    return {
        "message_id": message_id,
        "matter_id": matter_id,
        "relation": "first" if is_first else "voice",
        "same_probability": 1.0,
        "because": [],
    }


def measure(context: Context, calls: int) -> dict[str, object]:
    """Median and 95th percentile of each page, in ms."""
    plain = QueueFilter()
    studio = context.triage.organisation.studios[0].code
    studios = [each.code for each in context.triage.organisation.studios[:3]]
    department, often = (each.name for each in context.triage.organisation.departments[:2])
    member = context.triage.organisation.members_of[studio][0].code
    asked = {
        "first": plain,
        "studio": QueueFilter(studio=studio),
        "department": QueueFilter(department=department),
        "common_place": QueueFilter(place="富平县第1村"),
        "rare_place": QueueFilter(place="富平县第399村"),
        "common_kind": QueueFilter(kind="complaint"),
        "rare_kind": QueueFilter(kind="praise"),
        "topic": QueueFilter(topic="0102"),
        "topic_of_first_level": QueueFilter(topic="01"),
        "overdue": QueueFilter(overdue=True),
        "not_overdue": QueueFilter(overdue=False),
        "closed": QueueFilter(statuses=("closed",)),
        "two_statuses": QueueFilter(statuses=("review", "closed"), urgent=False),
        "member": QueueFilter(member=member),
        "unknown_member": QueueFilter(member="nobody"),
        "opened_this_week": QueueFilter(opened_from=NOW - timedelta(days=7)),
        "opened_in_a_month": QueueFilter(
            opened_from=NOW - timedelta(days=400), opened_before=NOW - timedelta(days=370)
        ),
        "opened_in_a_year": QueueFilter(opened_from=NOW - timedelta(days=365)),
        "opened_before_a_year": QueueFilter(opened_before=NOW - timedelta(days=365)),
        "studio_and_kind": QueueFilter(studio=studio, kind="praise"),
        "due_before": QueueFilter(due_by=NOW - timedelta(days=300)),
        "supervised": QueueFilter(supervised=True),
        "extension": QueueFilter(extension=True),
        "claimed_by_nobody": QueueFilter(claim="nobody"),
        "waits": QueueFilter(waits=True),
        "convener": QueueFilter(scope=scope_of(ScopeKind.STUDIO, studio)),
        "convener_of_three": QueueFilter(scope=scope_of(ScopeKind.STUDIO, *studios)),
        "convener_and_kind": QueueFilter(scope=scope_of(ScopeKind.STUDIO, studio), kind="praise"),
        "liaison": QueueFilter(scope=scope_of(ScopeKind.DEPARTMENT, department)),
        "liaison_who_often_helps": QueueFilter(scope=scope_of(ScopeKind.DEPARTMENT, often)),
        "liaison_and_overdue": QueueFilter(
            scope=scope_of(ScopeKind.DEPARTMENT, department), overdue=True
        ),
        "liaison_and_kind": QueueFilter(scope=scope_of(ScopeKind.DEPARTMENT, often), kind="praise"),
    }
    found = {name: timed(lambda w=w: list_queue(context, w), calls) for name, w in asked.items()}
    for _ in range(CLAIMED):
        claim_next(context, QueueFilter(urgent=False), "me")
    mine = QueueFilter(claim="me", account="me")
    found["claimed_by_me"] = timed(lambda: list_queue(context, mine), calls)
    cursor = deep_cursor(context)
    found["deep"] = timed(lambda: list_queue(context, plain, cursor), calls)
    backward = list_queue(context, plain, cursor).previous_cursor
    found["backward"] = timed(lambda: list_queue(context, plain, backward), calls)
    tiles = [replace(plain, statuses=(each,)) for each in ("review", "assigned", "closed")]
    tiles += [plain, replace(plain, urgent=True), replace(plain, overdue=True)]
    found["tiles"] = timed(lambda: count_queues(context, tiles), calls)
    found["studios"] = timed(lambda: count_open_in_studios(context), calls)
    return dict(found)


def scope_of(kind: ScopeKind, *codes: str) -> Scope:
    """Whose matters an account is for."""
    return Scope(kind, frozenset(codes))


def deep_cursor(context: Context) -> str:
    """The cursor of a page two hundred pages in."""
    cursor = ""
    for _ in range(DEEP_PAGES):
        cursor = list_queue(context, QueueFilter(), cursor, 200).next_cursor or cursor
    return cursor


def timed(call: Callable[[], object], calls: int) -> dict[str, float]:
    """Median and 95th percentile of a call, in ms, without the first: it makes the statements."""
    call()
    lapses = []
    for _ in range(calls):
        began = perf_counter()
        call()
        lapses.append((perf_counter() - began) * 1000)
    return {
        "p50_ms": round(float(np.percentile(lapses, 50)), 2),
        "p95_ms": round(float(np.percentile(lapses, 95)), 2),
    }


if __name__ == "__main__":
    main()
