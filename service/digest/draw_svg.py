"""A drawing as SVG: text as outlines, so that it shows without the font."""

from __future__ import annotations

from html import escape

from service.digest.chart_font import advance, glyph_name, outline_of, units_per_em
from service.digest.drawing import Drawing, Label, Line, Rectangle, Shape


def draw_svg(drawing: Drawing) -> str:
    """An ``svg`` element to stand in HTML; it scales to the room it is given.

    It has no style, script or name in it that could meet another chart's.
    """
    told = escape(drawing.alternative)
    body = "".join(_shape(shape) for shape in drawing.shapes)
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {drawing.width} {drawing.height}" '
        f'aria-label="{told}"><title>{told}</title>{body}</svg>'
    )


def _shape(shape: Shape) -> str:
    if isinstance(shape, Rectangle):
        return (
            f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" '
            f'height="{shape.height:g}" fill="{shape.colour}"/>'
        )
    if isinstance(shape, Line):
        points = " ".join(f"{x:g},{y:g}" for x, y in shape.points)
        return (
            f'<polyline points="{points}" fill="none" stroke="{shape.colour}" '
            f'stroke-width="{shape.width:g}"/>'
        )
    return _label(shape)


def _label(label: Label) -> str:
    """The glyphs of a line; outlines count upwards, so the line is turned over."""
    scale, pen, paths = label.size / units_per_em(), 0, []
    for character in label.text:
        name = glyph_name(character)
        if outline := outline_of(name):
            paths.append(f'<path transform="translate({pen} 0)" d="{outline}"/>')
        pen += advance(name)
    place = f"translate({label.x:g} {label.y:g}) scale({scale:g} {-scale:g})"
    return f'<g transform="{place}" fill="{label.colour}">{"".join(paths)}</g>'
