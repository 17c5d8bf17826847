"""The cells of a sheet that people fill by hand, where nothing may be guessed at.

Formulas, merged cells and error values are told with their row instead of being taken for what
they happen to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries

from service.intake.organisation_entries import Complaints
from service.intake.rows import Record

MAX_FILLED_ROWS = 50_000
_MAX_MERGES = 100  # more would tell nothing new
_CHUNK_BYTES = 1 << 16


def sheet_records(sheet: Any, place: str, complaints: Complaints) -> Iterator[Record]:
    """The rows of a sheet that hold something; the first row in any case.

    The sheet's declared size is not believed: a wrong one would hide rows.
    """
    sheet.reset_dimensions()
    filled = 0
    for line, cells in enumerate(sheet.iter_rows(min_row=1, min_col=1), start=1):
        values = [_value(cell, place, line, complaints) for cell in cells]
        while values and values[-1] in (None, ""):
            values.pop()
        if not values and line > 1:
            continue
        filled += 1
        if filled > MAX_FILLED_ROWS:
            complaints.add(place, line, f"超过 {MAX_FILLED_ROWS} 行，其后的没有读取")
            return
        yield Record(line, tuple(values))


def _value(cell: Any, place: str, line: int, complaints: Complaints) -> object:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        complaints.add(place, line, f"{cell.coordinate} 是公式，请复制后以“数值”粘贴")
        return None
    if cell.data_type == "e":
        complaints.add(place, line, f"{cell.coordinate} 是错误值 {value}，请改正")
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime) and value.time() == time():
        return date(value.year, value.month, value.day)
    return value.strip() if isinstance(value, str) else value


def merged_ranges(path: Path, reader: ExcelReader) -> dict[str, list[tuple[int, str]]]:
    """The merged cells of each sheet by its title: their first row and how they are called."""
    found: dict[str, list[tuple[int, str]]] = {}
    with ZipFile(path) as archive:
        for sheet, relation in reader.parser.find_sheets():
            with archive.open(relation.target) as part:
                found[sheet.name] = _merged(part)
    return found


def _merged(part: Any) -> list[tuple[int, str]]:
    areas: list[tuple[int, str]] = []

    def started(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "mergeCell" and len(areas) < _MAX_MERGES:
            area = attributes.get("ref", "")
            areas.append((int(range_boundaries(area)[1] or 1), area))

    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    while chunk := part.read(_CHUNK_BYTES):
        parser.Parse(chunk)
    return areas
