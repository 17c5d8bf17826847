"""Rows of the organisation's files as named cells, with complaints that name file and row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TypeVar

from service.domain.labels import Labelled
from service.errors import FileUnreadableError
from service.intake.csv_rows import MAX_RECORD_CHARS, csv_records
from service.intake.encodings import open_text
from service.intake.lines import read_lines
from service.intake.rejects import Reject
from service.intake.rows import Record, show_cell

_MAX_CELL_CHARS = 2_000
_MAX_COUNT = 2**31 - 1
_MARKS = {"1": True, "是": True, "0": False, "否": False, "": False}

AnyLabelled = TypeVar("AnyLabelled", bound=Labelled)


@dataclass(slots=True)
class Complaints:
    """What is wrong in the files, gathered so that a person can mend all of it at once."""

    lines: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, what: str) -> None:
        """Note one error; ``line`` 0 means the file as a whole."""
        self.lines.append(f"{file} 第 {line} 行：{what}" if line else f"{file}：{what}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row by column name. What its cells fail to be goes to ``complaints``."""

    file: str
    line: int
    cells: dict[str, str]
    complaints: Complaints

    def complain(self, what: str) -> None:
        """Note an error of this row."""
        self.complaints.add(self.file, self.line, what)

    def text(self, column: str) -> str:
        """The cell as it stands, "" where it is empty."""
        return self.cells[column]

    def needed(self, column: str) -> str:
        """The cell, which must not be empty."""
        if not self.cells[column]:
            self.complain(f"“{column}”不能为空")
        return self.cells[column]

    def many(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that are separated by semicolons."""
        parts = self.cells[column].replace("；", ";").split(";")
        return tuple(part.strip() for part in parts if part.strip())

    def label(self, column: str, kinds: type[AnyLabelled]) -> AnyLabelled:
        """The value of an enumeration by its Chinese label; its first one where there is none."""
        try:
            return kinds.from_label(self.cells[column])
        except ValueError:
            known = "、".join(kind.label_zh for kind in kinds)
            self.complain(f"“{column}”应为 {known}，而不是“{self.cells[column]}”")
            return next(iter(kinds))

    def count(self, column: str) -> int:
        """A whole number from 0 on; an empty cell is 0."""
        written = self.cells[column] or "0"
        if written.isdecimal() and len(written) <= 10 and int(written) <= _MAX_COUNT:
            return int(written)
        self.complain(f"“{column}”应为整数，而不是“{written}”")
        return 0

    def day(self, column: str) -> date | None:
        """A day written as 2026-03-01 or 2026/3/1; None where the cell is empty or wrong."""
        written = self.cells[column]
        try:
            parts = [int(part) for part in written.replace("/", "-").split("-") if written]
            return date(*parts) if parts else None
        except (ValueError, TypeError):
            self.complain(f"“{column}”应为 年-月-日，而不是“{written}”")
            return None

    def mark(self, column: str) -> bool:
        """A yes (1, 是) or no (0, 否, empty)."""
        written = self.cells[column]
        if written not in _MARKS:
            self.complain(f"“{column}”应为 1 或 0，而不是“{written}”")
        return _MARKS.get(written, False)


def read_entries(path: Path, columns: Sequence[str], complaints: Complaints) -> Iterator[Entry]:
    """The rows of one CSV file whose header names ``columns``, in any order.

    A file that cannot be read and rows with a wrong number of cells are noted and left out.
    """
    try:
        with open_text(path) as stream:
            records = csv_records(read_lines(stream, MAX_RECORD_CHARS), ",")
            yield from _entries(path.name, records, columns, complaints)
    except FileUnreadableError as error:
        complaints.add(path.name, 0, error.message)


def read_entries_of_text(
    name: str, text: str, columns: Sequence[str], complaints: Complaints
) -> Iterator[Entry]:
    """The same for the text of such a file; complaints call it ``name``."""
    with StringIO(text, newline="") as stream:
        records = csv_records(read_lines(stream, MAX_RECORD_CHARS), ",")
        yield from _entries(name, records, columns, complaints)


def _entries(
    file: str,
    records: Iterator[Record | Reject],
    columns: Sequence[str],
    complaints: Complaints,
) -> Iterator[Entry]:
    header = next(records, None)
    names = [] if header is None else [show_cell(cell).strip() for cell in header.cells]
    if sorted(names) != sorted(columns):
        complaints.add(file, 1, f"表头应为 {','.join(columns)}")
        return
    for record in records:
        if isinstance(record, Reject):
            complaints.add(file, record.line, record.reason_zh)
        elif len(record.cells) != len(names):
            if not record.is_blank:
                complaints.add(
                    file, record.line, f"应有 {len(names)} 列，实有 {len(record.cells)} 列"
                )
        elif not record.is_blank:
            yield _entry(file, record, names, complaints)


def _entry(file: str, record: Record, names: list[str], complaints: Complaints) -> Entry:
    cells = {name: show_cell(cell).strip() for name, cell in zip(names, record.cells, strict=True)}
    entry = Entry(file, record.line, cells, complaints)
    for name, cell in cells.items():
        if len(cell) > _MAX_CELL_CHARS or not cell.isprintable():
            entry.complain(f"“{name}”过长或含有不可见字符")
    return entry
