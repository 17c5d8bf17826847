"""The digest as a workbook: a sheet per table with a native chart, ids behind every row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as OfficeCell
from openpyxl.cell.cell import MergedCell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from service.digest.counts import Dimension, key_of, sender_numbers
from service.digest.facts import MessageFact
from service.digest.outline import (
    Cell,
    ChartKind,
    Column,
    ColumnKind,
    Outline,
    Table,
    outline,
)
from service.digest.packed import repack
from service.digest.report import Digest
from service.digest.tables import name_of

MOST_IDS_LENGTH = 32_000  # a cell holds at most 32,767 characters
MOST_DETAIL_ROWS = 200_000  # past this an office program opens the file no more
# For each kind of column its style's name, and how its numbers are written.
_STYLES = {
    ColumnKind.TEXT: ("表格文字", "General"),
    ColumnKind.LABEL: ("表格标签", "General"),
    ColumnKind.INTEGER: ("表格整数", "0"),
    ColumnKind.DECIMAL: ("表格小数", "0.0"),
    ColumnKind.PERCENT: ("表格比例", "0.0%"),
}
_WIDTHS = {ColumnKind.TEXT: 30, ColumnKind.LABEL: 16}  # in characters
_SIDE = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEAD_FILL = PatternFill("solid", fgColor="E8EDF4")
_BARS_SHOWN = 20  # a longer chart could not be read
_LINE_LENGTH = 36  # Chinese characters on a line of the overview
_CHART_ROWS = 32  # what the tallest chart covers
_DETAIL = "留言明细"


def write_xlsx(digest: Digest) -> bytes:
    """A workbook of the digest: overview, one sheet per table, the messages."""
    document = outline(digest)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _add_styles(workbook)
    _write_text(workbook.create_sheet("概述"), document)
    for table in document.tables:
        _write_table(workbook.create_sheet(table.caption[:31]), table)
    _write_details(workbook.create_sheet(_DETAIL), digest)
    return _save(workbook, digest)


def _save(workbook: Workbook, digest: Digest) -> bytes:
    """The workbook's bytes; the writer is called itself because ``save`` stamps the clock."""
    made_at = digest.cut_at.replace(tzinfo=None)
    workbook.properties.creator = digest.issuer or "民情"
    workbook.properties.title = digest.title
    workbook.properties.created = workbook.properties.modified = made_at
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(workbook, archive).save()
    return repack(out.getvalue())


def _write_text(sheet: Worksheet, document: Outline) -> None:
    """Title, dates, all running text, the signature, one cell a line."""
    sheet.column_dimensions["A"].width = 80
    _set_page(sheet, "portrait")
    _put(sheet, 1, 1, document.title).font = Font(bold=True, size=16)
    lines = [document.subtitle]
    for part in document.sections:
        texts = [block.text for block in part.blocks if not isinstance(block, Table)]
        lines += ["", part.heading, *texts]
    lines += [
        "",
        "统计口径",
        *document.notes,
        "",
        *([document.issuer] if document.issuer else []),
        document.date,
    ]
    for place, line in enumerate(lines, start=2):
        _put(sheet, place, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
        # Office programs do not measure wrapped text when they open a file.
        sheet.row_dimensions[place].height = 15 * (1 + len(line) // _LINE_LENGTH)


def _put(
    sheet: Worksheet, row: int, column: int, value: Cell, style: str = ""
) -> OfficeCell | MergedCell:
    """Write one cell; text stays text, whatever sign it begins with."""
    cell = sheet.cell(row, column)
    cell.value = value
    if style:
        cell.style = style
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl would take "=…" for a formula
        if value.startswith(_FORMULA_SIGNS):
            cell.quotePrefix = True
    return cell


def _write_table(sheet: Worksheet, table: Table) -> None:
    """Headings, all rows with their ids, the total, the chart."""
    columns = (*table.columns, *_EVIDENCE)
    _write_head(sheet, columns)
    for place, row in enumerate((*table.rows, *table.closing_rows), start=2):
        cells = (*row.cells, _join(row.message_ids), _join(row.matter_ids))
        _write_row(sheet, place, columns, cells)
    for place in range(len(table.rows) + 2, sheet.max_row + 1):
        for cell in sheet[place]:
            cell.font = Font(bold=True)
    if table.chart and table.rows:
        _add_chart(sheet, table)
    # On paper the long lists of ids would leave the figures too small to read.
    printed = sheet.max_row + (_CHART_ROWS if table.chart else 0)
    sheet.print_area = f"A1:{get_column_letter(len(table.columns))}{printed}"


def _write_head(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns, start=1):
        cell = _put(sheet, 1, place, column.heading)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD_FILL, _BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column.kind, 12)
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    _set_page(sheet, "landscape")


def _set_page(sheet: Worksheet, orientation: Literal["portrait", "landscape"]) -> None:
    """Print on A4, as wide as the page."""
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _add_styles(workbook: Workbook) -> None:
    """One for each kind of column: a border set by itself is compared with all there are."""
    for name, number_format in _STYLES.values():
        style = NamedStyle(name, border=_BORDER, number_format=number_format)
        workbook.add_named_style(style)


def _write_row(
    sheet: Worksheet, place: int, columns: Sequence[Column], cells: Sequence[Cell]
) -> None:
    for number, (column, value) in enumerate(zip(columns, cells, strict=True), start=1):
        style, _ = _STYLES[column.kind]
        _put(sheet, place, number, value, style)


def _join(ids: Sequence[int]) -> str:
    """The ids in one cell; a list too long for a cell says where the rest stands."""
    joined = " ".join(map(str, ids))
    if len(joined) <= MOST_IDS_LENGTH:
        return joined
    return f"{joined[:MOST_IDS_LENGTH].rpartition(' ')[0]} …共{len(ids)}个，见“{_DETAIL}”"


def _add_chart(sheet: Worksheet, table: Table) -> None:
    """A native chart of the table under its rows."""
    chart_kind = table.chart
    if chart_kind is None:
        return
    last = 1 + min(len(table.rows), _BARS_SHOWN)
    chart = LineChart() if chart_kind.kind is ChartKind.LINE else BarChart()
    for column in chart_kind.value_columns:
        values = Reference(sheet, min_col=column + 1, min_row=1, max_row=last)
        chart.add_data(values, titles_from_data=True)
    label = chart_kind.label_column + 1
    chart.set_categories(Reference(sheet, min_col=label, min_row=2, max_row=last))
    _style_chart(chart, table, last)
    sheet.add_chart(chart, f"A{sheet.max_row + 2}")


def _style_chart(chart: BarChart | LineChart, table: Table, last: int) -> None:
    chart.title = table.caption
    chart.width, chart.height = 20, max(8, 0.7 * last)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = "0"
    for series in chart.series:
        series.smooth = False
    if isinstance(chart, BarChart):
        chart.type, chart.gapWidth, chart.legend = "bar", 50, None
        chart.x_axis.scaling.orientation = "maxMin"  # the longest bar on top, as in the table


def _write_details(sheet: Worksheet, digest: Digest) -> None:
    """One row a message: filtering a column opens any figure of the other sheets."""
    _write_head(sheet, _DETAIL_COLUMNS)
    numbers = sender_numbers(digest.messages)
    for place, message in enumerate(digest.messages[:MOST_DETAIL_ROWS], start=2):
        for column, value in enumerate(_detail(message, numbers, digest), start=1):
            _put(sheet, place, column, value)
    sheet.auto_filter.ref = sheet.dimensions
    if len(digest.messages) > MOST_DETAIL_ROWS:
        left = len(digest.messages) - MOST_DETAIL_ROWS
        _put(sheet, sheet.max_row + 1, 1, f"另有{left}条未列出，请按较短的周期导出")


def _detail(message: MessageFact, numbers: Mapping[int, int], digest: Digest) -> tuple[Cell, ...]:
    sender = "匿名" if message.sender_key is None else numbers[message.sender_key]
    return (
        message.id,
        message.sent_on.isoformat(),
        *(name_of(one, key_of(one)(message), digest.names) for one in Dimension),
        message.relation.label_zh,
        sender,
        message.matter_id,
        message.like_count,
        message.dislike_count,
        "是" if message.is_urgent else "",
        "是" if message.needs_review else "",
    )


_FORMULA_SIGNS = ("=", "+", "-", "@")
_EVIDENCE = (
    Column("依据留言编号", ColumnKind.TEXT, 10),
    Column("依据事项编号", ColumnKind.TEXT, 5),
)
_DETAIL_COLUMNS = (
    Column("留言编号", ColumnKind.INTEGER, 3),
    Column("日期", ColumnKind.TEXT, 3),
    *(Column(one.label_zh, ColumnKind.TEXT, 5) for one in Dimension),
    Column("与事项关系", ColumnKind.TEXT, 3),
    Column("来信人序号", ColumnKind.INTEGER, 3),
    Column("事项", ColumnKind.INTEGER, 3),
    Column("点赞", ColumnKind.INTEGER, 2),
    Column("反对", ColumnKind.INTEGER, 2),
    Column("紧急", ColumnKind.TEXT, 2),
    Column("待复核", ColumnKind.TEXT, 2),
)
