"""The font that charts bring along: Chinese shows on a machine that has no Chinese font."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from PIL import ImageFont

FONT_PATH = Path(__file__).parent / "fonts" / "charts.otf"  # made by tools/subset_font.py
MISSING = ".notdef"


@cache
def _face() -> TTFont:
    return TTFont(FONT_PATH, recalcTimestamp=False)


@cache
def _names() -> dict[int, str]:
    return dict(_face().getBestCmap())


@cache
def _glyphs() -> Any:
    return _face().getGlyphSet()


def units_per_em() -> int:
    """How many units of the outlines are one em."""
    return int(_face()["head"].unitsPerEm)


def glyph_name(character: str) -> str:
    """The glyph of a character; of one that the font lacks, the box for missing ones."""
    return _names().get(ord(character), MISSING)


@cache
def advance(name: str) -> int:
    """How far a glyph moves the pen, in units."""
    return int(_glyphs()[name].width)


@cache
def outline_of(name: str) -> str:
    """The outline of a glyph as the data of an SVG path, in units, upwards."""
    pen = SVGPathPen(_glyphs())
    _glyphs()[name].draw(pen)
    return str(pen.getCommands())


def text_width(text: str, size: float) -> float:
    """The width of a line of text at ``size``, in the unit of ``size``."""
    return sum(advance(glyph_name(one)) for one in text) * size / units_per_em()


def shorten(text: str, size: float, room: float) -> str:
    """As much of ``text`` as fits into ``room``, with an ellipsis where some is left out."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


@cache
def raster_font(size: int) -> ImageFont.FreeTypeFont:
    """The font for pictures of dots, ``size`` dots to the em."""
    return ImageFont.truetype(FONT_PATH, size, layout_engine=ImageFont.Layout.BASIC)
