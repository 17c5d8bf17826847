"""Term statistics: in how few matters words and names occur.

They are fitted by ``training.term_statistics`` and kept in the model file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.unsignedinteger]

_IDF_STEP = 16.0


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """Inverse matter frequencies of hashed words and of hashed names, each of size 2^k.

    See ``training.term_statistics``.
    """

    words: F32
    names: F32


def weigh(hashes: Hashes, idf: F32) -> F32:
    """The inverse matter frequency of each hash; shape as ``hashes``."""
    greatest = (1 << 8 * hashes.itemsize) - 1
    weights: F32 = idf[hashes & hashes.dtype.type((len(idf) - 1) & greatest)]
    return weights


def compress(idf: F32) -> npt.NDArray[np.uint8]:
    """Inverse frequencies in sixteenths, as the model file keeps them."""
    kept: npt.NDArray[np.uint8] = np.rint(np.clip(idf * _IDF_STEP, 0, 255)).astype(np.uint8)
    return kept


def expand(kept: npt.NDArray[np.uint8]) -> F32:
    """What ``compress`` made, as the numbers to weigh with."""
    return kept.astype(np.float32) / np.float32(_IDF_STEP)
