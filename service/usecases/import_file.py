"""Import: a file's rows become messages or rejects, in transactions of some hundred rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from service.domain.relation import Relation
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, read_messages
from service.intake.rejects import Reject, RejectsWriter
from service.storage.rejects import NewReject, insert_rejects
from service.usecases.context import Context
from service.usecases.receive import Received, receive_messages

BATCH = 500


@dataclass(slots=True)
class ImportSummary:
    """What became of a file's rows. ``joined_count`` counts those that joined a matter."""

    row_count: int = 0
    new_count: int = 0
    known_count: int = 0
    joined_count: int = 0
    reject_count: int = 0
    rejects_path: Path | None = None


def import_file(
    context: Context,
    path: Path,
    source: str,
    options: ReadOptions,
    rejects_path: Path,
    progress: Callable[[ImportSummary], None] = lambda summary: None,
) -> ImportSummary:
    """Take a file in. The same file again adds nothing.

    Parameters
    ----------
    path
        CSV, XLSX or JSON Lines.
    source
        The name under which the file's own numbers are unique.
    options
        How to read it.
    rejects_path
        Where refused rows are kept whole; made only when there are any.
    progress
        Called after each batch.

    Raises
    ------
    FileUnreadableError
        The file as a whole cannot be read. Batches before the damage are kept.
    DatabaseUnavailableError
        The batch under way was not stored; those before it were.
    """
    summary = ImportSummary()
    with RejectsWriter(rejects_path) as rejects:
        for rows in _batches(read_messages(path, source, options)):
            refused = [row for row in rows if isinstance(row, Reject)]
            for reject in refused:
                rejects.write(reject)
            _count_rejects(context, source, path, refused)
            messages = [row.message for row in rows if isinstance(row, ReadMessage)]
            received = receive_messages(context, messages) if messages else []
            _add_up(summary, len(rows), received, refused)
            progress(summary)
    summary.rejects_path = rejects_path if summary.reject_count else None
    return summary


def _batches(
    rows: Iterable[ReadMessage | Reject],
) -> Iterator[list[ReadMessage | Reject]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _count_rejects(context: Context, source: str, path: Path, refused: list[Reject]) -> None:
    if not refused:
        return
    with context.database.transaction() as connection:
        insert_rejects(
            connection,
            (
                NewReject(source, path.name, reject.line, reject.reason_code, _digest(reject))
                for reject in refused
            ),
        )


def _digest(reject: Reject) -> bytes:
    content = json.dumps([reject.line, reject.reason_code, reject.cells])
    return hashlib.sha256(content.encode("ascii")).digest()


def _add_up(
    summary: ImportSummary, row_count: int, received: list[Received], refused: list[Reject]
) -> None:
    fresh = [item for item in received if item.is_new]
    summary.row_count += row_count
    summary.new_count += len(fresh)
    summary.known_count += len(received) - len(fresh)
    summary.joined_count += sum(item.relation is not Relation.FIRST for item in fresh)
    summary.reject_count += len(refused)
