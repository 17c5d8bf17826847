"""Sketch: a text in 96 bytes, by which two tell how much of their letters they have in common.

One-permutation hashing (Li, Owen and Zhang, 2012) of all runs of three letters: the least hash in
each bin. Two texts agree in as many of their filled bins as they share of all their runs. Eight
bits of a hash are enough to compare (Li and König, 2010, "b-bit minwise hashing").
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifier.compiled import find_compiled
from classifier.hashing import ngram_hashes

# The compiled part; None where there is none, and then numpy does all.
compiled = find_compiled("_terms")

U8 = npt.NDArray[np.uint8]

BINS = 96
_RUN = 3


def sketch(text: str) -> U8:
    """The sketch of a text, shape (BINS,); 0 where no run falls into a bin."""
    if compiled is None:
        return sketch_by_numpy(text)
    found: U8 = compiled.sketch(text)
    return found


def sketch_by_numpy(text: str) -> U8:
    """The same without the compiled part."""
    (hashes,) = ngram_hashes(text, _RUN)
    least = np.zeros(BINS, np.uint8)
    # Of several values for a bin the last one written stays: the smallest.
    descending = np.sort(hashes)[::-1]
    least[descending % np.uint32(BINS)] = (descending // np.uint32(BINS)) % np.uint32(255) + 1
    return least
