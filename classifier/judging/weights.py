"""Weights: rows of 8-bit numbers, one row an n-gram, one column a label; a text's scores are a sum.

The sum of the whole text's rows is divided by its length in the space of n-grams, so that long
and short messages compare; so is the sum of its opening's rows, and both are added. Inverse
document frequencies are already in the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from classifier.hashing import U32
from classifier.judging.features import FeatureScheme, Text, joined_slots
from classifier.modelfile import Section

F32 = npt.NDArray[np.float32]
RowNumbers = npt.NDArray[np.unsignedinteger[Any]]  # of 16 or 32 bits, as the rows need
I8 = npt.NDArray[np.int8]
I32 = npt.NDArray[np.int32]
Counts = npt.NDArray[np.intp]
T = TypeVar("T", bound=np.generic)

_LANES = 8
_PIECE = 256 * _LANES
_LEAST_COUNTS = 4096  # more than nearly any text has n-grams
# Of scales and biases; within it no text's score overflows.
_GREATEST = 1e6


class Rows(NamedTuple):
    """The row of each n-gram of a text's two parts, each in the order of ``features.slots``."""

    whole: RowNumbers
    opening: RowNumbers

    @property
    def known(self) -> float:
        """The share of the whole text's n-grams that training has kept (0–1)."""
        return known_share(self.whole)

    def damped(self) -> Rows:
        """Both parts in ascending order, with fewer equal entries: see :func:`damped`."""
        return Rows(damped(self.whole), damped(self.opening))


def known_share(rows: RowNumbers) -> float:
    """The share of n-grams that training has kept, from their rows (0–1); 0 where there is none."""
    return int(np.count_nonzero(rows)) / max(len(rows), 1)


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
    table: RowNumbers
    strengths: F32
    rows: I8
    columns: F32

    def look_up(self, text: Text) -> Rows:
        """The rows of a text's n-grams."""
        slots, border = joined_slots(text, self.scheme)
        rows = self.table.take(slots)
        return Rows(rows[:border], rows[border:])

    def scales(self, kept: Rows) -> tuple[F32, F32]:
        """What the sums of a text's damped rows are multiplied with, two of shape (columns,)."""
        whole = 1.0 / self._length(kept.whole)
        opening = self.scheme.opening_share**0.5 / self._length(kept.opening)
        return np.float32(whole) * self.columns[0], np.float32(opening) * self.columns[0]

    def _length(self, kept: RowNumbers) -> float:
        """The length of a part in the space of n-grams, from its damped rows; 1 instead of 0."""
        return float(np.add.reduce(self.strengths.take(kept))) ** 0.5 or 1.0

    def scores(self, found: Rows) -> F32:
        """The scores of one message from its rows, shape (columns,)."""
        kept = found.damped()
        whole, opening = self.scales(kept)
        scores: F32 = (self._total(kept.whole) * whole + self.columns[1]).astype(np.float32)
        scores += self._total(kept.opening) * opening
        return scores

    def scores_many(self, texts: Sequence[Text]) -> tuple[F32, list[float]]:
        """The scores of some dozens of texts at less cost than one by one.

        Returns
        -------
        array, shape (texts, columns)
            The :meth:`scores` of each.
        list of float
            The share of each text's n-grams that is known: :attr:`Rows.known`.
        """
        found, ends = self._look_up_many(texts)
        parts = _divided(found, ends)
        known = [known_share(whole) for whole in parts[::2]]
        return self._scores_many(found, ends), known

    def _look_up_many(self, texts: Sequence[Text]) -> tuple[RowNumbers, list[int]]:
        """The rows of each text's whole and opening, joined, and where each of these parts ends."""
        slots: list[U32] = []
        ends = [0]
        for text in texts:
            found, border = joined_slots(text, self.scheme)
            slots.append(found)
            ends += (ends[-1] + border, ends[-1] + len(found))
        return self.table.take(np.concatenate(slots)), ends[1:]

    def _scores_many(self, found: RowNumbers, ends: Sequence[int]) -> F32:
        """What :meth:`scores` says of joined texts, shape (texts, columns)."""
        parts = _divided(*damped_parts(found, ends))
        lengths = np.array([self._length(part) for part in parts]).reshape(-1, 2)
        factors = ((1.0, self.scheme.opening_share**0.5) / lengths).astype(np.float32)
        scales = factors[..., None] * self.columns[0]
        scaled = np.array([self._total(part) for part in parts]).reshape(scales.shape) * scales
        scores: F32 = (scaled[:, 0] + self.columns[1]).astype(np.float32)
        scores += scaled[:, 1]
        return scores

    def _total(self, kept: RowNumbers) -> I32:
        """The sum of the rows of a part, shape (columns,).

        256 numbers of 8 bits add up within 16, which is faster than 32; so are eight rows side
        by side, as one long line. (A matrix product would be as fast, but calls up threads.)
        """
        if len(kept) > _PIECE:
            return self._total(kept[:_PIECE]) + self._total(kept[_PIECE:])
        padded = np.zeros(-(-len(kept) // _LANES) * _LANES, np.intp)
        padded[: len(kept)] = kept
        # No row is out of range: the table was checked when the file was read.
        gathered = self.rows.take(padded, axis=0, mode="clip")
        lines = gathered.reshape(-1, _LANES * gathered.shape[1])
        lanes = np.add.reduce(lines, axis=0, dtype=np.int16).reshape(_LANES, -1)
        total: I32 = np.add.reduce(lanes, axis=0, dtype=np.int32)
        return total


def damped(rows: RowNumbers) -> RowNumbers:
    """Of ``n`` equal rows of a part keep ``1 + ⌊log₂ n⌋``: a word said ten times is not ten.

    Returns what is kept, in ascending order.
    """
    ordered = rows.copy()
    ordered.sort()
    is_first = np.empty(len(ordered) + 1, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:-1])
    is_first[0] = is_first[-1] = True
    firsts = is_first.nonzero()[0]
    digits = _binary_digits(max(_LEAST_COUNTS, 1 << len(rows).bit_length()))
    return ordered.take(firsts[:-1]).repeat(digits.take(firsts[1:] - firsts[:-1]))


def damped_parts(joined: RowNumbers, ends: Sequence[int]) -> tuple[RowNumbers, list[int]]:
    """What :func:`damped` keeps of each of many parts, which lie one behind the other.

    Returns
    -------
    array
        What is kept, the parts one behind the other.
    list of int
        Where each part ends in it.
    """
    ordered = joined.copy()
    for part in _divided(ordered, ends):
        part.sort()
    is_first = np.empty(len(ordered) + 1, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:-1])
    is_first[0] = is_first[list(ends)] = True
    firsts = is_first.nonzero()[0]
    digits = _binary_digits(max(_LEAST_COUNTS, 1 << len(joined).bit_length()))
    times = digits.take(firsts[1:] - firsts[:-1])
    kept_before = np.zeros(len(firsts), np.intp)
    times.cumsum(out=kept_before[1:])
    kept_ends: list[int] = kept_before.take(firsts.searchsorted(ends)).tolist()
    return ordered.take(firsts[:-1]).repeat(times), kept_ends


def _divided(joined: npt.NDArray[T], ends: Sequence[int]) -> list[npt.NDArray[T]]:
    """The parts of an array, by where they end."""
    return [joined[start:end] for start, end in zip((0, *ends), ends, strict=False)]


@cache
def _binary_digits(length: int) -> Counts:
    """How many binary digits each number below ``length`` has."""
    return np.frexp(np.arange(length))[1].astype(np.intp)


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
