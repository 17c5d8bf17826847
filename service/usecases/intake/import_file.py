"""Import: a file's rows become messages or rejects, in transactions of some hundred rows."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path

from service.domain.relation import Relation
from service.errors import (
    FileUnreadableError,
    FileUnwritableError,
    InvalidInputError,
    NumberTakenError,
    UnknownColumnsError,
)
from service.intake.columns import MAX_COLUMNS, unused_columns
from service.intake.messages import ReadOptions
from service.intake.reader import ReadMessage, in_order_of_sending, read_messages
from service.intake.rejects import Reject, RejectsWriter
from service.storage.intake.rejects import NewReject, insert_rejects
from service.usecases.context import Context
from service.usecases.files.output_files import check_is_new, check_output
from service.usecases.intake.receive import Arrival, Draft, draft_messages, take_in
from service.usecases.matching.crew import Alone, Crew, Task
from service.usecases.matching.workload import Workload

BATCH = 1_000
WINDOW = 20_000  # rows of a file that are brought in order at once
# In a shorter file other processes would need longer to begin than they save.
LONG_FILE_BYTES = 1_000_000
_MAX_SOURCE_CHARS = 100
_COUNTED_ANEW = 200  # batches between two counts of what is open


Rows = list[ReadMessage | Reject]
OpenCrew = Callable[[], AbstractContextManager[Crew]]


@dataclass(slots=True)
class ImportSummary:
    """What became of a file's rows. ``joined_count`` counts those that joined a matter.

    ``read_count`` counts the rows read, which is somewhat ahead of those stored (``row_count``);
    ``last_line`` is the line (row of the sheet) of the last one, which tells how far one is.

    ``unused_columns`` are the names, in the file's order, of columns taken for nothing; of the
    keys of JSON Lines no more than ``MAX_COLUMNS``.
    """

    row_count: int = 0
    new_count: int = 0
    known_count: int = 0
    joined_count: int = 0
    reject_count: int = 0
    read_count: int = 0
    last_line: int = 0
    rejects_path: Path | None = None
    unused_columns: list[str] = field(default_factory=list)


def import_file(
    context: Context,
    path: Path,
    source: str,
    options: ReadOptions,
    *,
    rejects_path: Path,
    progress: Callable[[ImportSummary], None] = lambda summary: None,
    crew: OpenCrew | None = None,
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
        Where refused rows are kept whole; file and folder are made only when there are any.
    progress
        Called after each batch.
    crew
        Opens the crew that understands the messages of a long file; this process does so alone
        where it is None, and for a short file. What comes out is the same.

    Raises
    ------
    FileUnreadableError
        The file as a whole cannot be read. Batches before the damage are kept.
    WorkersUnavailableError
        A process of the crew ended. Batches stored before are kept.
    FileUnwritableError
        The rejects' file is there already, or cannot be written (batches before it are kept).
    InvalidInputError
        The source is no name, or the rejects would overwrite the file.
    DatabaseUnavailableError
        The batch under way was not stored; those before it were.
    """
    _check_source(source)
    check_output(rejects_path, path)
    check_is_new(rejects_path)
    summary = ImportSummary()
    note_columns = _column_noter(summary, options)
    in_order = _in_order(read_messages(path, source, options), summary)
    drafts = _Drafts(context, _batches(in_order))
    workload = Workload(_COUNTED_ANEW)
    with RejectsWriter(rejects_path) as rejects, _hired(context, path, crew) as hired:
        for understood in hired.understand(drafts):
            rows, draft = drafts.oldest()
            arrivals = take_in(context, draft, understood, workload)
            refused = [row for row in rows if isinstance(row, Reject)]
            refused += _other_words(rows, arrivals)
            _keep(rejects, refused)
            _count_rejects(context, source, path, refused)
            _add_up(summary, rows, arrivals, refused)
            for row in rows:
                note_columns(row.row.columns if isinstance(row, ReadMessage) else row.columns)
            progress(summary)
    drafts.tell_damage()
    summary.rejects_path = rejects_path if summary.reject_count else None
    return summary


class _Drafts:
    """The tasks of a file's batches, one after the other, and the drafts they belong to.

    Where reading fails the tasks end: what is before the damage is stored before it is told.
    """

    def __init__(self, context: Context, batches: Iterator[Rows]) -> None:
        self._context = context
        self._batches = batches
        self._out: deque[tuple[Rows, Draft]] = deque()
        self._damage: FileUnreadableError | None = None

    def __iter__(self) -> Iterator[Task]:
        try:
            for rows in self._batches:
                messages = [row.message for row in rows if isinstance(row, ReadMessage)]
                draft = draft_messages(self._context, messages)
                self._out.append((rows, draft))
                yield draft.task
        except FileUnreadableError as error:
            self._damage = error

    def oldest(self) -> tuple[Rows, Draft]:
        """The rows and the draft of the oldest task that nobody asked for yet."""
        return self._out.popleft()

    def tell_damage(self) -> None:
        """Raise what reading failed with, if it did."""
        if self._damage is not None:
            raise self._damage


@contextmanager
def _hired(context: Context, path: Path, crew: OpenCrew | None) -> Iterator[Crew]:
    if crew is None or not _is_long(path):
        yield Alone(context.triage)
    else:
        with crew() as hired:
            yield hired


def _is_long(path: Path) -> bool:
    try:
        return path.stat().st_size >= LONG_FILE_BYTES
    except OSError:  # reading it tells why
        return False


def _column_noter(
    summary: ImportSummary, options: ReadOptions
) -> Callable[[tuple[str, ...]], None]:
    """Notes what each header leaves unused; one seen just now, as all of a table are, is passed."""

    @lru_cache(maxsize=16)
    def note(columns: tuple[str, ...]) -> None:
        try:
            found = unused_columns(columns, options.overrides)
        except UnknownColumnsError:  # an object of JSON Lines that was refused for its keys
            return
        new = [name for name in dict.fromkeys(found) if name not in summary.unused_columns]
        summary.unused_columns += new[: MAX_COLUMNS - len(summary.unused_columns)]

    return note


def _check_source(source: str) -> None:
    if not (0 < len(source) <= _MAX_SOURCE_CHARS and source.isprintable()):
        raise InvalidInputError(
            f"来源名称须为 1–{_MAX_SOURCE_CHARS} 个可见字符，请用 --source 指明"
        )


def _other_words(rows: Rows, arrivals: list[Arrival]) -> list[Reject]:
    """Rows whose number stands for other words already: refused, so that none is lost."""
    read = [row for row in rows if isinstance(row, ReadMessage)]
    return [
        row.refuse(NumberTakenError(row.message.external_id))
        for row, found in zip(read, arrivals, strict=True)
        if found.is_other
    ]


def _keep(writer: RejectsWriter, refused: list[Reject]) -> None:
    if not refused:
        return
    try:
        writer.path.parent.mkdir(parents=True, exist_ok=True)
        for reject in refused:
            writer.write(reject)
    except OSError as error:
        raise FileUnwritableError(str(writer.path)) from error


def _in_order(
    rows: Iterator[ReadMessage | Reject], summary: ImportSummary
) -> Iterator[ReadMessage | Reject]:
    """Messages in the order they were sent, ``WINDOW`` rows at a time, rejects behind them.

    Exports begin with the newest as often as with the oldest; matters come out the same.
    """
    damage: FileUnreadableError | None = None
    while damage is None:
        window: Rows = []
        try:
            window.extend(islice(rows, WINDOW))
        except FileUnreadableError as error:
            damage = error
        if not window:
            break
        summary.read_count += len(window)
        summary.last_line = window[-1].line
        messages = [row for row in window if isinstance(row, ReadMessage)]
        rejects = deque(row for row in window if isinstance(row, Reject))
        in_order = deque(sorted(messages, key=in_order_of_sending))
        del window, messages
        while in_order:  # each is let go of, so that two windows are never in memory at once
            yield in_order.popleft()
        while rejects:
            yield rejects.popleft()
    if damage is not None:
        raise damage


def _batches(rows: Iterable[ReadMessage | Reject]) -> Iterator[Rows]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _count_rejects(context: Context, source: str, path: Path, refused: list[Reject]) -> None:
    if not refused:
        return
    name = path.name.encode("utf-8", "replace").decode()
    with context.database.transaction() as connection:
        insert_rejects(
            connection,
            (
                NewReject(source, name, reject.line, reject.reason_code, _digest(reject))
                for reject in refused
            ),
        )


def _digest(reject: Reject) -> bytes:
    content = json.dumps([reject.line, reject.reason_code, reject.cells])
    return hashlib.sha256(content.encode("ascii")).digest()


def _add_up(
    summary: ImportSummary, rows: Rows, arrivals: list[Arrival], refused: list[Reject]
) -> None:
    fresh = [item for item in arrivals if item.is_new]
    summary.row_count += len(rows)
    summary.new_count += len(fresh)
    summary.known_count += sum(not (item.is_new or item.is_other) for item in arrivals)
    summary.joined_count += sum(item.relation is not Relation.FIRST for item in fresh)
    summary.reject_count += len(refused)
