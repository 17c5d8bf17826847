"""Tables of the Word document: a grid over the whole line, headings repeated on each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm

from service.digest.cells import show_cell
from service.digest.docx_page import TEXT_WIDTH_MM
from service.digest.docx_styles import TABLE_STYLE
from service.digest.outline import Cell, Column, ColumnKind, Table

_ALIGN = {
    ColumnKind.TEXT: WD_ALIGN_PARAGRAPH.LEFT,
    ColumnKind.LABEL: WD_ALIGN_PARAGRAPH.CENTER,
    ColumnKind.INTEGER: WD_ALIGN_PARAGRAPH.RIGHT,
    ColumnKind.DECIMAL: WD_ALIGN_PARAGRAPH.RIGHT,
    ColumnKind.PERCENT: WD_ALIGN_PARAGRAPH.RIGHT,
}
_HEAD_COLOUR = "E7E6E6"
_MARGIN_TWIPS = 60
_KEPT_WHOLE = 6  # lines; of a longer table its first and last ones keep together
_KEPT_AT_ENDS = 3


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the rows of one table share: its columns and the styles (ids) of its text.

    python-docx looks a style's name up anew for every cell, which takes most of a second for
    a digest: the ids are looked up once a table.
    """

    columns: tuple[Column, ...]
    widths: tuple[Length, ...]
    cell_style: str
    head_style: str


def add_table(document: Any, table: Table, number: int) -> None:
    """The caption ``表1 …``, the table under it, and the note that it bears."""
    document.add_paragraph(f"表{number}　{table.caption}", style="Caption")
    rows = [*table.document_rows, *table.closing_rows]
    grid = document.add_table(1 + len(rows), len(table.columns), style=TABLE_STYLE)
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _describe(grid, table.caption)
    _set_margins(grid)
    layout = _lay_out(document, grid, table.columns)
    lines = list(grid.rows)
    _fill(lines[0], [column.heading for column in table.columns], layout, is_head=True)
    for line, row in zip(lines[1:], rows, strict=True):
        _fill(line, row.cells, layout, is_head=row is table.total)
    _mark(lines[0], "w:tblHeader")
    _keep_together(lines)
    if table.note:
        _keep_with_next(lines[-1])
        document.add_paragraph(table.note, style="表注")


def _describe(grid: Any, caption: str) -> None:
    """The text a screen reader says for the table."""
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), caption)
    grid._tbl.tblPr.append(described)


def _set_margins(grid: Any) -> None:
    """Little room beside the text, so that narrow columns of figures need no second line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(_MARGIN_TWIPS))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = grid._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)


def _lay_out(document: Any, grid: Any, columns: tuple[Column, ...]) -> _Layout:
    """Set the widths of the grid's columns; every cell will repeat them."""
    whole = sum(column.width for column in columns)
    widths = tuple(Mm(TEXT_WIDTH_MM * column.width / whole) for column in columns)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    styles = document.styles
    return _Layout(columns, widths, styles["表格文字"].style_id, styles["表格标题行"].style_id)


def _fill(line: Any, cells: Sequence[Cell], layout: _Layout, *, is_head: bool) -> None:
    """Write one row; it is never broken over two pages."""
    _mark(line, "w:cantSplit")
    targets = line.cells  # each access walks the whole row
    for place, (target, cell) in enumerate(zip(targets, cells, strict=True)):
        column = layout.columns[place]
        target.width = layout.widths[place]
        paragraph = target.paragraphs[0]
        paragraph._p.style = layout.head_style if is_head else layout.cell_style
        paragraph.add_run(show_cell(cell, column.kind))
        if is_head:
            _shade(target)
        if not is_head or not isinstance(cell, str):
            paragraph.alignment = _ALIGN[column.kind]
        _centre(target)


def _centre(cell: Any) -> None:
    """Set the text in the middle of the cell's height."""
    properties = cell._tc.get_or_add_tcPr()
    middle = OxmlElement("w:vAlign")
    middle.set(qn("w:val"), "center")
    properties.append(middle)


def _shade(cell: Any) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), _HEAD_COLOUR)
    cell._tc.get_or_add_tcPr().append(shading)


def _keep_together(lines: Sequence[Any]) -> None:
    """Let a short table move to the next page rather than break; no part of one is a row alone."""
    last = len(lines) - 1
    for place, line in enumerate(lines[:-1]):
        is_at_end = place < _KEPT_AT_ENDS or place > last - _KEPT_AT_ENDS
        if is_at_end or len(lines) <= _KEPT_WHOLE:
            _keep_with_next(line)


def _keep_with_next(line: Any) -> None:
    for cell in line.cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _mark(line: Any, tag: str) -> None:
    line._tr.get_or_add_trPr().append(OxmlElement(tag))
