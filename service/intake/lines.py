"""Physical lines of a text file, each of bounded length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

LINE_ENDS = ("\n", "\r")
_SKIP_CHARS = 1 << 16


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end, its number from 1, and whether it was cut at the bound."""

    number: int
    text: str
    is_cut: bool = False


def read_lines(stream: TextIO, max_chars: int) -> Iterator[Line]:
    """The lines of a stream (opened with ``newline=""``); ends are LF, CR LF or CR.

    Of a line longer than ``max_chars`` only so many characters are kept, the rest is skipped.
    """
    number = 0
    while text := stream.readline(max_chars):
        number += 1
        is_cut = len(text) == max_chars and not text.endswith(LINE_ENDS)
        yield Line(number, text, is_cut)
        if is_cut:
            _skip_rest(stream)


def _skip_rest(stream: TextIO) -> None:
    while (text := stream.readline(_SKIP_CHARS)) and not text.endswith(LINE_ENDS):
        pass
