"""Evidence as marks in a text: which words spoke for a label, which against, how strongly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.triage.search_marks import MarkedPiece
from service.usecases.matters.explain import HighlightedText

_STEPS = (0.75, 0.45)  # shares of the strongest weight: from 0.75 on strong, 0.45 on middling


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text; ``style`` is a class of the style sheet, "" for plain text."""

    text: str
    style: str
    weight: float


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Title and text as pieces in order."""

    title: tuple[Mark, ...]
    text: tuple[Mark, ...]


def mark_found(piece: MarkedPiece) -> tuple[Mark, ...]:
    """A piece of a text with the words of a search as marks of the style ``found``."""
    marks: list[Mark] = []
    done = 0
    for start, end in piece.marks:
        marks.append(Mark(piece.text[done:start], "", 0.0))
        marks.append(Mark(piece.text[start:end], "found", 0.0))
        done = end
    return (*marks, Mark(piece.text[done:], "", 0.0))


def mark_text(highlighted: HighlightedText) -> MarkedText:
    """Marks whose strength is measured against the strongest word of title and text."""
    strongest = max(
        (abs(weight) for _, weight in (*highlighted.title, *highlighted.text)), default=0.0
    )
    return MarkedText(
        tuple(_marks(highlighted.title, strongest)), tuple(_marks(highlighted.text, strongest))
    )


def _marks(pieces: Iterable[tuple[str, float]], strongest: float) -> Iterable[Mark]:
    for text, weight in pieces:
        yield Mark(text, _style(weight, strongest), weight)


def _style(weight: float, strongest: float) -> str:
    if not weight:
        return ""
    share = abs(weight) / strongest
    strength = 1 + sum(share >= step for step in _STEPS)
    return f"{'for' if weight > 0 else 'against'}-{strength}"
