"""How fast and how surely a message finds its matter among 10,000 to 1,000,000 others.

Usage: ``python benchmarks/matter_scale.py DATA [--messages N] [--peers NAME …]``. DATA is
the folder of the shared data: counts of its stream give made messages their shape, and the
judged pairs of ``matters_dev.tsv`` tell whether reworded letters become candidates. The index lies
in a fresh SQLite database that grows; at each size a look-up is measured, from a message's
profile and keys to the decision, with everything that is read from the database.

Prints JSON: the shape of both streams; for each size the bytes of index a message, build time,
median and 99th percentile of a look-up in ms, beside a fixed piece of work (``calibration_ms``)
that tells how busy the machine was, recall of edited copies by kind of edit; the same look-ups
with a matter of 100,000 voices and a clause that a tenth of all messages have. ``--peers``
measures others' indexes over the same messages and copies.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import resource
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing.pool import AsyncResult, Pool
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

import numpy as np
from material.edits import BOILERPLATE, EDITS
from material.made_messages import MadeMessage, Shape, made_messages
from material.peers import PEERS, Peer, is_installed, release
from sqlalchemy import event, text

from classifier.matching.lookup_keys import lookup_keys
from classifier.matching.pair_model import PairModel
from classifier.matching.profile import Records, make_profile
from classifier.modelfile import read_model_file
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader
from classifier.text.segment import Segmenter
from service.settings import Settings
from service.storage.database import Connection, Database
from service.storage.matching.auxiliary import AuxiliaryIndex, append_keys
from service.storage.matching.exemplars import Exemplar, insert_exemplars
from service.storage.matching.postings import insert_postings
from service.triage.exemplar_index import EXEMPLARS, ExemplarIndex, Keys, standing
from service.triage.match import Match, match
from service.usecases.matching.joining import load_index

MODEL = Path(__file__).parent.parent / "data" / "model" / "default.mqm"
SIZES = (10_000, 100_000, 1_000_000)
BATCH = 500
LOOK_UPS, WARM, COPIES = 1_000, 100, 300
HOT_VOICES, HOT_TEXTS = 100_000, 500
SEED = 2_026
DAY = 86_400


@dataclass(slots=True)
class Understood:
    """What is looked up of a message: as triage gives it, without its classification."""

    profile: Records
    keys: Keys


class Standing(NamedTuple):
    """What is stored of a message that stands for its matter."""

    exemplar: Exemplar
    found_by: tuple[int, list[int]]


class Understanding:
    """Reads texts and makes their profiles."""

    def __init__(self, model: Path) -> None:
        self.pair_model = PairModel.from_sections(read_model_file(model).sections.__getitem__)
        self._reader = Reader(Segmenter(), Gazetteer((), ()))

    def understand(self, title: str, body: str, sender: int, sent_at: int) -> Understood:
        """One message's profile and keys."""
        reading = self._reader.read(title, body)
        profile = make_profile(reading, self.pair_model.statistics, sender, sent_at)
        return Understood(profile, lookup_keys(profile, self.pair_model.statistics))


_worker: list[Understanding] = []


def _begin_worker(model: Path) -> None:
    _worker.append(Understanding(model))


def _understand_part(part: Sequence[tuple[int, MadeMessage]]) -> list[Standing]:
    return [
        _standing(number, m.matter + 1, _worker[0].understand(m.title, m.body, number, number * 60))
        for number, m in part
    ]


def _standing(message_id: int, matter_id: int, message: Understood) -> Standing:
    made = Exemplar(message_id, matter_id, message.profile.tobytes())
    return Standing(made, standing(message_id, message.keys))


class Index:
    """The product's index of exemplars in a database of its own, without the messages."""

    def __init__(self, folder: Path, model: PairModel) -> None:
        self.database = Database(f"sqlite:///{folder}/scale.sqlite3")
        event.listen(self.database.engine, "connect", _unbound)
        self.database.upgrade()
        self.auxiliary = AuxiliaryIndex()
        self.model = model
        self._limits = Settings()
        self._count: Counter[int] = Counter()

    def store(self, batch: Sequence[Standing]) -> None:
        """Let messages stand for their matters where there is room."""
        with self.database.transaction() as connection:
            kept = []
            for each in batch:
                self._count[each.exemplar.matter_id] += 1
                if self._count[each.exemplar.matter_id] <= EXEMPLARS:
                    kept.append(each)
            append_keys(connection, [each.found_by for each in kept])
            self.auxiliary.merge_due(connection)
            insert_exemplars(connection, [each.exemplar for each in kept])

    def spread_clause(self, keys: Keys, message_count: int) -> None:
        """Let a tenth of all messages have the words of a clause."""
        for start in range(0, message_count, 100_000):
            ids = range(start + 1, min(start + 100_000, message_count) + 1, 10)
            with self.database.transaction() as connection:
                insert_postings(connection, [standing(each, keys) for each in ids])

    def look_up(self, message: Understood) -> tuple[ExemplarIndex, Match]:
        """What a message can meet, and where it belongs."""
        with self.database.reading() as connection:
            index = load_index(connection, self.auxiliary, [message])
        limits = self._limits.auto_join_probability, self._limits.suggest_probability
        found = match(message.profile, message.keys, index, self.model, *limits)
        return index, found

    def bytes_by_table(self) -> dict[str, int]:
        """What the tables and their indexes take in the file, with all that is free in pages."""
        names = ("exemplar", "ix_exemplar_matter_id", "exemplar_key", "auxiliary_keys")
        with self.database.reading() as connection:
            return {name: _size(connection, name) for name in names}


def _unbound(connection: object, _: object) -> None:
    # There are no messages and matters that exemplars could refer to.
    connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[attr-defined]


def _size(connection: Connection, name: str) -> int:
    query = text("SELECT SUM(pgsize) FROM dbstat WHERE name = :name")
    return int(connection.execute(query, {"name": name}).scalar() or 0)


def build(
    index: Index, numbered: Iterable[tuple[int, MadeMessage]], pool: Pool, waiting: int
) -> float:
    """Store numbered messages; gives the seconds that writing took.

    At most ``waiting`` batches are read ahead.
    """
    seconds = 0.0
    messages = iter(numbered)
    understood: deque[AsyncResult[list[Standing]]] = deque()
    while part := list(islice(messages, BATCH)):
        understood.append(pool.apply_async(_understand_part, (part,)))
        if len(understood) >= waiting:
            seconds += _store(index, understood.popleft())
    return seconds + sum(_store(index, each) for each in understood)


def _store(index: Index, understood: AsyncResult[list[Standing]]) -> float:
    batch = understood.get()
    began = perf_counter()
    index.store(batch)
    return perf_counter() - began


def times(index: Index, messages: Sequence[Understood]) -> dict[str, float]:
    """Median and 99th percentile of a look-up in ms, beside a fixed piece of work."""
    for message in messages[:WARM]:
        index.look_up(message)
    found, fixed = [], []
    for message in messages:
        began = perf_counter()
        index.look_up(message)
        between = perf_counter()
        calibrate()
        found.append((between - began) * 1e3)
        fixed.append((perf_counter() - between) * 1e3)
    return {
        "look_ups": len(found),
        "p50_ms": round(float(np.median(found)), 3),
        "p99_ms": round(float(np.percentile(found, 99)), 3),
        "calibration_ms": round(float(np.median(fixed)), 3),
    }


def calibrate() -> None:
    """A fixed piece of work, half of it Python's, half of it numpy's."""
    sum(number * number for number in range(4_000))
    np.sort(np.arange(20_000)[::-1] * 2_654_435_761 % 1_000_003)


def recall(
    index: Index, understanding: Understanding, stored: Sequence[tuple[int, MadeMessage]]
) -> dict[str, dict[str, float]]:
    """By kind of edit the share of copies whose original is a candidate, and is joined."""
    random = Random(SEED)
    found = {}
    for kind, edit in EDITS.items():
        candidates = joined = 0
        for number, message in random.sample(stored, min(COPIES, len(stored))):
            title, body = edit(message.title, random), edit(message.body, random)
            copy = understanding.understand(title, body, 0, number * 60 + DAY)
            met, decided = index.look_up(copy)
            candidates += number in met.candidates(copy.keys)
            joined += decided.matter_id == message.matter + 1
        count = min(COPIES, len(stored))
        found[kind] = {
            "found": round(candidates / count, 4),
            "joined": round(joined / count, 4),
        }
    return found


def judged_recall(understanding: Understanding, data: Path) -> dict[str, float]:
    """Of the judged pairs, how many candidates are candidates of their query in the stream."""
    index = ExemplarIndex()
    numbers: dict[str, int] = {}
    keys: dict[str, Keys] = {}
    with (data / "stream.csv").open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=1):
            one = understanding.understand(row["留言主题"], row["留言详情"].strip(), 0, 0)
            numbers[row["留言编号"]], keys[row["留言编号"]] = number, one.keys
            index.remember(number, number, one.profile, one.keys)
    found: dict[str, list[bool]] = {"D": [], "S": []}
    with (data / "matters_dev.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["label"] in found:
                met = index.candidates(keys[row["query"]])
                found[row["label"]].append(numbers[row["candidate"]] in met)
    return {label: round(float(np.mean(each)), 4) for label, each in found.items()}


def measure(
    index: Index,
    understanding: Understanding,
    stored: Sequence[tuple[int, MadeMessage]],
    queries: Sequence[Understood],
    count: int,
) -> dict[str, object]:
    """All figures of one size."""
    size = index.bytes_by_table()
    return {
        "bytes_a_message": round(sum(size.values()) / count, 1),
        "bytes_by_table": {name: round(each / count, 1) for name, each in size.items()},
        **times(index, queries),
        "recall": recall(index, understanding, stored),
    }


def hot_look_ups(
    understanding: Understanding, shape: Shape
) -> tuple[list[Understood], list[Understood]]:
    """Voices of one matter that all say a clause of many: some to store, others to look up."""
    voices = list(made_messages(shape, HOT_TEXTS + LOOK_UPS, SEED + 2))
    subject = voices[0].body.split("，")
    random = Random(SEED)
    understood = []
    for number, voice in enumerate(voices):
        own = random.sample(subject, max(1, len(subject) * 2 // 3))
        body = f"{'，'.join(own)}，{voice.body}{BOILERPLATE}。"
        understood.append(understanding.understand(voices[0].title, body, number, number * 60))
    return understood[:HOT_TEXTS], understood[HOT_TEXTS:]


def heat(index: Index, clause: Understood, voices: Sequence[Understood], count: int) -> None:
    """Add a matter of many voices, and a clause to a tenth of all messages."""
    index.spread_clause(clause.keys, count)
    matter_id = first = 10**9
    for start in range(first, first + HOT_VOICES, BATCH):
        batch = range(start, start + BATCH)
        index.store([_standing(each, matter_id, voices[each % HOT_TEXTS]) for each in batch])


def measure_hot(
    index: Index, understanding: Understanding, shape: Shape, count: int
) -> dict[str, object]:
    """The same look-ups before and after what they are about becomes hot."""
    voices, asking = hot_look_ups(understanding, shape)
    before = times(index, asking)
    heat(index, understanding.understand("", BOILERPLATE, 0, 0), voices, count)
    return {"messages": count, "before": before, "with": times(index, asking)}


def measure_sizes(
    arguments: argparse.Namespace, shape: Shape, understanding: Understanding, index: Index
) -> dict[str, object]:
    """Let the index grow and measure it at each size."""
    asking = made_messages(shape, LOOK_UPS, SEED + 1)
    queries = [understanding.understand(m.title, m.body, 0, 0) for m in asking]
    numbered = enumerate(made_messages(shape, arguments.messages, SEED), start=1)
    originals = Originals()
    sizes: dict[str, object] = {}
    done = 0
    with multiprocessing.Pool(arguments.workers, _begin_worker, (arguments.model,)) as pool:
        for size in [each for each in SIZES if each <= arguments.messages]:
            began = perf_counter()
            new = originals.among(islice(numbered, size - done))
            writing = build(index, new, pool, 2 * arguments.workers)
            seconds = perf_counter() - began
            built = {
                "build_messages_per_s": round((size - done) / seconds),
                "write_ms_a_message": round(writing * 1e3 / (size - done), 3),
            }
            done = size
            sizes[str(size)] = built | measure(index, understanding, originals.kept, queries, size)
            tell(size, sizes[str(size)])
    return sizes


class Originals:
    """Some of the messages that pass, of which copies are made later."""

    EVERY = 20

    def __init__(self) -> None:
        self.kept: list[tuple[int, MadeMessage]] = []
        self._matters = 0

    def among(
        self, numbered: Iterable[tuple[int, MadeMessage]]
    ) -> Iterator[tuple[int, MadeMessage]]:
        """Pass messages on and keep some of those that open a matter, which stand for it."""
        for number, message in numbered:
            if message.matter == self._matters:
                self._matters += 1
                if self._matters % self.EVERY == 0:
                    self.kept.append((number, message))
            yield number, message


def measure_peer(
    name: str, shape: Shape, count: int, folder: Path
) -> dict[str, float | str | dict[str, float]]:
    """Build a peer's index over the same messages and look the same things up."""
    next(made_messages(shape, 1, SEED))  # so that the words are in memory already
    before = resident_bytes()
    peer = PEERS[name](folder)
    originals = Originals()
    adding = 0.0
    for number, message in originals.among(enumerate(made_messages(shape, count, SEED), start=1)):
        began = perf_counter()
        peer.add(number, whole(message))
        adding += perf_counter() - began
    began = perf_counter()
    peer.finish()
    adding += perf_counter() - began
    on_disk = sum(file.stat().st_size for file in folder.iterdir())
    new = [whole(message) for message in made_messages(shape, LOOK_UPS, SEED + 1)]
    seconds = [timed(peer, text) for text in new]
    return {
        "release": release(name),
        "build_messages_per_s": round(count / adding),
        "memory_bytes_a_message": round((resident_bytes() - before) / count),
        "disk_bytes_a_message": round(on_disk / count),
        "p50_ms": round(float(np.median(seconds)) * 1e3, 3),
        "p99_ms": round(float(np.percentile(seconds, 99)) * 1e3, 3),
        "recall": peer_recall(peer, originals.kept),
    }


def peer_recall(peer: Peer, stored: Sequence[tuple[int, MadeMessage]]) -> dict[str, float]:
    """By kind of edit the share of copies of which a peer finds the original."""
    random = Random(SEED)
    found = {}
    for kind, edit in EDITS.items():
        chosen = random.sample(stored, min(COPIES, len(stored)))
        hits = [
            number in set(peer.find(f"{edit(m.title, random)}\n{edit(m.body, random)}"))
            for number, m in chosen
        ]
        found[kind] = round(float(np.mean(hits)), 4)
    return found


def timed(peer: Peer, text: str) -> float:
    """Seconds of one look-up."""
    began = perf_counter()
    list(peer.find(text))
    return perf_counter() - began


def whole(message: MadeMessage) -> str:
    """Title and body, one under the other."""
    return f"{message.title}\n{message.body}"


def resident_bytes() -> int:
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def tell(what: object, figures: object) -> None:
    """Show figures as they come."""
    print(what, json.dumps(figures), file=sys.stderr, flush=True)


def rounded(figures: dict[str, float]) -> dict[str, float]:
    """Figures short enough to read."""
    return {name: round(value, 4) for name, value in figures.items()}


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Measure the product, and its peers where wanted."""
    shape = Shape.of_stream(arguments.data)
    report: dict[str, object] = {}
    if not arguments.only_peers:
        understanding = Understanding(arguments.model)
        sample = made_messages(shape, len(shape.clause_counts), SEED)
        made = Shape.of((message.title, message.body) for message in sample)
        report["shape"] = {"stream": rounded(shape.told()), "made": rounded(made.told())}
        report["judged_candidates"] = judged_recall(understanding, arguments.data)
        tell("shape", report)
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            index = Index(Path(folder), understanding.pair_model)
            report["sizes"] = measure_sizes(arguments, shape, understanding, index)
            report["hot"] = measure_hot(index, understanding, shape, arguments.messages)
            tell("hot", report["hot"])
            index.database.close()
        report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for name in arguments.peers:
        if not is_installed(name):
            tell(name, "is not installed: pip install minqing[benchmarks]")
            continue
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            given = (name, shape, arguments.messages, Path(folder))
            # A process of its own, so that its memory can be told.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                report[name] = pool.apply(measure_peer, given)
        tell(name, report[name])
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--messages", type=int, default=100_000, choices=SIZES)
    parser.add_argument("--peers", nargs="*", default=[], choices=sorted(PEERS))
    parser.add_argument("--only-peers", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--folder", type=Path, help="where the database lies while it is measured")
    print(json.dumps(run(parser.parse_args())))


if __name__ == "__main__":
    main()
