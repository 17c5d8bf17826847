"""Rows of an XLSX workbook: the first sheet that has the columns of a message.

Formulas count by the value Excel last stored with them; nothing is calculated.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook import Workbook

from service.errors import FileUnreadableError, MinqingError, UnknownColumnsError
from service.intake.columns import DATED, Field, Needed
from service.intake.header import find_header, rows_below
from service.intake.rejects import Reject
from service.intake.rows import Cell, Record, Row
from service.intake.xlsx_check import check_workbook

MAX_ROWS = 1_048_576  # Excel's own bound
_CARRIAGE_RETURN = "_x000D_"  # how the format writes a CR inside a cell


def read_xlsx(
    path: Path, overrides: Mapping[str, Field], needed: Needed = DATED
) -> Iterator[Row | Reject]:
    """The rows of a workbook, with sheet rows as line numbers.

    Raises
    ------
    FileUnreadableError
        It is damaged, too large, or declares entities.
    UnknownColumnsError
        No sheet has the columns of a message.
    """
    check_workbook(path)
    # openpyxl warns of styles and extensions it cannot keep; only values are read here.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    try:
        yield from _rows_of_workbook(path, overrides, needed)
    except MinqingError:
        raise
    except Exception as error:  # whatever a damaged workbook makes the library raise
        raise FileUnreadableError(f"{path.name} 的内容已损坏") from error


class TableReader(ExcelReader):
    """Reads tables only: what Excel writes into a chart sheet is often more than it understands."""

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """Pass a chart sheet over: it holds no rows."""


def _rows_of_workbook(
    path: Path, overrides: Mapping[str, Field], needed: Needed
) -> Iterator[Row | Reject]:
    # As an open file: by its path the library would go by the suffix.
    with path.open("rb") as file:
        reader = TableReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read()
        yield from _rows_of_sheets(reader.wb, overrides, needed)


def _rows_of_sheets(
    workbook: Workbook, overrides: Mapping[str, Field], needed: Needed
) -> Iterator[Row | Reject]:
    """The rows of every sheet that has a header of messages; the other sheets are passed over."""
    complaint: UnknownColumnsError | None = None
    found = False
    for sheet in workbook.worksheets:
        records = _records(sheet)
        try:
            columns = find_header(records, overrides, needed)
        except UnknownColumnsError as error:
            complaint = complaint or error
        else:
            found = True
            yield from rows_below(columns, records, may_be_short=True)
    if not found:
        raise complaint or UnknownColumnsError("没有工作表")


def _records(sheet: Any) -> Iterator[Record]:
    """The rows of a sheet. Its declared size is not believed: a wrong one would hide rows."""
    sheet.reset_dimensions()
    for line, cells in enumerate(sheet.iter_rows(min_row=1, min_col=1, values_only=True), 1):
        if line > MAX_ROWS:
            raise FileUnreadableError(f"工作表超过 {MAX_ROWS} 行")
        yield Record(line, _filled(cells))


def _filled(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The cells up to the last that holds something, carriage returns as such."""
    count = len(cells)
    while count and cells[count - 1] is None:
        count -= 1
    return tuple(_read_cell(cell) for cell in cells[:count])


def _read_cell(cell: Cell) -> Cell:
    return cell.replace(_CARRIAGE_RETURN, "\r") if isinstance(cell, str) else cell
