"""Pictures of the Word document, with a caption and alternative text."""

from __future__ import annotations

import io
from typing import Any

from docx.shared import Mm

from service.digest.draw_png import draw_png
from service.digest.drawing import Drawing

PICTURE_WIDTH_MM = 130  # of the line's 156: a chart's text then has the size of the notes


def add_picture(document: Any, drawing: Drawing, caption: str, number: int) -> None:
    """The chart and under it the caption ``图1 …``."""
    run = document.add_paragraph(style="图").add_run()
    picture = run.add_picture(io.BytesIO(draw_png(drawing)), width=Mm(PICTURE_WIDTH_MM))
    properties = picture._inline.docPr
    properties.set("name", f"图{number}")
    properties.set("descr", drawing.alternative)
    document.add_paragraph(f"图{number}　{caption}", style="图题")
