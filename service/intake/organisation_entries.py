"""Rows of the organisation's tables as named cells, with complaints that name table and row."""

from __future__ import annotations

import re
import unicodedata
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
_BETWEEN_DAY_PARTS = re.compile("[/.年月]")
_MARKS = {"1": True, "是": True, "0": False, "否": False, "": False}

AnyLabelled = TypeVar("AnyLabelled", bound=Labelled)


_Remark = tuple[str, int, str]  # table, row, what


@dataclass(slots=True)
class Complaints:
    """What is wrong in the tables, gathered so that a person can mend all of it at once.

    Warnings are what may be meant so: they keep nothing from being taken.
    """

    _errors: list[_Remark] = field(default_factory=list)
    _warnings: list[_Remark] = field(default_factory=list)
    has_unread: bool = False  # a whole table was not read: what refers to it cannot be checked

    def add(self, file: str, line: int, what: str) -> None:
        """Note one error; ``line`` 0 means the file as a whole."""
        self._errors.append((file, line, what))

    def add_unread(self, file: str, line: int, what: str) -> None:
        """Note why a whole table was not read."""
        self.has_unread = True
        self.add(file, line, what)

    def warn(self, file: str, line: int, what: str) -> None:
        """Note what somebody should look at."""
        self._warnings.append((file, line, what))

    @property
    def lines(self) -> list[str]:
        """The errors, those of a table together and by rows."""
        return _told(self._errors)

    @property
    def warnings(self) -> list[str]:
        """The warnings in the same order."""
        return _told(self._warnings)


def _told(remarks: list[_Remark]) -> list[str]:
    tables = dict.fromkeys(file for file, _, _ in remarks)
    places = {file: place for place, file in enumerate(tables)}
    ordered = sorted(remarks, key=lambda remark: (places[remark[0]], remark[1]))
    return [
        f"{file} 第 {line} 行：{what}" if line else f"{file}：{what}"
        for file, line, what in ordered
    ]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: a row of a file or sheet, or (``line`` 0) what ``file`` names."""

    file: str
    line: int
    complaints: Complaints

    def complain(self, what: str) -> None:
        """Note an error here."""
        self.complaints.add(self.file, self.line, what)

    def warn(self, what: str) -> None:
        """Note what somebody should look at here."""
        self.complaints.warn(self.file, self.line, what)


@dataclass(frozen=True, slots=True)
class Entry(Spot):
    """One row by column name. What its cells fail to be goes to ``complaints``."""

    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell as it stands, "" where it is empty."""
        return self.cells[column]

    def needed(self, column: str) -> str:
        """The cell, which must not be empty."""
        if not self.cells[column]:
            self.complain(f"“{column}”不能为空")
        return self.cells[column]

    def code(self, column: str) -> str:
        """A code, as it is meant where it was typed in full width."""
        return plain_code(self.cells[column])

    def needed_code(self, column: str) -> str:
        """A code, which must not be empty."""
        return plain_code(self.needed(column))

    def codes(self, column: str) -> tuple[str, ...]:
        """Several codes."""
        return tuple(plain_code(part) for part in self.many(column))

    def topics(self, column: str) -> tuple[str, ...]:
        """Several topics, "level1" or "level1/level2"."""
        return tuple(part.replace("／", "/") for part in self.many(column))

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

    def label_or_none(self, column: str, kinds: type[AnyLabelled]) -> AnyLabelled | None:
        """The same where the cell may be empty."""
        return self.label(column, kinds) if self.cells[column] else None

    def count(self, column: str) -> int:
        """A whole number from 0 on; an empty cell is 0."""
        written = self.cells[column] or "0"
        if written.isdecimal() and len(written) <= 10 and int(written) <= _MAX_COUNT:
            return int(written)
        self.complain(f"“{column}”应为整数，而不是“{written}”")
        return 0

    def day(self, column: str) -> date | None:
        """A day as 2026-03-01, 2026/3/1 or 2026年3月1日; None where the cell is empty or wrong."""
        written = self.cells[column]
        plain = _BETWEEN_DAY_PARTS.sub("-", written.removesuffix("日"))
        try:
            parts = [int(part) for part in plain.split("-") if written]
            return date(*parts) if parts else None
        except (ValueError, TypeError, OverflowError):
            self.complain(f"“{column}”应为 年-月-日，而不是“{written}”")
            return None

    def mark(self, column: str) -> bool:
        """A yes (1, 是) or no (0, 否, empty)."""
        written = self.cells[column]
        if written not in _MARKS:
            self.complain(f"“{column}”应为 1 或 0，而不是“{written}”")
        return _MARKS.get(written, False)


def plain_code(written: str) -> str:
    """A code without the spaces and the full-width characters that an input method makes."""
    return unicodedata.normalize("NFKC", written).strip()


def read_entries(
    path: Path, columns: Sequence[str], complaints: Complaints, optional: Sequence[str] = ()
) -> Iterator[Entry]:
    """The rows of one CSV file whose header names ``columns``, in any order.

    Those of them that are ``optional`` may be missing, and are empty then. A file that cannot be
    read and rows with a wrong number of cells are noted and left out.
    """
    try:
        with open_text(path) as stream:
            records = csv_records(read_lines(stream, MAX_RECORD_CHARS), ",")
            yield from entries_of(path.name, records, columns, complaints, optional)
    except FileUnreadableError as error:
        complaints.add(path.name, 0, error.message)


def read_entries_of_text(
    name: str,
    text: str,
    columns: Sequence[str],
    complaints: Complaints,
    optional: Sequence[str] = (),
) -> Iterator[Entry]:
    """The same for the text of such a file; complaints call it ``name``."""
    with StringIO(text, newline="") as stream:
        records = csv_records(read_lines(stream, MAX_RECORD_CHARS), ",")
        yield from entries_of(name, records, columns, complaints, optional)


def entries_of(
    file: str,
    records: Iterator[Record | Reject],
    columns: Sequence[str],
    complaints: Complaints,
    optional: Sequence[str] = (),
) -> Iterator[Entry]:
    """The same for the records of a table, the first of which is the header."""
    header = next(records, None)
    names = [] if header is None else [show_cell(cell).strip() for cell in header.cells]
    missing = [column for column in columns if column not in names]
    if sorted([*names, *missing]) != sorted(columns) or not set(missing) <= set(optional):
        complaints.add_unread(file, 1, f"表头应为 {','.join(columns)}")
        return
    absent = dict.fromkeys(missing, "")
    for record in records:
        if isinstance(record, Reject):
            complaints.add(file, record.line, record.reason_zh)
        elif len(record.cells) != len(names):
            if not record.is_blank:
                complaints.add(
                    file, record.line, f"应有 {len(names)} 列，实有 {len(record.cells)} 列"
                )
        elif not record.is_blank:
            yield _entry(file, record, names, absent, complaints)


def _entry(
    file: str, record: Record, names: list[str], absent: dict[str, str], complaints: Complaints
) -> Entry:
    cells = {name: show_cell(cell).strip() for name, cell in zip(names, record.cells, strict=True)}
    entry = Entry(file, record.line, complaints, absent | cells)
    for name, cell in cells.items():
        if len(cell) > _MAX_CELL_CHARS or not cell.isprintable():
            entry.complain(f"“{name}”过长或含有不可见字符")
    return entry
