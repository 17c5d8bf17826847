"""附件说明, signature and date of a Word document, as GB/T 9704-2012 places them unsealed."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any

from docx.oxml.ns import qn

from service.digest.outline import Outline

_LINE = 28.0  # characters
_RIGHT = 2.0  # characters that the longer line keeps from the right edge
_SHIFT = 2.0  # characters by which the date begins behind the signature
_GAP = 0.25  # characters that office programs leave between Chinese and digits
_TWIPS_PER_CHARACTER = 315  # 16 pt, a quarter of a point closer


def add_closing(document: Any, told: Outline) -> None:
    """A blank line and the annex; a blank line, who signs it, and when."""
    document.add_paragraph(style="附件说明")
    document.add_paragraph(f"附件：{told.annex.heading}", style="附件说明")
    document.add_paragraph(style="落款")
    indent = _LINE - _RIGHT - max(_width(told.issuer), _SHIFT + _width(told.date))
    if told.issuer:
        _add(document, told.issuer, indent)
    _add(document, told.date, indent + _SHIFT)


def _add(document: Any, text: str, indent: float) -> None:
    properties = document.add_paragraph(text, style="落款")._p.get_or_add_pPr()
    indented = properties.get_or_add_ind()
    indented.set(qn("w:leftChars"), str(round(100 * indent)))
    indented.set(qn("w:left"), str(round(_TWIPS_PER_CHARACTER * indent)))


def _width(text: str) -> float:
    """The width of a line in characters: digits and Latin letters are half as wide."""
    is_wide = [unicodedata.east_asian_width(one) in "WF" for one in text]
    gaps = sum(one is not other for one, other in pairwise(is_wide))
    return sum(1.0 if wide else 0.5 for wide in is_wide) + _GAP * gaps
