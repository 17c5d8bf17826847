"""Any table, whatever its columns are called: rows of text columns that the caller names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from service.errors import FileUnreadableError, UnknownColumnsError, UnusableCharactersError
from service.intake.columns import UNDATED, Field, match_columns, plain_name, show_names
from service.intake.csv_rows import MAX_RECORD_CHARS, choose_delimiter, csv_records
from service.intake.encodings import open_text
from service.intake.file_kind import FileKind, file_kind
from service.intake.header import find_header, rows_below
from service.intake.jsonl_rows import MAX_LINE_CHARS, jsonl_rows
from service.intake.lines import read_lines
from service.intake.rejects import Reject
from service.intake.rows import Record, Row, show_cell
from service.intake.xlsx_rows import read_xlsx

_HEAD_LINES = 10
_GAP = re.compile(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])")
_DAMAGED = re.compile("[\ud800-\udfff]")  # what is no character in the file's encoding
_SEGMENTED = 0.2  # such a share of gaps among the characters has no text but one cut into words


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its first line (sheet row), its text, and its cells under ``columns``.

    ``title`` is empty where the table has one text column. ``fault`` tells in Chinese why a row
    could not be read; its cells are then as they stand in the file, and not as many as columns.
    ``is_cut`` tells that the text stood there cut into words; it was joined again.
    """

    line: int
    title: str
    body: str
    columns: tuple[str, ...]
    cells: tuple[str, ...]
    fault: str = ""
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is no text in it."""
        return not (self.title.strip() or self.body.strip())

    def cell(self, name: str) -> str:
        """The cell of a column without spaces around; empty where there is no such column."""
        plain = plain_name(name)
        cells = zip(self.columns, self.cells, strict=False)
        return next((cell for column, cell in cells if plain_name(column) == plain), "").strip()


def read_table(path: Path, texts: Sequence[str], needed: Sequence[str] = ()) -> Iterator[TableRow]:
    """Read a CSV, XLSX or JSON Lines file row by row; only lines without any sign are passed over.

    Parameters
    ----------
    path
        The file.
    texts
        Names of the columns that hold text. Those that the file has are used: the first is the
        title where it has two or more, the others are the body, one under the other.
    needed
        Names of further columns that the file must have.

    Raises
    ------
    FileUnreadableError
        The file cannot be read, or has none of the text columns, or lacks one that is needed.
    """
    has_rows = False
    columns: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    for row in _rows(path, texts):
        if row.columns != columns or not has_rows:
            columns, has_rows = row.columns, True
            places = _places(path, columns, texts, needed)
        yield _table_row(row, places)


def _rows(path: Path, texts: Sequence[str]) -> Iterator[Row | Reject]:
    """The rows below the first header that has one of the text columns."""
    complaint = ""
    for name in texts:
        rows = _rows_with(path, {name: Field.TEXT})
        try:
            first = next(rows, None)
        except UnknownColumnsError as error:
            complaint = complaint or error.detail
            continue
        yield from chain(() if first is None else (first,), rows)
        return
    raise FileUnreadableError(f"{path.name} 没有列“{'”、“'.join(texts)}”；{complaint}")


def _rows_with(path: Path, text: Mapping[str, Field]) -> Iterator[Row | Reject]:
    kind = file_kind(path)
    if kind is FileKind.XLSX:
        yield from read_xlsx(path, text, UNDATED)
        return
    with open_text(path) as stream:
        if kind is FileKind.JSON_LINES:
            yield from jsonl_rows(read_lines(stream, MAX_LINE_CHARS))
            return
        lines = read_lines(stream, MAX_RECORD_CHARS)
        head = list(islice(lines, _HEAD_LINES))
        delimiter = choose_delimiter([line.text for line in head], text)
        records = csv_records(chain(head, lines), delimiter)
        columns = find_header(records, text, UNDATED)
        for record in records:
            if isinstance(record, Record) and len(record.cells) == len(columns) > 1:
                yield Row(record.line, columns, record.cells)  # a row of empty cells counts
            else:
                yield from rows_below(columns, iter((record,)))


def _places(
    path: Path, columns: tuple[str, ...], texts: Sequence[str], needed: Sequence[str]
) -> tuple[int, ...]:
    """Where the text columns stand in the header, in the order of ``texts``."""
    try:
        found = {name: match_columns(columns, {name: Field.TEXT}) for name in (*texts, *needed)}
    except UnknownColumnsError as error:
        raise FileUnreadableError(f"{path.name} 的{error.detail}") from error
    plain = {plain_name(column) for column in columns}
    if missing := [name for name in needed if plain_name(name) not in plain]:
        complaint = f"没有列“{'”、“'.join(missing)}”；{show_names(columns)}"
        raise FileUnreadableError(f"{path.name} {complaint}")
    return tuple(found[name][Field.TEXT] for name in texts if plain_name(name) in plain)


def _table_row(row: Row | Reject, places: Sequence[int]) -> TableRow:
    if isinstance(row, Reject):
        return TableRow(row.line, "", "", row.columns, row.cells, row.reason_zh)
    cells = tuple(show_cell(cell) for cell in row.cells)
    if any(map(_DAMAGED.search, (*row.columns, *cells))):
        return TableRow(row.line, "", "", row.columns, cells, UnusableCharactersError().message)
    parts = [joined(cells[place]) for place in places]
    is_cut = any(part != cells[place] for part, place in zip(parts, places, strict=True))
    title = parts.pop(0) if len(parts) > 1 else ""
    return TableRow(row.line, title, "\n".join(parts), row.columns, cells, is_cut=is_cut)


def joined(text: str) -> str:
    """The text; one that was cut into words without the gaps between them."""
    gaps = len(_GAP.findall(text))
    return _GAP.sub("", text) if gaps > _SEGMENTED * len(text) else text
