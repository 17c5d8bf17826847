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
from typing import Any, NamedTuple

import numpy as np

from classifier.compiled import find_compiled
from classifier.hashing import U32, Positions, RunningSum, spread
from classifier.reading.reader import Reading
from classifier.spans import Span

# The compiled part; None where there is none, and then numpy does all.
compiled = find_compiled("_scoring")

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


class Window(NamedTuple):
    """The part of the whole text that is read: ``gap`` characters are left out at ``cut``.

    ``ends`` are those of its words behind a 0. ``opening`` tells the first and one behind the last
    of the ends of characters, then of words, between which the opening's n-grams lie.
    """

    text: str
    ends: Positions
    opening: tuple[Marks, Marks]
    cut: int
    gap: int


class Families(NamedTuple):
    """The families of n-grams: of characters (0) or words (1), and their order.

    ``multipliers`` are what multiplies their hashes: those of the whole text, then the opening's.
    """

    orders: tuple[tuple[int, int], ...]
    multipliers: U32


def slots(text: Text, scheme: FeatureScheme) -> Slots:
    """The slots of a message's n-grams, each part in the order of its :func:`spans`."""
    found, border = joined_slots(text, scheme)
    return Slots(found[:border], found[border:])


def joined_slots(text: Text, scheme: FeatureScheme) -> tuple[U32, int]:
    """Both parts of a message's :func:`slots` in one array, and where the opening's begin."""
    window = window_of(text, scheme)
    orders, multipliers = families(scheme)
    running, bounds = RunningSum(window.text), window.ends
    pieces = [
        running.between(bounds, order) if kind else running.ngrams(order) for kind, order in orders
    ]
    sizes = list(map(len, pieces))
    border = sum(sizes)
    for (kind, order), found in zip(orders, tuple(pieces), strict=True):
        first, end = window.opening[kind]
        pieces.append(found[first : max(first, end - order)])
        sizes.append(len(pieces[-1]))
    hashes = spread(np.concatenate(pieces)) * multipliers.repeat(sizes)
    hashes >>= np.uint32(32 - scheme.bits)
    return hashes, border


def spans(text: Text, scheme: FeatureScheme) -> tuple[list[Span], list[Span]]:
    """The spans of the whole text that the slots came from: of the whole, of the opening."""
    window = window_of(text, scheme)
    places = np.arange(len(window.text) + 1), window.ends
    moved = [(at + window.gap * (at > window.cut)).tolist() for at in places]

    def of(marks: tuple[Marks, Marks]) -> list[Span]:
        found: list[Span] = []
        for kind, order in families(scheme).orders:
            inside = moved[kind][slice(*marks[kind])]
            found += map(Span, inside[:-order], inside[order:])
        return found

    return of(((0, len(moved[0])), (0, len(moved[1])))), of(window.opening)


@cache
def families(scheme: FeatureScheme) -> Families:
    """The families of a scheme."""
    orders = (
        *((0, order) for order in scheme.character_orders),
        *((1, order) for order in scheme.word_orders),
    )
    numbers = [kind * _WORDS + order for kind, order in orders]
    multipliers = [_multiplier(number + part) for part in (0, _OPENING) for number in numbers]
    return Families(orders, np.array(multipliers, np.uint32))


def _multiplier(number: int) -> int:
    mixed = (number + 1) * 0x9E3779B1 % 2**32
    for factor in (0x85EBCA6B, 0xC2B2AE35):
        mixed = (mixed ^ mixed >> 15) * factor % 2**32
    return mixed | 1


def window_of(text: Text, scheme: FeatureScheme) -> Window:
    """The part of a message that is read."""
    title, body, title_tokens, body_tokens = text
    whole = f"{title}\n{body}"
    ends = word_ends(title_tokens, body_tokens)
    head, tail = scheme.head_length, scheme.tail_length
    cut, gap = len(whole), max(0, len(whole) - head - tail)
    if gap:
        cut, whole = head, whole[:head] + whole[-tail:]
        ends = np.concatenate((ends[ends <= head], ends[ends > head + gap] - gap))
    # A text without title begins with the line break, which is a word too.
    first = 0 if title else 1
    longest = min(head, scheme.title_length if title else 1 + scheme.opening_length)
    end = min(longest, len(title) or len(whole))
    words = len(title_tokens) if end == len(title) else _words_within(end, ends)
    return Window(whole, ends, ((first, end + 1), (first, words + 1)), cut, gap)


def word_ends(title_tokens: Sequence[str], body_tokens: Sequence[str]) -> Positions:
    """The ends of all words of the whole text, the line break one of them, behind a 0."""
    if compiled is None:
        return word_ends_by_numpy(title_tokens, body_tokens)
    found: Positions = compiled.word_ends(title_tokens, body_tokens)
    return found


def word_ends_by_numpy(title_tokens: Sequence[str], body_tokens: Sequence[str]) -> Positions:
    """The same without the compiled part."""
    lengths = (0, *map(len, title_tokens), 1, *map(len, body_tokens))
    return np.fromiter(lengths, np.int64, len(lengths)).cumsum()


def _words_within(end: int, ends: Positions) -> int:
    """How many words from the first on end within so many characters."""
    return int(ends.searchsorted(end, "right")) - 1
