"""Hashes of many substrings of a text at once.

A string ``s`` hashes by its polynomial ``Σ s[j]·BASE^j`` (mod 2⁶⁴; Karp and Rabin, 1987), so the
hash of every span of a text falls out of one running sum; a multiplication spreads it over all
bits. The same string gives the same hash wherever it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
U32 = npt.NDArray[np.uint32]
Positions = npt.NDArray[np.int64]

_BASE = 0x9E3779B97F4A7C15
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_BLOCK = 4096


@cache
def _powers(blocks: int) -> tuple[U64, U64]:
    length = blocks * _BLOCK + 1

    def run(base: int) -> U64:
        steps = np.concatenate((np.ones(1, np.uint64), np.full(length - 1, base, np.uint64)))
        return np.cumprod(steps, dtype=np.uint64)

    return run(_BASE), run(pow(_BASE, -1, 2**64))


def _running(text: str) -> tuple[U64, U64]:
    """The running sum of a text, shape (len + 1,), and the powers that undo a place in it."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    forward, backward = _powers(len(codes) // _BLOCK + 1)
    running = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum((codes + np.uint64(1)) * forward[: len(codes)], out=running[1:])
    return running, backward


def _spread(polynomial: U64) -> U32:
    return ((polynomial * _SPREAD) >> np.uint64(32)).astype(np.uint32)


def span_hashes(text: str, starts: Positions, ends: Positions) -> U32:
    """Hashes of the spans ``text[starts[i]:ends[i]]``; shape (n,)."""
    running, backward = _running(text)
    return _spread((running[ends] - running[starts]) * backward[starts])


def ngram_hashes(text: str, *orders: int) -> tuple[U32, ...]:
    """For each order the hashes of a text's character n-grams: entry i begins at character i."""
    running, backward = _running(text)
    found = []
    for order in orders:
        count = max(len(text) - order + 1, 0)
        polynomial = (running[order : order + count] - running[:count]) * backward[:count]
        found.append(_spread(polynomial))
    return tuple(found)


def word_hashes(words: Sequence[str]) -> U32:
    """Hashes of words, one each, in order."""
    if not words:
        return np.zeros(0, np.uint32)
    ends = np.fromiter(map(len, words), np.int64, len(words)).cumsum()
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
    return span_hashes("".join(words), starts, ends)
