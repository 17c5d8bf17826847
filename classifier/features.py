"""Features: character and word n-grams of a message as slots of a hash space, with their spans.

All n-grams are taken from the whole text (title, line break, body) and, as features of their own,
from the title alone. Each family (characters or words, order, whole or title) has a multiplier of
its own, so that the same string falls into another slot in each family.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from classifier.hashing import U32, Positions, span_hashes
from classifier.reading import Reading
from classifier.spans import Span

_WORDS, _TITLE = 8, 16


@dataclass(frozen=True, slots=True)
class FeatureScheme:
    """What is hashed; stored in the model file, since weights mean nothing under another.

    Parameters
    ----------
    bits
        The hash space has ``2**bits`` slots (at most 32 bits).
    character_orders, word_orders
        Lengths of the n-grams of characters and of words (1–7).
    head_length, tail_length
        Of a text longer than both together only its beginning and its end are read, so that
        the cost of one message is bounded.
    """

    bits: int = 20
    character_orders: tuple[int, ...] = (1, 2)
    word_orders: tuple[int, ...] = (1,)
    head_length: int = 3000
    tail_length: int = 1000

    def as_json(self) -> dict[str, Any]:
        """The scheme in JSON types."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> FeatureScheme:
        """The scheme that :meth:`as_json` wrote. Raises TypeError or ValueError for any other."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in content.items()
        }
        scheme = cls(**fields)
        orders = (*scheme.character_orders, *scheme.word_orders)
        lengths = (scheme.head_length, scheme.tail_length)
        if not all(isinstance(n, int) for n in (scheme.bits, *orders, *lengths)):
            raise TypeError(content)
        if not (1 <= scheme.bits <= 32 and all(1 <= n < _WORDS for n in orders)):
            raise ValueError(content)
        if not all(1 <= n <= 1_000_000 for n in lengths):
            raise ValueError(content)
        return scheme


class Text(NamedTuple):
    """A message as features see it: plain title and body, and tokens that join to them."""

    title: str
    body: str
    title_tokens: Sequence[str]
    body_tokens: Sequence[str]

    @classmethod
    def of(cls, reading: Reading) -> Text:
        """What features see of a reading."""
        tokens = (reading.title_tokens, reading.body_tokens)
        return cls(reading.title.plain, reading.body.plain, *tokens)


class _Window(NamedTuple):
    """The part of the whole text that is read: ``gap`` characters are left out at ``cut``.

    ``bounds`` are the ends of words in the window, with 0 first.
    """

    text: str
    title_length: int
    bounds: Positions
    cut: int
    gap: int


class _Ngrams(NamedTuple):
    """All n-grams of a window: spans, and for each family its slice of them."""

    starts: Positions
    ends: Positions
    families: list[tuple[int, int, int]]


def slots(text: Text, scheme: FeatureScheme) -> U32:
    """The slots of all n-grams of a message, repeated as often as they occur.

    Returns
    -------
    array of uint32, shape (n,), n ≥ 1
        In the order of :func:`spans`. Never empty: the line break counts.
    """
    window = _window(text, scheme)
    starts, ends, families = _ngrams(window, scheme)
    hashes = span_hashes(window.text, starts, ends)
    found = np.concatenate([hashes[first:last] for _, first, last in families])
    multipliers = np.array([_multiplier(family) for family, _, _ in families])
    found *= np.repeat(multipliers, [last - first for _, first, last in families])
    found >>= np.uint32(32 - scheme.bits)
    return found


def spans(text: Text, scheme: FeatureScheme) -> list[Span]:
    """The spans of the whole text that the slots came from, in the order of :func:`slots`."""
    window = _window(text, scheme)
    starts, ends, families = _ngrams(window, scheme)

    def place(positions: Positions) -> list[int]:
        moved: list[int] = (positions + window.gap * (positions > window.cut)).tolist()
        return moved

    found = list(map(Span, place(starts), place(ends)))
    return [span for _, first, last in families for span in found[first:last]]


@cache
def _multiplier(family: int) -> np.uint32:
    mixed = (family + 1) * 0x9E3779B1 % 2**32
    for factor in (0x85EBCA6B, 0xC2B2AE35):
        mixed = (mixed ^ mixed >> 15) * factor % 2**32
    return np.uint32(mixed | 1)


def _window(text: Text, scheme: FeatureScheme) -> _Window:
    whole = f"{text.title}\n{text.body}"
    tokens = (*text.title_tokens, "\n", *text.body_tokens)
    bounds = np.zeros(len(tokens) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens)), out=bounds[1:])
    head, tail = scheme.head_length, scheme.tail_length
    gap = len(whole) - head - tail
    if gap <= 0:
        return _Window(whole, len(text.title), bounds, len(whole), 0)
    kept = np.concatenate((bounds[bounds <= head], bounds[bounds > head + gap] - gap))
    return _Window(whole[:head] + whole[-tail:], min(len(text.title), head), kept, head, gap)


def _ngrams(window: _Window, scheme: FeatureScheme) -> _Ngrams:
    starts: list[Positions] = []
    ends: list[Positions] = []
    families: list[tuple[int, int, int]] = []
    first = 0
    for family, order, marks in _mark_lists(window, scheme):
        count = len(marks) - order
        if count <= 0:
            continue
        starts.append(marks[:-order])
        ends.append(marks[order:])
        families.append((family, first, first + count))
        in_title = int(np.searchsorted(marks, window.title_length, "right")) - order
        if in_title > 0:
            families.append((family + _TITLE, first, first + in_title))
        first += count
    return _Ngrams(np.concatenate(starts), np.concatenate(ends), families)


def _mark_lists(window: _Window, scheme: FeatureScheme) -> Iterator[tuple[int, int, Positions]]:
    places = np.arange(len(window.text) + 1)
    yield from ((order, order, places) for order in scheme.character_orders)
    yield from ((_WORDS + order, order, window.bounds) for order in scheme.word_orders)
