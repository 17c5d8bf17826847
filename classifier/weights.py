"""Weights: rows of 8-bit numbers, one row an n-gram, one column a label; a text's scores are a sum.

The sum of a text's rows is divided by the text's length in the space of n-grams, so that long
and short messages compare. Inverse document frequencies are already in the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.features import FeatureScheme, Text, slots
from classifier.modelfile import Section

F32 = npt.NDArray[np.float32]
U16 = npt.NDArray[np.uint16]
I8 = npt.NDArray[np.int8]

_CHUNK = 256


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

    def look_up(self, text: Text) -> U16:
        """The row of each n-gram of a text, in the order of ``features.slots``."""
        found: U16 = self.table.take(slots(text, self.scheme))
        return found

    def scale(self, kept: U16) -> F32:
        """What a text's sum of damped rows is multiplied with, shape (columns,)."""
        length = float(self.strengths.take(kept).sum()) ** 0.5
        scale: F32 = self.columns[0] / np.float32(length or 1.0)
        return scale

    def scores(self, found: U16) -> F32:
        """The scores of one message from its rows, shape (columns,)."""
        kept = damped(np.sort(found))
        gathered = self.rows.take(kept, axis=0)
        total = np.zeros(self.rows.shape[1], np.int32)
        for first in range(0, len(kept), _CHUNK):
            # 256 numbers of 8 bits add up within 16, which is faster than 32. (A matrix product
            # would be as fast, but calls up threads.)
            total += np.add.reduce(gathered[first : first + _CHUNK], axis=0, dtype=np.int16)
        scores: F32 = total * self.scale(kept) + self.columns[1]
        return scores


def damped(ascending: U16) -> U16:
    """Of ``n`` equal entries keep ``1 + ⌊log₂ n⌋``: a word said ten times is not ten words.

    ``ascending`` has shape (n,) and is sorted; so is what is returned.
    """
    is_new = np.ones(len(ascending), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=is_new[1:])
    place = np.arange(len(ascending))
    nth = place - np.maximum.accumulate(place * is_new)
    kept: U16 = ascending[nth & (nth + 1) == 0]
    return kept


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
    if kinds != [np.uint16, np.float32, np.int8, np.float32]:
        raise TypeError(kinds)
    if rows.ndim != 2 or columns.shape != (2, rows.shape[1]) or strengths.shape != rows.shape[:1]:
        raise ValueError(rows.shape)
    if table.shape != (2**weights.scheme.bits,) or int(table.max()) >= len(rows):
        raise ValueError(table.shape)
    if not (np.isfinite(strengths).all() and np.isfinite(columns).all()):
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
