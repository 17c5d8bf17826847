"""A drawing as a PNG picture, for Word documents."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from service.digest.chart_font import raster_font
from service.digest.drawing import Drawing, Line, Rectangle, Shape

DOTS_PER_UNIT = 3  # 640 units over 130 mm: 375 dots an inch
_PAPER = "#ffffff"


def draw_png(drawing: Drawing) -> bytes:
    """The picture's bytes; the same drawing gives the same ones."""
    size = (drawing.width * DOTS_PER_UNIT, drawing.height * DOTS_PER_UNIT)
    picture = Image.new("RGB", size, _PAPER)
    canvas = ImageDraw.Draw(picture)
    for shape in drawing.shapes:
        _draw(canvas, shape)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _draw(canvas: ImageDraw.ImageDraw, shape: Shape) -> None:
    if isinstance(shape, Rectangle):
        left, top = shape.x * DOTS_PER_UNIT, shape.y * DOTS_PER_UNIT
        right = left + shape.width * DOTS_PER_UNIT - 1
        bottom = top + shape.height * DOTS_PER_UNIT - 1
        if right >= left and bottom >= top:
            canvas.rectangle((left, top, right, bottom), fill=shape.colour)
    elif isinstance(shape, Line):
        points = [(x * DOTS_PER_UNIT, y * DOTS_PER_UNIT) for x, y in shape.points]
        width = max(1, round(shape.width * DOTS_PER_UNIT))
        canvas.line(points, fill=shape.colour, width=width, joint="curve")
    else:
        place = (shape.x * DOTS_PER_UNIT, shape.y * DOTS_PER_UNIT)
        font = raster_font(shape.size * DOTS_PER_UNIT)
        canvas.text(place, shape.text, fill=shape.colour, font=font, anchor="ls")
