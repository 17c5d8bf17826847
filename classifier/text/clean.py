"""Cleaning: one plain form of a text to match with, beside the original, which is kept.

Full width becomes half width (the NFKC forms of U+FF01–FF5E and U+3000), every kind of white
space one space, traditional characters simplified. Characters that print nothing (controls,
zero-width and direction marks, variation selectors, tags, lone surrogates) are dropped.
Everything else keeps its place, so a span found in the plain text can be shown in the original.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import itemgetter

from classifier.spans import Span
from classifier.text.traditional import simplified_table

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_SPACES = "\t\n\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
_SPACES += "\u200a\u2028\u2029\u202f\u205f\u3000"
# Nearly every text has these and few have many more: replacing them one by one is much cheaper
# than a table look-up for each character of the text.
_FEW = 8
_COMMON = ("\n", "\uff0c", "\uff1a", "\uff01", "\uff1f", "\uff1b", "\uff08", "\uff09")
_PLACE = itemgetter(0)


@cache
def _plain_table() -> dict[int, int]:
    width = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    spaces = {ord(space): 0x20 for space in _SPACES}
    return simplified_table() | width | spaces


@cache
def _simple_forms() -> tuple[tuple[str, str], ...]:
    return tuple((common, chr(_plain_table()[ord(common)])) for common in _COMMON)


@cache
def _unusual() -> re.Pattern[str]:
    """Finds a character that is neither plain nor common."""
    changed = "".join(map(re.escape, map(chr, _plain_table())))
    return re.compile(f"[{changed}{_INVISIBLE.pattern[1:-2]}]")


def _translated(text: str) -> str:
    """A text with each character in its plain form; those that print nothing stay."""
    table = _plain_table()
    unusual = set(_unusual().findall(text))
    if len(unusual) > _FEW:
        return text.translate(table)
    # No plain form is itself changed, so their order is all the same.
    for code in table.keys() & map(ord, unusual):
        text = text.replace(chr(code), chr(table[code]))
    return text


@dataclass(frozen=True, slots=True)
class CleanText:
    """``plain`` is what all later steps read; ``original`` is what the person wrote.

    ``dropped`` lists, in order, for each dropped run of characters its place in the plain
    text and the number of characters dropped up to and including it.
    """

    original: str
    plain: str
    dropped: tuple[tuple[int, int], ...] = ()

    def in_original(self, span: Span) -> Span:
        """The span of the original that a span of the plain text came from."""
        if not self.dropped:
            return span
        start = self._shifted(span.start, bisect_right(self.dropped, span.start, key=_PLACE))
        end = self._shifted(span.end, bisect_left(self.dropped, span.end, key=_PLACE))
        return Span(start, max(start, end))

    def _shifted(self, position: int, passed: int) -> int:
        return position + (self.dropped[passed - 1][1] if passed else 0)


def clean(text: str) -> CleanText:
    """Bring a text of any content to its plain form.

    Cleaning the plain form again changes nothing.
    """
    plain = text
    for common, simple in _simple_forms():
        plain = plain.replace(common, simple)
    if not _unusual().search(plain):
        return CleanText(text, plain)
    plain = _translated(plain)
    runs = [run.span() for run in _INVISIBLE.finditer(plain)]
    if not runs:
        return CleanText(text, plain)
    counts = list(accumulate(end - start for start, end in runs))
    places = (start - before for (start, _), before in zip(runs, (0, *counts), strict=False))
    return CleanText(text, _INVISIBLE.sub("", plain), tuple(zip(places, counts, strict=True)))
