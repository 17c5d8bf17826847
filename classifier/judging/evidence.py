"""Evidence: which spans of a text spoke for a label and which against it.

Each n-gram's part in the score is shared out evenly among its characters, characters are summed
to words, and adjacent words that say the same become one span. Nothing is lost on the way: over
all spans the weights add up to the score without its bias.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from classifier.judging.judgement import Evidence
from classifier.spans import Span

F64 = npt.NDArray[np.float64]

_LONGEST = 14
_WEAK = 0.15


def character_weights(length: int, spans: Sequence[Span], weights: F64) -> F64:
    """Share each span's weight among its characters.

    Parameters
    ----------
    length
        Characters in the text.
    spans
        Spans of the text, each of one character or more, shape (n,).
    weights
        Their parts in the score, shape (n,).

    Returns
    -------
    array of float64, shape (length,)
        Sums to the sum of ``weights``.
    """
    bounds = np.array(spans, np.int64).reshape(-1, 2)
    density = weights / (bounds[:, 1] - bounds[:, 0])
    slope = np.zeros(length + 1)
    np.add.at(slope, bounds[:, 0], density)
    np.add.at(slope, bounds[:, 1], -density)
    return np.cumsum(slope)[:length]


def evidence_spans(text: str, tokens: Iterable[str], weights: F64) -> list[Evidence]:
    """Join characters to words and adjacent words of like weight to spans, strongest first.

    Parameters
    ----------
    text
        The whole plain text.
    tokens
        Words that join to ``text``.
    weights
        A weight a character.
    """
    words = _word_weights(tokens, weights)
    weak = _WEAK * max((abs(weight) for _, weight in words), default=0.0)

    def side(word: tuple[Span, float]) -> int:
        span, weight = word
        if abs(weight) < weak or not text[span.start : span.end].strip():
            return 0
        return 1 if weight > 0 else -1

    found: list[Evidence] = []
    for _, run in groupby(words, key=side):
        found += [_joined(text, piece) for piece in _pieces(list(run))]
    return sorted(found, key=lambda e: (-abs(e.weight), e.span))


def _word_weights(tokens: Iterable[str], weights: F64) -> list[tuple[Span, float]]:
    words: list[tuple[Span, float]] = []
    end = 0
    for token in tokens:
        start, end = end, end + len(token)
        words.append((Span(start, end), float(weights[start:end].sum())))
    return words


def _pieces(run: list[tuple[Span, float]]) -> Iterable[list[tuple[Span, float]]]:
    piece: list[tuple[Span, float]] = []
    for word in run:
        if piece and word[0].end - piece[0][0].start > _LONGEST:
            yield piece
            piece = []
        piece.append(word)
    yield piece


def _joined(text: str, words: list[tuple[Span, float]]) -> Evidence:
    span = Span(words[0][0].start, words[-1][0].end)
    return Evidence(span, text[span.start : span.end], sum(weight for _, weight in words))
