"""How fast messages are found by their words among many, on SQLite and on PostgreSQL.

Usage: ``python benchmarks/search_speed.py DATA [--messages N] [--only sqlite|postgresql] [--url URL
…]``. DATA is the folder of the shared data: counts of its stream give made messages their shape.
They are written straight into the tables, half of them into matters of a few departments; what
finds them is what the product writes. PostgreSQL is a server of its own in a temporary folder, with
its default settings but for waiting for the disk. With ``--url`` these databases are asked instead,
and filled before that where they hold no message.

Prints JSON: bytes of index a message, ms a message that writing the index takes
(all told, and of the writer's own processor) where it was written now; and for each kind of
question the median and the 95th percentile in ms of a page of 20, each question asked once: rare,
middling and common words, two common ones, one without another, phrases, common words with filters
that let few through, and pages from the middle.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import numpy as np
from material.made_messages import MadeMessage, Shape, made_messages
from material.vacuum import vacuum

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import insert, select, text  # noqa: E402

from classifier.text.search_terms import STOP_WORDS, index_terms  # noqa: E402
from classifier.text.segment import Segmenter  # noqa: E402
from service.composition import build_context  # noqa: E402
from service.domain.deadline import SHANGHAI  # noqa: E402
from service.domain.document import Document, DocumentKind, first_key  # noqa: E402
from service.settings import Settings  # noqa: E402
from service.storage.database import Database  # noqa: E402
from service.storage.search.documents import index_documents  # noqa: E402
from service.storage.tables import demand, matter, message  # noqa: E402
from service.usecases.context import Context  # noqa: E402
from service.usecases.matters.search import SearchFilter, search  # noqa: E402
from tests.system.postgres import find_server_programs, running_server  # noqa: E402

BATCH = 500
SAMPLE = 20_000  # messages of which words are counted
QUESTIONS = 40
PAGE = 20
DAYS = 1_500
SEED = 2_026
LAST = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI)
DEPARTMENTS = (
    "住建局",
    "公安局",
    "交通运输局",
    "教育局",
    "水利局",
    "卫健局",
    "市场监管局",
    "林业局",
)
SHARES = (40, 20, 15, 10, 8, 4, 2.5, 0.5)  # percent


@dataclass(slots=True)
class Counts:
    """In how many of the first messages terms, and pairs of neighbouring ones, stand."""

    terms: Counter[str] = field(default_factory=Counter)
    phrases: Counter[str] = field(default_factory=Counter)
    messages: int = 0

    def add(self, body: str, terms: str, segmenter: Segmenter) -> None:
        """Count one more message."""
        self.messages += 1
        self.terms.update(terms.split(" "))
        tokens = segmenter.cut(body)
        self.phrases.update({a + b for a, b in pairwise(tokens) if _is_word(a) and _is_word(b)})


def _is_word(token: str) -> bool:
    return len(token) == 2 and token.isalpha() and token not in STOP_WORDS


class Store:
    """One database that is filled and asked."""

    def __init__(self, url: str, home: Path) -> None:
        self.context: Context = build_context(Settings(home=home, database_url=url))
        self.database: Database = self.context.database
        self.name = self.database.engine.dialect.name
        self.seconds = self.own_seconds = 0.0
        self.count = 0

    def is_empty(self) -> bool:
        """Whether there is no message yet."""
        with self.database.reading() as connection:
            return connection.execute(select(message.c.id).limit(1)).first() is None

    def fill(self, rows: Rows) -> None:
        """Write one batch."""
        with self.database.transaction() as connection:
            connection.execute(insert(matter), rows.matters) if rows.matters else None
            connection.execute(insert(message), rows.messages)
            connection.execute(insert(demand), rows.demands)
            began, own_began = perf_counter(), process_time()
            index_documents(connection, rows.documents)
            self.seconds += perf_counter() - began
            self.own_seconds += process_time() - own_began
            self.count += len(rows.documents)

    def settle(self) -> None:
        """What the database does by itself when it has time."""
        if self.name == "postgresql":
            vacuum(self.database.engine)

    def index_bytes(self) -> int:
        """Bytes of the documents, their terms and the indexes of both."""
        query = (
            "SELECT pg_total_relation_size('document')"
            if self.name == "postgresql"
            else "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%document%'"
        )
        with self.database.reading() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def ask(self, typed: str, wanted: SearchFilter, cursor: str = "") -> tuple[float, int]:
        """Milliseconds of one page, and how many hits it has."""
        began = perf_counter()
        page = search(self.context, typed, wanted, cursor, PAGE)
        return (perf_counter() - began) * 1e3, len(page.hits)


@dataclass(slots=True)
class Rows:
    """One batch as rows of the tables."""

    matters: list[dict[str, object]]
    messages: list[dict[str, object]]
    demands: list[dict[str, object]]
    documents: list[Document]


class Maker:
    """Makes rows of made messages, the oldest first."""

    def __init__(self, total: int, segmenter: Segmenter) -> None:
        self.total = total
        self.segmenter = segmenter
        self.random = Random(SEED)
        self.known = -1
        self.counts = Counts()

    def batches(self, made: Iterator[MadeMessage]) -> Iterator[Rows]:
        """All messages, ``BATCH`` at a time."""
        first = 1
        while part := list(islice(made, BATCH)):
            rows = Rows([], [], [], [])
            for message_id, each in enumerate(part, first):
                self._add(rows, message_id, each)
            first += len(part)
            yield rows

    def _add(self, rows: Rows, message_id: int, made: MadeMessage) -> None:
        sent_at = LAST - timedelta(days=DAYS * (1 - message_id / self.total))
        day = sent_at.astimezone(SHANGHAI).date()
        terms = index_terms(self.segmenter, made.title, made.body)
        if self.counts.messages < SAMPLE:
            self.counts.add(made.body, terms, self.segmenter)
        is_new = made.matter > self.known
        if is_new:
            self.known = made.matter
            rows.matters.append(self._matter(made, sent_at))
        rows.messages.append(_message(message_id, made, sent_at))
        rows.demands.append(
            {
                "message_id": message_id,
                "matter_id": made.matter + 1,
                "relation": "first" if is_new else "voice",
                "same_probability": 1.0,
                "because": [],
            }
        )
        kind = DocumentKind.MESSAGE
        rows.documents.append(Document(kind, message_id, message_id, day, terms))

    def _matter(self, made: MadeMessage, at: datetime) -> dict[str, object]:
        number = made.matter + 1
        return {
            "id": number,
            "number": f"2026-{number:06d}",
            "title": made.title,
            "status": self.random.choices(["closed", "assigned", "review"], [90, 8, 2])[0],
            "topic": f"{self.random.randint(1, 20):02d}{self.random.randint(1, 6):02d}",
            "department": self.random.choices(DEPARTMENTS, SHARES)[0],
            "kind": self.random.choices(["complaint", "help", "praise"], [60, 38, 2])[0],
            "is_urgent": self.random.random() < 0.03,
            "place": f"第{self.random.randint(1, 40)}镇",
            "committee": "",
            "studio": f"S{self.random.randint(1, 30)}",
            "members": [],
            "because": [],
            "runners_up": [],
            "opened_at": at,
            "last_message_at": at,
            "due_at": at,
            "closed_at": None,
            "message_count": 1,
            "copy_count": 0,
        }


def _message(message_id: int, made: MadeMessage, sent_at: datetime) -> dict[str, object]:
    return {
        "id": message_id,
        "receipt": f"{message_id:013d}",
        "source": "made",
        "external_id": str(message_id),
        "digest": b"",
        "channel": "web",
        "sender_id": None,
        "title": made.title,
        "text": made.body,
        "masked_title": made.title,
        "masked_text": made.body,
        "sent_at": sent_at,
        "sent_on": sent_at.astimezone(SHANGHAI).date(),
        "received_at": sent_at.astimezone(UTC),
        "like_count": 0,
        "dislike_count": 0,
        "part_of": None,
    }


Question = tuple[str, SearchFilter, str]


def questions(counts: Counts, segmenter: Segmenter) -> dict[str, list[Question]]:
    """What is asked, by kind: words that are one word to the segmenter."""
    random = Random(SEED)
    terms = [term for term, _ in counts.terms.most_common() if _is_word(term)]
    words = [term for term in terms if segmenter.cut(term) == [term]]
    shares = {term: counts.terms[term] / counts.messages for term in words}
    rare = random.sample([w for w in words if counts.terms[w] <= 3], QUESTIONS)
    middling = random.sample([w for w in words if 0.005 < shares[w] < 0.02], QUESTIONS)
    common = words[:QUESTIONS]
    pairs = [" ".join(random.sample(common, 2)) for _ in range(QUESTIONS)]
    phrases = [f'"{phrase}"' for phrase, _ in counts.phrases.most_common(QUESTIONS)]
    plain = SearchFilter()
    month = SearchFilter(since=(LAST - timedelta(days=700)).date())
    month = SearchFilter(since=month.since, until=(LAST - timedelta(days=670)).date())
    narrow = SearchFilter(department=DEPARTMENTS[-1])
    several = SearchFilter(department="水利局", status="closed", kind="help", urgent=False)
    middle = str(first_key((LAST - timedelta(days=DAYS / 2)).date()))
    return {
        "rare_word": [(word, plain, "") for word in rare],
        "middling_word": [(word, plain, "") for word in middling],
        "common_word": [(word, plain, "") for word in common],
        "two_common_words": [(pair, plain, "") for pair in pairs],
        "two_middling_words": [
            (f"{a} {b}", plain, "") for a, b in zip(middling, middling[::-1], strict=True)
        ],
        "rare_and_common_word": [
            (f"{a} {b}", plain, "") for a, b in zip(rare, common, strict=True)
        ],
        "common_without_common": [(f"{a} -{b}", plain, "") for a, b in pairwise(common)],
        "phrase": [(phrase, plain, "") for phrase in phrases],
        "common_in_a_month": [(word, month, "") for word in common],
        "common_in_a_department": [(word, narrow, "") for word in common],
        "middling_in_a_department": [(word, narrow, "") for word in middling],
        "common_with_four_filters": [(word, several, "") for word in common],
        "common_word_from_the_middle": [(word, plain, middle) for word in common],
        "two_common_from_the_middle": [(pair, plain, middle) for pair in pairs],
    }


def measure(store: Store, asked: Mapping[str, Sequence[Question]]) -> dict[str, object]:
    """Times of all questions, by kind."""
    told: dict[str, object] = {}
    if store.count:
        told |= {
            "index_bytes_a_message": round(store.index_bytes() / store.count, 1),
            "write_ms_a_message": round(store.seconds / store.count * 1e3, 3),
            "write_processor_ms_a_message": round(store.own_seconds / store.count * 1e3, 3),
        }
    for kind, each in asked.items():
        answers = [store.ask(*question) for question in each]
        times = [ms for ms, _ in answers]
        told[kind] = {
            "p50_ms": round(float(np.percentile(times, 50)), 2),
            "p95_ms": round(float(np.percentile(times, 95)), 2),
            "hits": round(float(np.mean([hits for _, hits in answers])), 1),
        }
        print(store.name, kind, told[kind], file=sys.stderr, flush=True)
    return told


@contextmanager
def fresh(name: str) -> Iterator[Store]:
    """An empty database of one kind."""
    with tempfile.TemporaryDirectory() as home:
        if name == "sqlite":
            yield Store("", Path(home))
            return
        programs = find_server_programs()
        if programs is None:
            raise SystemExit("PostgreSQL is not installed (Debian: postgresql)")
        with running_server(programs) as server, server.fresh_database() as url:
            yield Store(url, Path(home))


@contextmanager
def given(url: str) -> Iterator[Store]:
    """A database that stays, whose senders nobody looks at: any key will do."""
    with tempfile.TemporaryDirectory() as home:
        Settings(home=Path(home)).secret_key.ring()
        yield Store(url, Path(home))


def run(store: Store, shape: Shape, count: int) -> dict[str, object]:
    """Ask a database, filled before that where it is empty."""
    maker = Maker(count, store.context.triage.reader.segmenter)
    made = made_messages(shape, count, SEED)
    if store.is_empty():
        for rows in maker.batches(made):
            store.fill(rows)
            if store.count % 50_000 == 0:
                print(store.name, store.count, f"{store.seconds:.0f} s", file=sys.stderr)
        store.settle()
    else:
        deque(maker.batches(islice(made, SAMPLE)), maxlen=0)  # for its counts
    told = measure(store, questions(maker.counts, maker.segmenter))
    store.database.close()
    return told


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--url", action="append", default=[], help="asked instead of new ones")
    options = parser.parse_args()
    shape = Shape.of_stream(options.data)
    names = [options.only] if options.only else ["sqlite", "postgresql"]
    told: dict[str, object] = {"messages": options.messages}
    for database in [given(url) for url in options.url] or [fresh(name) for name in names]:
        with database as store:
            told[store.name] = run(store, shape, options.messages)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
