"""The digest as a Word document in the layout of GB/T 9704-2012."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from itertools import count
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Pt

from service.digest.charts import draw_chart
from service.digest.docx_closing import add_closing
from service.digest.docx_head import add_red_head, set_title_under_head
from service.digest.docx_page import set_page
from service.digest.docx_picture import add_picture
from service.digest.docx_styles import font_table, set_styles
from service.digest.docx_table import add_table
from service.digest.outline import (
    Outline,
    Paragraph,
    Quote,
    Section,
    Subheading,
    Table,
    outline,
)
from service.digest.packed import repack
from service.digest.red_head import RedHead
from service.digest.report import Digest


def write_docx(digest: Digest) -> bytes:
    """A document with real heading styles that needs no editing."""
    return lay_out(outline(digest), digest)


def lay_out(told: Outline, digest: Digest) -> bytes:
    """The document that says what ``told`` says; ``digest`` gives its head and its properties."""
    document = Document()
    set_styles(document)
    set_page(document)
    # python-docx has no call for the font table; its part holds plain bytes.
    document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = font_table()
    _set_properties(document, digest)
    _write_opening(document, told, digest.head)
    _write_parts(document, told)
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue())


def _set_properties(document: Any, digest: Digest) -> None:
    """What the file says of itself; its times are the cut's, so that bytes repeat."""
    properties = document.core_properties
    properties.title = digest.title
    properties.subject = digest.period.range_zh
    properties.author = properties.last_modified_by = digest.issuer or "民情"
    properties.comments = properties.keywords = properties.category = ""
    properties.language = "zh-CN"
    properties.revision = 1
    properties.created = properties.modified = digest.cut_at.astimezone(UTC).replace(tzinfo=None)


_STYLES = {Paragraph: "Body Text", Subheading: "Heading 2", Quote: "Quote"}

_ROOM_BELOW_TABLE = Pt(6)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers that tables and pictures get, each counted by itself."""

    tables: Iterator[int] = field(default_factory=lambda: count(1))
    pictures: Iterator[int] = field(default_factory=lambda: count(1))


def _write_opening(document: Any, told: Outline, head: RedHead | None) -> None:
    """The red head where one is asked for, the title and the line under it."""
    if head:
        add_red_head(document, head)
    title = document.add_paragraph(told.title, style="Title")
    if head:
        set_title_under_head(title)
    document.add_paragraph(f"（{told.subtitle}）", style="Subtitle")


def _write_parts(document: Any, told: Outline) -> None:
    """The sections, the closing, the annex on a page of its own."""
    numbers = _Numbers()
    for section in told.sections:
        document.add_paragraph(section.heading, style="Heading 1")
        _write_blocks(document, section, numbers)
    # A signature with no text on its page could belong to anything.
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    add_closing(document, told)
    document.add_paragraph("附件", style="附件序号")
    document.add_paragraph(told.annex.heading, style="附件标题")
    _write_blocks(document, told.annex, numbers)
    document.add_paragraph("统计口径", style="附注标题")
    for place, note in enumerate(told.notes, start=1):
        document.add_paragraph(f"{place}．{note}", style="附注")


def _write_blocks(document: Any, part: Section, numbers: _Numbers) -> None:
    """The blocks, with a little room between a table and text under it."""
    is_below_table = False
    for block in part.blocks:
        if isinstance(block, Table):
            _write_table(document, block, numbers)
        else:
            paragraph = document.add_paragraph(block.text, style=_STYLES[type(block)])
            if is_below_table:
                paragraph.paragraph_format.space_before = _ROOM_BELOW_TABLE
        is_below_table = isinstance(block, Table)


def _write_table(document: Any, table: Table, numbers: _Numbers) -> None:
    """The chart, and the table unless the chart tells it all."""
    drawing = draw_chart(table)
    if drawing:
        add_picture(document, drawing, table.caption, next(numbers.pictures))
    if not (drawing and table.chart and table.chart.tells_all):
        add_table(document, table, next(numbers.tables))
