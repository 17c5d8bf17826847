"""Which ten matters of a stream are the hottest of all time, and which messages are theirs.

Usage: ``python benchmarks/hot_matters.py STREAM [-o OUT.csv]``. The file is imported by the
product into a fresh database; then the digest of all time is made. OUT.csv has one row for each
member message: rank, heat, title, 留言编号. Prints JSON: for each rank the counts that its heat is
made of, and how long the digest took.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import select

from service.cli.context import begin_context
from service.digest.hot import HotMatter
from service.digest.periods import ALL_TIME
from service.digest.report import Digest
from service.intake.messages import ReadOptions
from service.storage.tables import message
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.intake.import_file import import_file

COLUMNS = ("rank", "heat", "title", "留言编号")


def main() -> None:
    """Import, rank, write and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stream", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"MINQING_HOME": home, "MINQING_DATABASE_URL": ""}
        context = begin_context()
        rejects = Path(home) / "rejects.csv"
        import_file(
            context, arguments.stream, "stream", ReadOptions(context.now()), rejects_path=rejects
        )
        began = perf_counter()
        digest = make_digest(context, ALL_TIME)
        seconds = round(perf_counter() - began, 2)
        if arguments.output:
            write_members(arguments.output, digest, numbers(context))
    told = {"seconds": seconds, "matters": [figures(hot) for hot in digest.hot]}
    print(json.dumps(told, ensure_ascii=False))


def numbers(context: Context) -> dict[int, str]:
    """The number that each message has in its file."""
    with context.database.reading() as connection:
        rows = connection.execute(select(message.c.id, message.c.external_id))
        return {row.id: row.external_id for row in rows}


def write_members(path: Path, digest: Digest, number_of: dict[int, str]) -> None:
    """Write one row for each message of each hot matter."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for rank, hot in enumerate(digest.hot, start=1):
            for each in hot.tally.messages.message_ids:
                writer.writerow((rank, hot.heat, hot.shown_title, number_of[each]))


def figures(hot: HotMatter) -> dict[str, Any]:
    """The counts of one hot matter; no word of anybody."""
    return {
        "heat": hot.heat,
        "people": hot.tally.people.value,
        "messages": hot.tally.messages.value,
        "copies": hot.tally.copies.value,
        "days": hot.days.value,
        "places": len(hot.places),
        "votes": hot.votes.value,
        "matters": len(hot.matter_ids),
        "quotes": len(hot.quotes),
    }


if __name__ == "__main__":
    main()
