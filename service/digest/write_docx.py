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

from service.digest.charts import draw_chart
from service.digest.docx_page import set_page
from service.digest.docx_picture import add_picture
from service.digest.docx_styles import font_table, set_styles
from service.digest.docx_table import add_table
from service.digest.outline import Block, Outline, Quote, Subheading, Table, outline
from service.digest.packed import repack
from service.digest.report import Digest


def write_docx(digest: Digest) -> bytes:
    """A document with real heading styles that needs no editing."""
    document = Document()
    set_styles(document)
    set_page(document)
    # python-docx has no call for the font table; its part holds plain bytes.
    document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = font_table()
    _set_properties(document, digest)
    _write(document, outline(digest))
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


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers that tables and pictures get, each counted by itself."""

    tables: Iterator[int] = field(default_factory=lambda: count(1))
    pictures: Iterator[int] = field(default_factory=lambda: count(1))


def _write(document: Any, told: Outline) -> None:
    document.add_paragraph(told.title, style="Title")
    document.add_paragraph(f"（{told.subtitle}）", style="Subtitle")
    numbers = _Numbers()
    for section in told.sections:
        document.add_paragraph(section.heading, style="Heading 1")
        for block in section.blocks:
            _write_block(document, block, numbers)
    _write_end(document, told)


def _write_block(document: Any, block: Block, numbers: _Numbers) -> None:
    if isinstance(block, Table):
        drawing = draw_chart(block)
        if drawing:
            add_picture(document, drawing, block.caption, next(numbers.pictures))
        add_table(document, block, next(numbers.tables))
    elif isinstance(block, Subheading):
        document.add_paragraph(block.text, style="Heading 2")
    else:
        style = "Quote" if isinstance(block, Quote) else "Body Text"
        document.add_paragraph(block.text, style=style)


def _write_end(document: Any, told: Outline) -> None:
    """The signature, then the notes in small print."""
    document.add_paragraph(style="落款")
    for line in told.closing:
        document.add_paragraph(line, style="落款")
    document.add_paragraph("附：统计口径", style="附注").paragraph_format.space_before = 0
    for place, note in enumerate(told.notes, start=1):
        document.add_paragraph(f"{place}．{note}", style="附注")
