"""Weights: rows of 8-bit numbers, one row an n-gram, one column a label; a text's scores are a sum.

The sum of the whole text's rows is divided by its length in the space of n-grams, so that long
and short messages compare; so is the sum of its opening's rows, and both are added. Inverse
document frequencies are already in the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, cycle, pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from classifier.features import FeatureScheme, Text, joined_slots
from classifier.modelfile import Section

F32 = npt.NDArray[np.float32]
U16 = npt.NDArray[np.uint16]
I8 = npt.NDArray[np.int8]
I32 = npt.NDArray[np.int32]
T = TypeVar("T", bound=np.generic)

_LANES = 8
_PIECE = 256 * _LANES
_BATCH = 32
# Of scales and biases; within it no text's score overflows.
_GREATEST = 1e6


class Rows(NamedTuple):
    """The row of each n-gram of a text's two parts, each in the order of ``features.slots``."""

    whole: U16
    opening: U16

    @property
    def known(self) -> float:
        """The share of the whole text's n-grams that training has kept (0–1)."""
        return float(np.count_nonzero(self.whole) / max(len(self.whole), 1))

    def damped(self) -> Rows:
        """Both parts in ascending order, with fewer equal entries: see :func:`damped`."""
        kept, (border, _) = damped(self)
        return Rows(kept[:border], kept[border:])


@dataclass(frozen=True, slots=True)
class Weights:
    """What turns a text into scores.

    Parameters
    ----------
    scheme
        How n-grams are hashed.
    table
        Row of each slot, shape (2**bits,); row 0 stands for all that training has not kept.
    strengths
        What each row adds to the square of a text's length, shape (rows,); 0 in row 0.
    rows
        Shape (rows, columns); 0 in row 0.
    columns
        The scale (first row) and the bias (second) of each column, shape (2, columns).
    """

    scheme: FeatureScheme
    table: U16
    strengths: F32
    rows: I8
    columns: F32

    def look_up(self, text: Text) -> Rows:
        """The rows of a text's n-grams."""
        return Rows(*self._look_up((text,)))

    def _look_up(self, texts: Sequence[Text]) -> list[U16]:
        """The rows of each text's whole and opening."""
        found, sizes = joined_slots(texts, self.scheme)
        return list(_divided(self.table.take(found), accumulate(sizes)))

    def scales(self, kept: Rows) -> tuple[F32, F32]:
        """What the sums of a text's damped rows are multiplied with, two of shape (columns,)."""
        ends = len(kept.whole), len(kept.whole) + len(kept.opening)
        whole, opening = self._scales(np.concatenate(kept), ends)
        return whole, opening

    def _scales(self, kept: U16, ends: Sequence[int]) -> F32:
        """The scales of joined parts, a text's whole and opening in turn: (parts, columns)."""
        strengths = self.strengths.take(kept)
        shares = cycle((1.0, self.scheme.opening_share**0.5))
        factors = [
            share / (float(np.add.reduce(part)) ** 0.5 or 1.0)
            for part, share in zip(_divided(strengths, ends), shares, strict=False)
        ]
        scales: F32 = np.multiply.outer(np.array(factors, np.float32), self.columns[0])
        return scales

    def scores(self, found: Rows) -> F32:
        """The scores of one message from its rows, shape (columns,)."""
        scores: F32 = self._scores(found)[0]
        return scores

    def scores_many(self, texts: Sequence[Text]) -> Iterator[tuple[F32, float]]:
        """For each text in order its :meth:`scores`, and the share of its n-grams that is known.

        Faster than one by one: most steps are taken for some dozens of texts at once.
        """
        for first in range(0, len(texts), _BATCH):
            found = self._look_up(texts[first : first + _BATCH])
            known = (Rows(*parts).known for parts in zip(found[::2], found[1::2], strict=True))
            yield from zip(self._scores(found), known, strict=True)

    def _scores(self, found: Sequence[U16]) -> F32:
        """The scores of texts, shape (texts, columns), from the rows of each whole and opening."""
        kept, ends = damped(found)
        parts = self._scales(kept, ends) * self._totals(kept, ends)
        scores = np.empty((len(found) // 2, self.rows.shape[1]), np.float32)
        scores[...] = self.columns[1]
        scores += parts[::2]
        scores += parts[1::2]
        return scores

    def _totals(self, kept: U16, ends: Sequence[int]) -> I32:
        """The sums of the rows of joined parts, shape (parts, columns)."""
        totals = np.zeros((len(ends), self.rows.shape[1]), np.int32)
        for place, part in enumerate(_divided(kept, ends)):
            for first in range(0, len(part), _PIECE):
                totals[place] += self._total(part[first : first + _PIECE])
        return totals

    def _total(self, piece: U16) -> I32:
        """The sum of at most ``_PIECE`` rows, shape (columns,).

        256 numbers of 8 bits add up within 16, which is faster than 32; so are eight rows side
        by side, as one long line. (A matrix product would be as fast, but calls up threads.)
        """
        lines = -(-len(piece) // _LANES)
        padded = np.zeros(lines * _LANES, piece.dtype)
        padded[: len(piece)] = piece
        # No row is out of range: the table was checked when the file was read.
        gathered = self.rows.take(padded, axis=0, mode="clip").reshape(lines, -1)
        lanes = np.add.reduce(gathered, axis=0, dtype=np.int16).reshape(_LANES, -1)
        total: I32 = np.add.reduce(lanes, axis=0, dtype=np.int32)
        return total


def damped(parts: Sequence[U16]) -> tuple[U16, list[int]]:
    """Of ``n`` equal entries of a part keep ``1 + ⌊log₂ n⌋``: a word said ten times is not ten.

    Returns
    -------
    array
        What is kept of each part, in ascending order, one part behind the other.
    list of int
        Where each part ends in it.
    """
    joined = np.concatenate(parts)
    ends = list(accumulate(map(len, parts)))
    for part in _divided(joined, ends):
        part.sort()
    is_first = np.empty(len(joined) + 1, bool)
    np.not_equal(joined[1:], joined[:-1], out=is_first[1:-1])
    is_first[0] = True
    for end in ends:
        is_first[end] = True
    firsts = is_first.nonzero()[0]
    # A number's exponent is the count of its binary digits.
    times = np.frexp(firsts[1:] - firsts[:-1])[1]
    kept = joined.take(firsts[:-1]).repeat(times)
    borders = firsts.searchsorted(ends).tolist()
    sizes = (int(np.add.reduce(times[start:end])) for start, end in pairwise((0, *borders)))
    return kept, list(accumulate(sizes))


def _divided(joined: npt.NDArray[T], ends: Iterable[int]) -> Iterator[npt.NDArray[T]]:
    """The parts of an array, by where they end."""
    start = 0
    for end in ends:
        yield joined[start:end]
        start = end


def read_weights(scheme: Mapping[str, Any], sections: Mapping[str, Section]) -> Weights:
    """The weights of a model file.

    Parameters
    ----------
    scheme
        The feature scheme in JSON types.
    sections
        Holding ``table``, ``strengths``, ``rows`` and ``columns``.

    Raises
    ------
    KeyError, TypeError, ValueError
        Something is missing or does not fit together.
    """
    arrays = [sections[name].array for name in ("table", "strengths", "rows", "columns")]
    weights = Weights(FeatureScheme.from_json(dict(scheme)), *arrays)
    _check(weights)
    return weights


def _check(weights: Weights) -> None:
    table, strengths, rows, columns = (
        weights.table, weights.strengths, weights.rows, weights.columns
    )  # fmt: skip
    kinds = [array.dtype for array in (table, strengths, rows, columns)]
    if kinds[0] not in (np.uint16, np.uint32) or kinds[1:] != [np.float32, np.int8, np.float32]:
        raise TypeError(kinds)
    if rows.ndim != 2 or columns.shape != (2, rows.shape[1]) or strengths.shape != rows.shape[:1]:
        raise ValueError(rows.shape)
    if table.shape != (2**weights.scheme.bits,) or int(table.max()) >= len(rows):
        raise ValueError(table.shape)
    if not np.isfinite(strengths).all() or not (np.abs(columns) <= _GREATEST).all():
        raise ValueError("not finite")
    if (strengths < 0).any() or strengths[0] != 0 or rows[0].any():
        raise ValueError("row 0")


def write_weights(weights: Weights) -> dict[str, Section]:
    """The sections that :func:`read_weights` reads."""
    return {
        "table": Section(weights.table),
        "strengths": Section(weights.strengths),
        "rows": Section(weights.rows),
        "columns": Section(weights.columns),
    }
