"""Demands: where one message turns from one thing to the next.

People number their points, or say "another thing". Both are taken as borders; whether what stands
between them is a matter of its own is for a judgement of the parts, and then for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from classifier.spans import Span
from classifier.text.spots import SpottedPattern

_NUMERALS = {sign: value for value, sign in enumerate("一二三四五六七八九十", 1)}
_CIRCLED = {chr(ord("①") + place): place + 1 for place in range(10)}
# Behind which signs a part may begin, besides white space: a line's end may be but a space in
# plain text. They are looked at where something was found; sought first, they cost four times more.
_BEGINS = "。…;!?:"
_GOES_ON = f"{_BEGINS},"
# In one text the points of one style count up from 1: "1、…2、…", "一是…二是…".
_STYLES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<n>[1-9]|10)[、.)](?!\d)",
        r"\((?P<n>[1-9]|10)\)",
        r"(?P<n>[一二三四五六七八九十])[、.]",
        r"\((?P<n>[一二三四五六七八九十])\)",
        r"(?P<n>[①-⑩])",
        r"第(?P<n>[一二三四五六七八九十])[,、:是个点]",
        r"其(?P<n>[一二三四五六七八九十])[,、:是]",
        r"(?P<n>[一二三四五六七八九十])[是则]",
    )
)
# Points are two or more, so that the second of some style stands in a text that has any.
_SECOND = SpottedPattern("2[、.)]|二[、.),:是则个点]|②", here="2二②")
_ANOTHER = SpottedPattern(
    "另外|此外|还有一(?:个|件|点)|另(?:一|有一)(?:个|件)|再(?:有|就是)|顺便",
    here="另此还再顺",
    behind="外有一就便",
)
_FEWEST_LETTERS = 10
_FEWEST_POINTS = 2


class _Border(NamedTuple):
    """Where a part begins, and the point's number."""

    start: int
    number: int


def divide(text: str) -> tuple[Span, ...]:
    """The parts of a plain text that may each be a demand of their own.

    Returns
    -------
    tuple of Span
        In order, without gaps, from the first character to the last; a greeting belongs to the
        first part. Empty where the text has no borders.
    """
    points = _numbered(text)
    # What stands before the first point leads to it; before "another thing" it is the first thing.
    turns = (match.start() for match in _found(text, _ANOTHER, _BEGINS))
    borders = list(filter(None, points[1:] if points else turns))
    parts = _joined(text, [0, *borders, len(text)]) if borders else []
    return tuple(parts) if len(parts) >= _FEWEST_POINTS else ()


def _numbered(text: str) -> list[int]:
    """Where the points of the style with most points begin; none where they do not count up."""
    if not _SECOND.search(text):
        return []
    found = max((_counting(text, style) for style in _STYLES), key=len)
    return found if len(found) >= _FEWEST_POINTS else []


def _counting(text: str, style: re.Pattern[str]) -> list[int]:
    starts: list[int] = []
    for border in _borders(text, style):
        if border.number == len(starts) + 1:
            starts.append(border.start)
    return starts


def _borders(text: str, style: re.Pattern[str]) -> Iterator[_Border]:
    for match in _found(text, style, _GOES_ON):
        sign = match["n"]
        number = _NUMERALS.get(sign) or _CIRCLED.get(sign) or int(sign)
        yield _Border(match.start(), number)


def _found(
    text: str, pattern: re.Pattern[str] | SpottedPattern, signs: str
) -> Iterator[re.Match[str]]:
    """Where a pattern stands at the beginning, or behind white space or one of the signs."""
    for match in pattern.finditer(text):
        before = text[match.start() - 1] if match.start() else " "
        if before.isspace() or before in signs:
            yield match


def _joined(text: str, bounds: Sequence[int]) -> list[Span]:
    """The parts between bounds; one of too few letters is left with the one before it."""
    parts: list[Span] = []
    for start, end in pairwise(bounds):
        letters = sum(map(str.isalnum, text[start:end]))
        if parts and letters < _FEWEST_LETTERS:
            parts[-1] = Span(parts[-1].start, end)
        else:
            parts.append(Span(start, end))
    if len(parts) > 1 and sum(map(str.isalnum, text[: parts[0].end])) < _FEWEST_LETTERS:
        parts[:2] = [Span(0, parts[1].end)]
    return parts
