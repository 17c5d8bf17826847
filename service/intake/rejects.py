"""Rows that cannot become messages: why, and a file that keeps them whole."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from service.errors import InvalidInputError

_HEADINGS = ("行号", "原因代码", "原因")
_UNNAMED = ("原始内容",)
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠'")


@dataclass(frozen=True, slots=True)
class Reject:
    """A refused row. ``cells`` is the row as it stands in the file, under ``columns``.

    ``number`` is the message's own, "" where the row tells none.
    """

    line: int
    reason_code: str
    reason_zh: str
    cells: tuple[str, ...]
    columns: tuple[str, ...] = ()
    number: str = ""


def refuse(
    line: int, error: InvalidInputError, cells: tuple[str, ...], columns: tuple[str, ...] = ()
) -> Reject:
    """The reject for a row that an error speaks against."""
    return Reject(line, error.code, error.message, cells, columns)


def disarm(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before a telling first sign.

    One leading apostrophe taken away gives the cell back.
    """
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


class RejectsWriter:
    """Writes rejects to a CSV (UTF-8 with BOM) that Excel opens and Minqing can import again.

    The file comes into being with the first reject, whose columns head it: a file without bad
    rows leaves no file behind. ``count`` is the number of rejects written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, reject: Reject) -> None:
        """Append one reject."""
        if self._file is None:
            # What is no character (a damaged byte) is written as its escape, not dropped.
            # It holds what people wrote: for this user alone, and never over another file.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(
                descriptor, "w", encoding="utf-8-sig", errors="backslashreplace", newline=""
            )
            self._write_row((*_HEADINGS, *(reject.columns or _UNNAMED)))
        self._write_row((str(reject.line), reject.reason_code, reject.reason_zh, *reject.cells))
        self.count += 1

    def _write_row(self, cells: Sequence[str]) -> None:
        assert self._file is not None  # noqa: S101 - the only caller has just opened it
        writer = csv.writer(self._file, quoting=csv.QUOTE_ALL)
        writer.writerow([disarm(cell) for cell in cells])
