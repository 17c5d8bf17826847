"""A file of messages read row by row: each row becomes a message or a reject."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from service.domain.message import IncomingMessage
from service.errors import BrokenJsonError, InvalidInputError, UnknownColumnsError
from service.intake.columns import DATED, UNDATED, Field, Needed, match_columns
from service.intake.csv_rows import MAX_RECORD_CHARS, choose_delimiter, csv_records
from service.intake.encodings import open_text
from service.intake.file_kind import FileKind, file_kind
from service.intake.header import find_header, rows_below
from service.intake.jsonl_rows import MAX_LINE_CHARS, jsonl_rows
from service.intake.lines import Line, read_lines
from service.intake.messages import ReadOptions, build_message
from service.intake.rejects import Reject, refuse
from service.intake.rows import Cell, Row, show_cell
from service.intake.xlsx_rows import read_xlsx

_HEAD_LINES = 10
_COUNTED_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message, the line of the file (row of the sheet) where it begins, from 1, and its row."""

    line: int
    message: IncomingMessage
    row: Row

    def refuse(self, error: InvalidInputError) -> Reject:
        """The row as a reject after all, whole as it stands in the file."""
        return _refuse_row(self.row, error)


def in_order_of_sending(row: ReadMessage) -> tuple[datetime, int, str]:
    """What to sort rows by, so that messages meet as they did in time, however a file is sorted.

    Those of one moment go by their numbers, the shorter first, so that 9 comes before 10.
    """
    number = row.message.external_id
    return row.message.sent_at, len(number), number


def read_messages(
    path: Path, source: str, options: ReadOptions
) -> Generator[ReadMessage | Reject, None, None]:
    """Read a CSV, XLSX or JSON Lines file as a stream, in the file's order.

    Every row that is not blank comes out, as one or the other. Errors of the file as a whole come
    with the first item, except damage further in, which comes when it is reached.

    Raises
    ------
    FileUnreadableError
        The file cannot be opened, is empty, binary, damaged or beyond the limits.
    UnknownColumnsError
        Its columns do not tell which holds the text and which the time.
    """

    @lru_cache(maxsize=16)
    def fields_of(columns: tuple[str, ...]) -> dict[Field, int]:
        return match_columns(columns, options.overrides)

    for row in _rows(path, options.overrides, UNDATED if options.undated else DATED):
        yield row if isinstance(row, Reject) else _read(row, fields_of, source, options)


def check_readable(path: Path, options: ReadOptions) -> None:
    """Read a file's first row, before anything is made for it.

    Raises
    ------
    FileUnreadableError, UnknownColumnsError
        As ``read_messages``.
    """
    with closing(read_messages(path, "", options)) as rows:
        next(rows, None)


def count_lines(path: Path) -> int | None:
    """How many lines a text file has, to tell how far one is; None of a workbook.

    Raises
    ------
    FileUnreadableError
        The file cannot be opened.
    """
    if file_kind(path) is FileKind.XLSX:
        return None
    with path.open("rb") as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(_COUNTED_BYTES), b""))


def _read(
    row: Row,
    fields_of: Callable[[tuple[str, ...]], Mapping[Field, int]],
    source: str,
    options: ReadOptions,
) -> ReadMessage | Reject:
    values: dict[Field, Cell] = {}
    try:
        values |= {part: row.cells[place] for part, place in fields_of(row.columns).items()}
        return ReadMessage(row.line, build_message(values, source, options), row)
    except InvalidInputError as error:
        number = show_cell(values.get(Field.EXTERNAL_ID)).strip()
        return replace(_refuse_row(row, error), number=number)
    except UnknownColumnsError as error:
        # A table's header was checked before its rows; only a JSON object can come here.
        return _refuse_row(row, BrokenJsonError(error.detail))


def _refuse_row(row: Row, error: InvalidInputError) -> Reject:
    columns = row.columns if row.original is None else ()
    return refuse(row.line, error, row.raw, columns)


def _rows(path: Path, overrides: Mapping[str, Field], needed: Needed) -> Iterator[Row | Reject]:
    kind = file_kind(path)
    if kind is FileKind.XLSX:
        yield from read_xlsx(path, overrides, needed)
        return
    with open_text(path) as stream:
        if kind is FileKind.JSON_LINES:
            yield from jsonl_rows(read_lines(stream, MAX_LINE_CHARS))
        else:
            yield from _csv_rows(read_lines(stream, MAX_RECORD_CHARS), overrides, needed)


def _csv_rows(
    lines: Iterator[Line], overrides: Mapping[str, Field], needed: Needed
) -> Iterator[Row | Reject]:
    head = list(islice(lines, _HEAD_LINES))
    delimiter = choose_delimiter([line.text for line in head], overrides)
    records = csv_records(chain(head, lines), delimiter)
    return rows_below(find_header(records, overrides, needed), records)
