"""Where the words of a search stand in a text, and the piece of it that shows most of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from classifier.spans import Span
from classifier.text.clean import CleanText
from classifier.text.search_terms import fold
from service.triage.search_words import SearchWord

SNIPPET_CHARS = 120
_BEFORE = 24  # characters shown before the first word
_MOST = 200  # places, of one word and of all, that are looked at


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A piece of a text; ``marks`` are spans of its own characters, in order and disjoint.

    ``start`` tells where in the text it begins, ``is_cut`` whether the text goes on behind it.
    """

    text: str
    marks: tuple[Span, ...]
    start: int
    is_cut: bool


def mark_all(text: CleanText, words: Sequence[SearchWord]) -> MarkedPiece:
    """A whole text with the words marked."""
    marks = [text.in_original(span) for span, _ in _find(text, words)]
    return MarkedPiece(text.original, _joined(marks), 0, False)


def best_snippet(text: CleanText, words: Sequence[SearchWord]) -> MarkedPiece:
    """About 120 characters of a text, those with the most different words, with these marked."""
    found = _find(text, words)
    window = _best_window(found, len(text.plain))
    piece = text.in_original(window)
    inside = [text.in_original(span) for span, _ in found if _lies_in(span, window)]
    marks = _joined(Span(start - piece.start, end - piece.start) for start, end in inside)
    is_cut = window.end < len(text.plain)
    return MarkedPiece(text.original[piece.start : piece.end], marks, piece.start, is_cut)


def _find(text: CleanText, words: Sequence[SearchWord]) -> list[tuple[Span, int]]:
    """Spans of the plain text, each with the place of its word among the words, in order."""
    plain = fold(text.plain)
    return sorted(
        (Span(*match.span()), place)
        for place, word in enumerate(words)
        for match in islice(word.pattern.finditer(plain), _MOST)
    )


def _best_window(found: Sequence[tuple[Span, int]], length: int) -> Span:
    best, most = Span(0, SNIPPET_CHARS), 0
    found = found[:_MOST]
    for span, _ in found:
        start = max(0, min(span.start - _BEFORE, length - SNIPPET_CHARS))
        window = Span(start, max(start + SNIPPET_CHARS, span.end))
        shown = len({place for other, place in found if _lies_in(other, window)})
        if shown > most:
            best, most = window, shown
    return Span(best.start, min(best.end, length))


def _lies_in(span: Span, window: Span) -> bool:
    return window.start <= span.start and span.end <= window.end


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
