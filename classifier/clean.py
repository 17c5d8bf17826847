"""Cleaning: one plain form of a text to match with, beside the original, which is kept.

Full width becomes half width (the NFKC forms of U+FF01–FF5E and U+3000), every kind of white
space one space, traditional characters simplified. Characters that print nothing (controls,
zero-width and direction marks, lone surrogates) are dropped. Everything else keeps its place,
so a span found in the plain text can be shown in the original.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

from classifier.spans import Span
from classifier.traditional import simplified_table

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]+"
)
_SPACES = "\t\n\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
_SPACES += "\u200a\u2028\u2029\u202f\u205f\u3000"


@cache
def _plain_table() -> dict[int, int]:
    width = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    spaces = {ord(space): 0x20 for space in _SPACES}
    return simplified_table() | width | spaces


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
        places = [place for place, _ in self.dropped]

        def shift(position: int, passed: int) -> int:
            return position + (self.dropped[passed - 1][1] if passed else 0)

        start = shift(span.start, bisect_right(places, span.start))
        end = shift(span.end, bisect_left(places, span.end))
        return Span(start, max(start, end))


def clean(text: str) -> CleanText:
    """Bring a text of any content to its plain form.

    Cleaning the plain form again changes nothing.
    """
    plain = text.translate(_plain_table())
    if not _INVISIBLE.search(plain):
        return CleanText(text, plain)
    dropped: list[tuple[int, int]] = []
    count = 0
    for run in _INVISIBLE.finditer(plain):
        place = run.start() - count
        count += run.end() - run.start()
        dropped.append((place, count))
    return CleanText(text, _INVISIBLE.sub("", plain), tuple(dropped))
