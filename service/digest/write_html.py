"""The digest as one HTML file: no script, no outside asset, made to be printed."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from service.digest.cells import show_cell
from service.digest.charts import draw_chart
from service.digest.draw_svg import draw_svg
from service.digest.outline import (
    Block,
    ColumnKind,
    Paragraph,
    Quote,
    Row,
    Subheading,
    Table,
    outline,
)
from service.digest.report import Digest

_IDS_SHOWN = 500  # a longer list would drown the page; the XLSX and JSON files have them all
_NUMBERS = {ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.PERCENT}

_MACROS = {
    Paragraph: "paragraph",
    Subheading: "subheading",
    Quote: "quote",
    Table: "table",
}


def write_html(digest: Digest) -> bytes:
    """UTF-8 HTML; each table row opens to the numbers of the messages behind it."""
    return _template().render(digest=digest, document=outline(digest)).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("service.digest"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        cell=show_cell, kind=_kind, evidence=_evidence, bar=_bar, align=_align, chart=_chart
    )
    environment.tests["told_by_chart"] = _is_told_by_chart
    return environment.get_template("digest.html.j2")


def _kind(block: Block) -> str:
    """The name of the macro that writes the block."""
    return _MACROS[type(block)]


def _chart(table: Table) -> str:
    """The chart of a table as an ``svg`` element with its texts escaped, "" where it has none."""
    drawing = draw_chart(table)
    return draw_svg(drawing) if drawing else ""


def _is_told_by_chart(table: Table) -> bool:
    """Whether the drawn chart of a table stands in the table's place."""
    return bool(table.chart and table.chart.tells_all and draw_chart(table))


def _align(kind: ColumnKind) -> str:
    """The class of a column's cells."""
    return "number" if kind in _NUMBERS else kind.value


def _evidence(row: Row) -> str:
    """The numbers of the messages, or else the matters, behind a row."""
    ids = row.message_ids or row.matter_ids
    more = f" 等{len(ids)}个，其余见 XLSX 或 JSON" if len(ids) > _IDS_SHOWN else ""
    return "、".join(map(str, ids[:_IDS_SHOWN])) + more


def _bar(row: Row, table: Table, place: int) -> int:
    """The length (0–100) of a cell's bar, 0 where the table's chart has no bars there."""
    chart, cell = table.chart, row.cells[place]
    if chart is None or place not in chart.value_columns or not isinstance(cell, int):
        return 0
    most = max(other.cells[place] or 0 for other in table.rows)
    return round(100 * cell / most) if isinstance(most, int) and most else 0
