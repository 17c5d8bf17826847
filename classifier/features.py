"""Features: character and word n-grams of a message as slots of a hash space, with their spans.

All n-grams are taken from the whole text (title, line break, body) and, as features of their own,
from its opening: the title, or the first words of a text that has none. Each family (characters or
words, order, whole or opening) has a multiplier of its own, so that the same string falls into
another slot in each family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import accumulate, takewhile
from typing import Any, NamedTuple

import numpy as np

from classifier.hashing import U32, U64, Positions, RunningSum, spread
from classifier.reading import Reading
from classifier.spans import Span

Marks = tuple[int, int]

_WORDS, _OPENING = 8, 16


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
    title_length, opening_length
        The opening is the title up to the first length or, where there is none, as much of the
        body as the second says.
    opening_share
        What the opening's part in a score is worth beside 1 for the whole text's, as the square
        of a factor (0–1).
    """

    bits: int = 20
    character_orders: tuple[int, ...] = (1, 2)
    word_orders: tuple[int, ...] = (1,)
    head_length: int = 3000
    tail_length: int = 1000
    title_length: int = 60
    opening_length: int = 30
    opening_share: float = 0.4

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
        lengths = (
            scheme.head_length, scheme.tail_length, scheme.title_length, scheme.opening_length
        )  # fmt: skip
        if not all(isinstance(n, int) for n in (scheme.bits, *orders, *lengths)):
            raise TypeError(content)
        if not isinstance(scheme.opening_share, int | float):
            raise TypeError(content)
        if not (1 <= scheme.bits <= 32 and all(1 <= n < _WORDS for n in orders)):
            raise ValueError(content)
        if not 1 <= len(orders) < 2 * _WORDS:
            raise ValueError(content)
        if not all(1 <= n <= 1_000_000 for n in lengths):
            raise ValueError(content)
        if not 0 <= scheme.opening_share <= 1:
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


class Slots(NamedTuple):
    """The slots of all n-grams of a message, repeated as often as they occur.

    ``whole`` has shape (n,), n ≥ 1: the line break counts. ``opening`` may be empty.
    """

    whole: U32
    opening: U32


class _Window(NamedTuple):
    """The part of the whole text that is read: ``gap`` characters are left out at ``cut``.

    ``lengths`` are those of its words. ``whole`` and ``opening`` tell the first and one behind
    the last of the ends of characters (then of words) between which their n-grams lie.
    """

    text: str
    lengths: Sequence[int]
    whole: tuple[Marks, Marks]
    opening: tuple[Marks, Marks]
    cut: int
    gap: int


class _Family(NamedTuple):
    """N-grams of one order, of characters (0) or words (1), and what multiplies their hashes."""

    kind: int
    order: int
    of_whole: int
    of_opening: int


def slots(text: Text, scheme: FeatureScheme) -> Slots:
    """The slots of a message's n-grams, each part in the order of its :func:`spans`."""
    found, (border, _) = joined_slots((text,), scheme)
    return Slots(found[:border], found[border:])


def joined_slots(texts: Sequence[Text], scheme: FeatureScheme) -> tuple[U32, list[int]]:
    """The slots of the n-grams of one or more messages, made in one pass.

    Returns
    -------
    array of uint32
        For each message the slots of the whole text, then those of its opening.
    list of int
        How many slots each of these parts has: two numbers a message.
    """
    windows = [_window(text, scheme) for text in texts]
    running = RunningSum("".join([window.text for window in windows]))
    bounds = _bounds(windows)
    families = [
        (kind, order, running.between(bounds, order) if kind else running.ngrams(order))
        for kind, order, *_ in _families(scheme)
    ]
    pieces: list[U64] = []
    moved = [0, 0]
    for window in windows:
        for marks in (window.whole, window.opening):
            for kind, order, found in families:
                first, end = marks[kind]
                first, last = first + moved[kind], end + moved[kind] - order
                pieces.append(found[first : max(first, last)])
        moved = [moved[0] + len(window.text), moved[1] + len(window.lengths)]
    sizes = list(map(len, pieces))
    hashes = spread(np.concatenate(pieces))
    hashes *= _multipliers(scheme, len(texts)).repeat(sizes)
    hashes >>= np.uint32(32 - scheme.bits)
    each = len(families)
    return hashes, [sum(sizes[at : at + each]) for at in range(0, len(sizes), each)]


def spans(text: Text, scheme: FeatureScheme) -> tuple[list[Span], list[Span]]:
    """The spans of the whole text that the slots came from: of the whole, of the opening."""
    window = _window(text, scheme)
    places = np.arange(len(window.text) + 1), _bounds([window])
    moved = [(at + window.gap * (at > window.cut)).tolist() for at in places]

    def of(marks: tuple[Marks, Marks]) -> list[Span]:
        found: list[Span] = []
        for kind, order, *_ in _families(scheme):
            inside = moved[kind][slice(*marks[kind])]
            found += map(Span, inside[:-order], inside[order:])
        return found

    return of(window.whole), of(window.opening)


@cache
def _families(scheme: FeatureScheme) -> tuple[_Family, ...]:
    numbers = (
        *((0, order, order) for order in scheme.character_orders),
        *((1, order, _WORDS + order) for order in scheme.word_orders),
    )
    return tuple(
        _Family(kind, order, _multiplier(number), _multiplier(number + _OPENING))
        for kind, order, number in numbers
    )


@cache
def _multipliers(scheme: FeatureScheme, texts: int) -> U32:
    """For each text the multipliers of the families of its whole, then of its opening."""
    families = _families(scheme)
    whole, opening = [f.of_whole for f in families], [f.of_opening for f in families]
    return np.array((whole + opening) * texts, np.uint32)


def _multiplier(number: int) -> int:
    mixed = (number + 1) * 0x9E3779B1 % 2**32
    for factor in (0x85EBCA6B, 0xC2B2AE35):
        mixed = (mixed ^ mixed >> 15) * factor % 2**32
    return mixed | 1


def _window(text: Text, scheme: FeatureScheme) -> _Window:
    whole = f"{text.title}\n{text.body}"
    lengths = [*map(len, text.title_tokens), 1, *map(len, text.body_tokens)]
    head, tail = scheme.head_length, scheme.tail_length
    cut, gap = len(whole), max(0, len(whole) - head - tail)
    if gap:
        cut, whole, lengths = head, whole[:head] + whole[-tail:], _without(lengths, head, gap)
    # A text without title begins with the line break, which is a word too.
    first = 0 if text.title else 1
    end = min(len(text.title), scheme.title_length) if text.title else 1 + scheme.opening_length
    end = min(end, head, len(whole))
    words = sum(1 for _ in takewhile(end.__ge__, accumulate(lengths)))
    return _Window(
        whole,
        lengths,
        ((0, len(whole) + 1), (0, len(lengths) + 1)),
        ((first, end + 1), (first, words + 1)),
        cut,
        gap,
    )


def _without(lengths: Sequence[int], head: int, gap: int) -> list[int]:
    """The lengths of words when ``gap`` characters behind ``head`` are left out."""
    ends = np.cumsum(lengths)
    kept = np.concatenate(([0], ends[ends <= head], ends[ends > head + gap] - gap))
    found: list[int] = np.diff(kept).tolist()
    return found


def _bounds(windows: Sequence[_Window]) -> Positions:
    """The ends of all words of joined windows, with 0 first."""
    lengths = [0]
    for window in windows:
        lengths += window.lengths
    return np.fromiter(lengths, np.int64, len(lengths)).cumsum()
