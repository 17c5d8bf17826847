"""Page, margins, grid and page numbers of an official document (GB/T 9704-2012)."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from service.digest.docx_styles import LINE_TWIPS

TEXT_WIDTH_MM = 156  # A4 less 28 mm on the left and 26 mm on the right


def set_page(document: Any) -> None:
    """A4 with the standard's margins, 22 lines a page, and numbered pages."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    _set_grid(section)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")


def _set_grid(section: Any) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE_TWIPS))
    properties.append(grid)


def _number(footer: Any, side: str) -> None:
    """``— 1 —``, one character in from the outer edge of the page."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    properties = paragraph._p.get_or_add_pPr()
    indent = OxmlElement("w:ind")
    indent.set(qn(f"w:{side}Chars"), "100")
    indent.set(qn(f"w:{side}"), "280")
    alignment = OxmlElement("w:jc")
    alignment.set(qn("w:val"), side)
    properties.append(indent)
    properties.append(alignment)
    paragraph.add_run("— ")
    _field(paragraph.add_run(), "PAGE", "1")
    paragraph.add_run(" —")


def _field(run: Any, instruction: str, shown: str) -> None:
    """A field that the office program fills; ``shown`` stands until it does."""
    for kind in ("begin", "instr", "separate", "text", "end"):
        if kind == "instr":
            part = OxmlElement("w:instrText")
            part.text = instruction
        elif kind == "text":
            part = OxmlElement("w:t")
            part.text = shown
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)
