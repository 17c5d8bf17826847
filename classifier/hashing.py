"""Hashes of many substrings of a text at once.

A string ``s`` hashes by its polynomial ``Σ s[j]·BASE^j`` (mod 2⁶⁴; Karp and Rabin, 1987), so the
hash of every span of a text falls out of one running sum; a multiplication spreads it over all
bits. The same string gives the same hash wherever it stands.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from classifier.compiled import find_compiled

# The compiled part; None where there is none, and then numpy does all.
compiled = find_compiled("_terms")

U64 = npt.NDArray[np.uint64]
U32 = npt.NDArray[np.uint32]
Positions = npt.NDArray[np.int64]

_BASE = 0x9E3779B97F4A7C15
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_ONE = np.uint64(1)
# Which of the two halves of a 64-bit number in memory is the upper one.
_UPPER = 1 if sys.byteorder == "little" else 0
_LEAST_BITS = 12


@cache
def _powers(length: int) -> tuple[U64, U64]:
    """The powers of the base behind a 0, and those of its inverse; shape (length,) each."""

    def run(base: int) -> U64:
        steps = np.concatenate((np.ones(1, np.uint64), np.full(length - 1, base, np.uint64)))
        return np.cumprod(steps, dtype=np.uint64)

    return np.append(np.uint64(0), run(_BASE)[:-1]), run(pow(_BASE, -1, 2**64))


class RunningSum:
    """The running sum of a text, from which the polynomial of every span of it falls out."""

    def __init__(self, text: str) -> None:
        # A character in front, which counts nothing, so that the sums begin with 0.
        coded = f" {text}".encode("utf-32-le", "surrogatepass")
        self._letters = np.frombuffer(coded, np.uint32) + _ONE
        length = len(self._letters)
        # Lengths are rounded up to powers of two, so that few tables are ever made.
        forward, self._backward = _powers(1 << max(length.bit_length(), _LEAST_BITS))
        self._sums = (self._letters * forward[:length]).cumsum()

    def ngrams(self, order: int) -> U64:
        """The polynomials of all n-grams of an order: entry i begins at character i."""
        if order == 1:
            return self._letters[1:]
        count = max(len(self._sums) - order, 0)
        polynomials: U64 = self._sums[order : order + count] - self._sums[:count]
        polynomials *= self._backward[:count]
        return polynomials

    def between(self, bounds: Positions, order: int = 1) -> U64:
        """The polynomials of the spans from each bound to the one ``order`` places behind it."""
        sums = self._sums.take(bounds)
        polynomials: U64 = sums[order:] - sums[:-order]
        polynomials *= self._backward.take(bounds[:-order])
        return polynomials

    def of(self, starts: Positions, ends: Positions) -> U64:
        """The polynomials of the spans ``text[starts[i]:ends[i]]``; shape (n,)."""
        polynomials: U64 = (self._sums[ends] - self._sums[starts]) * self._backward[starts]
        return polynomials


def spread(polynomials: U64) -> U32:
    """The hashes of spans from their polynomials."""
    return (polynomials * _SPREAD).view(np.uint32)[_UPPER::2]


def span_hashes(text: str, starts: Positions, ends: Positions) -> U32:
    """Hashes of the spans ``text[starts[i]:ends[i]]``; shape (n,)."""
    return spread(RunningSum(text).of(starts, ends))


def ngram_hashes(text: str, *orders: int) -> tuple[U32, ...]:
    """For each order the hashes of a text's character n-grams: entry i begins at character i."""
    running = RunningSum(text)
    return tuple(spread(running.ngrams(order)) for order in orders)


def word_hashes(words: Sequence[str]) -> U32:
    """Hashes of words, one each, in order."""
    if compiled is None:
        return word_hashes_by_numpy(words)
    found: U32 = compiled.word_hashes(words)
    return found


def word_hashes_by_numpy(words: Sequence[str]) -> U32:
    """The same without the compiled part."""
    if not words:
        return np.zeros(0, np.uint32)
    bounds = np.zeros(len(words) + 1, np.int64)
    np.fromiter(map(len, words), np.int64, len(words)).cumsum(out=bounds[1:])
    return spread(RunningSum("".join(words)).between(bounds))
