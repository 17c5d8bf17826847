"""How many messages a second a large import sustains, in how much memory.

Usage: ``python benchmarks/import_scale.py DATA [--messages N] [--processes N]``; 10,000 messages
and as many processes as processors where nothing is said. DATA is the shared data, whose
stream gives made messages their shape. ``minqing import`` takes them into a fresh SQLite database,
watched from outside. Prints JSON: messages a second over all and over the second half; the
seconds at which 10,000, 100,000 and a million were stored; the milliseconds of processor time a
message costs the process that writes and all others; the peak of all processes' memory in MB
(shared pages counted once).

What was tried, in microseconds of processor time a message (on 2 × AMD EPYC; of SQLite's index of
terms for 36,000 messages by themselves, with their commits):

==========================================================  =======================  ==========
tried                                                       before and after         kept
==========================================================  =======================  ==========
index of terms: ``hashsize`` 8 MB                           70, 54                   yes
index of terms: ``automerge`` 8 as well                     54, 47                   yes
index of terms: ``automerge`` 16, or pages of 8,000 bytes   47, 48 and 47            no
what was understood goes by its fields alone                78 + 12, 56 + 7          yes
senders' digests: the key looked at once, two for three     14, 4                    yes
``wal_autocheckpoint`` 40,000 (waiting at commits)          82, 120                  no
empty lists as JSON without calling the encoder             1, 0 each                no
a page cache of 200 MB instead of 64, at 200,000 messages   1,400, 1,400             no
pages of 1,024, 2,048 or 8,192 bytes, taken in by 32        1,880–1,970, 1,910–2,220 no
new exemplars' keys in a row of their own until 8,192 are   1,120, 930               yes
merged, ids counted in the form in which they are stored
a message's few pairs as plain numbers in place of numpy    68, 43                   yes
a time brought into the driver's form once for many rows    148, 127                 yes
a new matter written with the head of its history           80, 74                   yes
the key looked at once for all new senders of a batch       28, 24                   yes
a year without ``strftime``, alternatives not copied        67, 61                   yes
a classification's details written by who understands it    23, 5                    yes
JSON written without looking for what holds itself          1.7, 1.3 each            yes
times in SQLite's form by ``isoformat``, each anew          2.5, 1.7 each            no
salts drawn for all entries of a batch at once              0.5, 0.04 each           no
adding up 2,000 ids' weights, those met kept in a list      45, 24                   yes
the rarest keys of a message chosen once, not twice         1,020, 1,000             yes
profiles kept in one array instead of pieces                990, 1,000               no
``mmap_size`` of 2 GB, at 140,000 messages                  980, 950; 450 MB more    no
``secure_delete`` off, at 140,000 (erasing needs it)        980, 950                 no
``synchronous`` off; a checkpoint for 30,000 pages          980, 1,040 and 1,000     no
looked up beforehand by the processes beside, at 400,000:   1,126, 854               no: no
the process that writes                                                              faster
the same: all others                                        590, 970                 on two
==========================================================  =======================  ==========

Reading a file of JSON Lines takes 34, committing 62. What was kept from
the plain numbers on takes together, of 6,000 messages that were understood beforehand: 700, 615.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep

from material.made_messages import MadeMessage, Shape, made_messages

MINQING = Path(sys.executable).with_name("minqing")
SEED = 2_026
MARKS = (10_000, 100_000, 1_000_000)
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_LOOK_SECONDS = 2.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "letters.jsonl"
        made = made_messages(Shape.of_stream(asked.data), asked.messages, SEED)
        write_letters(file, made, asked.messages)
        seen = watched_import(file, Path(folder) / "home", asked.processes)
    print(json.dumps(figures(seen, asked.messages, asked.processes)))


def write_letters(file: Path, messages: Iterable[MadeMessage], count: int) -> None:
    """Write messages as JSON Lines, three of each sender on average."""
    with file.open("w", encoding="utf-8") as stream:
        for number, message in enumerate(messages):
            sent_at = datetime(2026, 1, 1) + timedelta(seconds=20 * number)  # noqa: DTZ001
            row = {
                "编号": str(number),
                "主题": message.title,
                "内容": message.body,
                "时间": f"{sent_at:%Y-%m-%d %H:%M:%S}",
                "来信人": f"网友{number % (count // 3 + 1)}",
            }
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


@dataclass
class Seen:
    """What was seen of an import from outside: (seconds, messages stored), and costs."""

    stored: list[tuple[float, int]] = field(default_factory=list)
    peak_kb: int = 0
    writer_seconds: float = 0.0
    other_seconds: dict[int, float] = field(default_factory=dict)
    seconds: float = 0.0


def watched_import(file: Path, home: Path, process_count: int) -> Seen:
    """Import a file with ``minqing import``, looking at it every other second."""
    environment = {**os.environ, "MINQING_HOME": str(home), "MINQING_DATABASE_URL": ""}
    command = [MINQING, "import", str(file), "--processes", str(process_count)]
    seen, began = Seen(), perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            look(seen, running.pid, home / "minqing.sqlite3", perf_counter() - began)
            sleep(_LOOK_SECONDS)
    if running.returncode:
        raise SystemExit("the import failed")
    seen.seconds = perf_counter() - began
    return seen


def look(seen: Seen, pid: int, database: Path, seconds: float) -> None:
    """Note how far an import is and what its processes have cost so far."""
    others = children(pid)
    seen.peak_kb = max(seen.peak_kb, sum(map(memory_kb, (pid, *others))))
    seen.writer_seconds = max(seen.writer_seconds, processor_seconds(pid))
    for each in others:  # one that ends just now says 0
        cost = processor_seconds(each)
        seen.other_seconds[each] = max(seen.other_seconds.get(each, 0.0), cost)
    seen.stored.append((seconds, count_stored(database)))


def children(pid: int) -> list[int]:
    try:
        return [
            int(number)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for number in (task / "children").read_text().split()
        ]
    except OSError:  # it ended just now
        return []


def memory_kb(pid: int) -> int:
    """A process's memory, what it shares divided by those who share it."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    return int(found[1]) if found else 0


def processor_seconds(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / _TICKS_A_SECOND


def count_stored(database: Path) -> int:
    """How many messages are stored: ids are given without gaps."""
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT max(id) FROM message").fetchone()[0] or 0)
        finally:
            connection.close()
    except sqlite3.OperationalError:  # not there yet
        return 0


def figures(seen: Seen, count: int, process_count: int) -> dict[str, object]:
    """What is published of an import."""
    half = next(at for at, stored in seen.stored if stored >= count / 2)
    stored_by_half = next(stored for at, stored in seen.stored if at == half)
    marks = [*(mark for mark in MARKS if mark < count), count]
    return {
        "messages": count,
        "processes": process_count,
        "messages_a_second": round(count / seen.seconds),
        "messages_a_second_of_second_half": round((count - stored_by_half) / (seen.seconds - half)),
        "seconds_at": {str(mark): round(reached(seen, mark), 1) for mark in marks},
        "writer_ms_a_message": round(1000 * seen.writer_seconds / count, 3),
        "others_ms_a_message": round(1000 * sum(seen.other_seconds.values()) / count, 3),
        "peak_memory_mb": round(seen.peak_kb / 1024),
    }


def reached(seen: Seen, mark: int) -> float:
    """The second at which so many messages were stored."""
    return next((at for at, stored in seen.stored if stored >= mark), seen.seconds)


if __name__ == "__main__":
    main()
