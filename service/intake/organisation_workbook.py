"""The workbook of an organisation, a sheet a table: read and checked as a whole, and written."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from service.domain.organisation import OrganisationBook
from service.errors import FileUnreadableError, MinqingError
from service.intake.organisation_cells import SheetCell
from service.intake.organisation_checks import Terms
from service.intake.organisation_entries import Complaints, Entry, entries_of
from service.intake.organisation_files import OrganisationFiles, check_entries
from service.intake.organisation_sheets import SHEETS, Sheet
from service.intake.rows import Record
from service.intake.sheet_records import merged_ranges, sheet_records
from service.intake.xlsx_check import check_workbook
from service.intake.xlsx_rows import TableReader

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MACROS = "vbaproject.bin"
_HEAD_FILL = PatternFill("solid", fgColor="E8EDF4")
_WIDE = ("名称", "别名", "职责", "主题", "成果", "单位", "专题", "专长", "开放时间")
_FORMULA_SIGNS = ("=", "+", "-", "@")


def read_workbook(path: Path, terms: Terms) -> OrganisationFiles:
    """What a workbook holds.

    It has a sheet for each table of ``SHEETS``, its headings in the first row; further sheets
    are not looked at.

    Raises
    ------
    FileUnreadableError
        It is no workbook, damaged, too large, or has macros.
    OrganisationFileError
        Anything in it is wrong; the detail names the errors, each with its sheet and row.
    """
    check_workbook(path)
    _check_no_macros(path)
    complaints = Complaints()
    # openpyxl warns of styles and extensions it cannot keep; only values are read here.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    try:
        found = _read_sheets(path, complaints)
    except MinqingError:
        raise
    except Exception as error:  # whatever a damaged workbook makes the library raise
        raise FileUnreadableError(f"{path.name} 的内容已损坏") from error
    return check_entries(found, terms, complaints)


def _check_no_macros(path: Path) -> None:
    with ZipFile(path) as archive:
        if any(name.lower().endswith(_MACROS) for name in archive.namelist()):
            raise FileUnreadableError(f"{path.name} 含有宏，请另存为不含宏的 .xlsx")


def _read_sheets(path: Path, complaints: Complaints) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {sheet.stem: [] for sheet in SHEETS}
    with path.open("rb") as file:
        reader = TableReader(file, read_only=True, keep_links=False)
        reader.read()
        by_title = {sheet.title.strip(): sheet for sheet in reader.wb.worksheets}
        merged = merged_ranges(path, reader)
        for sheet in SHEETS:
            place = f"工作表“{sheet.title}”"
            if sheet.title not in by_title:
                complaints.add_unread(place, 0, "没有这个工作表；没有内容时也请保留它和表头")
                continue
            source = by_title[sheet.title]
            for line, area in merged.get(source.title, ()):
                complaints.add(place, line, f"{area} 是合并单元格，请取消合并后逐行填写")
            records = sheet_records(source, place, complaints)
            found[sheet.stem] = list(_entries(sheet, place, records, complaints))
    return found


def _entries(
    sheet: Sheet, place: str, records: Iterator[Record], complaints: Complaints
) -> Iterator[Entry]:
    """The entries of a sheet, in which empty cells at the end of a row are not there."""
    header = next(records, Record(1, ()))
    width = len(header.cells)
    padded = (
        Record(each.line, (*each.cells, *[None] * (width - len(each.cells)))) for each in records
    )
    yield from entries_of(place, _with(header, padded), sheet.columns, complaints, sheet.optional)


def _with(header: Record, records: Iterator[Record]) -> Iterator[Record]:
    yield header
    yield from records


def write_workbook(book: OrganisationBook) -> bytes:
    """The workbook that ``read_workbook`` reads again."""
    workbook = Workbook(write_only=True)
    for sheet in SHEETS:
        _write_sheet(workbook, sheet, book)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _write_sheet(workbook: Workbook, sheet: Sheet, book: OrganisationBook) -> None:
    target = workbook.create_sheet(sheet.title)
    target.freeze_panes = "C2" if len(sheet.columns) > 2 else "A2"
    for place, column in enumerate(sheet.columns, start=1):
        target.column_dimensions[get_column_letter(place)].width = 28 if column in _WIDE else 14
    target.append([_heading(target, column) for column in sheet.columns])
    for noun in sheet.of(book):
        target.append([_cell(target, value) for value in sheet.cells(noun)])


def _heading(target: Any, column: str) -> Any:
    cell = WriteOnlyCell(target, column)
    cell.font, cell.fill = Font(bold=True), _HEAD_FILL
    cell.alignment = Alignment(horizontal="center")
    return cell


def _cell(target: Any, value: SheetCell) -> Any:
    """One cell; text stays text, whatever sign it begins with."""
    cell: Any = WriteOnlyCell(target)
    cell.value = None if value == "" else value
    if isinstance(value, str) and value:
        cell.data_type = "s"  # openpyxl would take "=…" for a formula
        cell.number_format = "@"  # so that a code of digits keeps its zeros when edited
        if value.startswith(_FORMULA_SIGNS):
            cell.quotePrefix = True
    return cell
