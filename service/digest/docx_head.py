"""The red head of a Word document: the authority, the number, and a line over the type area."""

from __future__ import annotations

from typing import Any

from docx.shared import Pt, Twips

from service.digest.docx_page import TEXT_WIDTH_MM
from service.digest.docx_styles import LINE_TWIPS, LOOKS
from service.digest.red_head import RedHead

_POINTS_PER_MM = 72 / 25.4


def add_red_head(document: Any, head: RedHead) -> None:
    """发文机关标志, 发文字号 and the red line; the title follows two lines below."""
    mark = document.add_paragraph(style="发文机关标志")
    mark.add_run(head.authority).font.size = _mark_size(head.authority)
    number = document.add_paragraph(head.number, style="发文字号")
    if not head.number:
        number.paragraph_format.space_before = Twips(0)


def _mark_size(authority: str) -> Any:
    """The style's size, or as much as lets the name stand on one line."""
    style_points = LOOKS["发文机关标志"].half_points / 2
    return Pt(min(style_points, int(TEXT_WIDTH_MM * _POINTS_PER_MM / len(authority))))


def set_title_under_head(paragraph: Any) -> None:
    """The title stands two lines under the red line."""
    paragraph.paragraph_format.space_before = Twips(2 * LINE_TWIPS)
