"""Terms: the content words of a message, hashed, counted and weighed.

A term is a number of 32 bits: 24 of its word's hash, then whether the title and the subject say
it, then how often it is said. Where the compiled part was built it makes them, otherwise numpy
does, with the same result to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from classifier.compiled import find_compiled
from classifier.hashing import word_hashes
from classifier.matching.term_statistics import TermStatistics, weigh
from classifier.reading.reader import Reading
from classifier.reading.subject import (
    ENDING_WORDS,
    ENDINGS,
    LONG_ENDINGS,
    content_of,
    spans_of_names,
)

# The compiled part; None where there is none, and then numpy does all.
compiled = find_compiled("_terms")

U32 = npt.NDArray[np.uint32]
F32 = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

EMPTY = np.uint32(0xFFFFFFFF)
_HASH_BITS, _COUNT_BITS = 24, 6
_HASH_MASK = np.uint32((1 << _HASH_BITS) - 1)
_COUNT_MASK = np.uint32((1 << _COUNT_BITS) - 1)
_IN_TITLE, _IN_SUBJECT = np.uint32(1 << 7), np.uint32(1 << 6)
_FLAG_BITS = np.uint32(8)
_TITLE_TIMES = 3
# A term said n times weighs ``1 + ln n`` times; in so few binary digits that products with
# rarities, and sums of such products, are exact.
_TIMES = np.arange(1, 1 << _COUNT_BITS)
DAMPED = np.append(0.0, np.rint((1.0 + np.log(_TIMES)) * 256) / 256).astype(np.float32)


def weighed_terms(reading: Reading, statistics: TermStatistics) -> tuple[U32, F32]:
    """The distinct terms of a message, ascending, and the strength of each; shape (n,) both.

    Each word of a title counts three times: it names the matter in few of them.
    """
    if compiled is None:
        return weighed_terms_by_numpy(reading, statistics)
    found: tuple[U32, F32] = compiled.weighed_terms(
        reading.title_tokens,
        reading.body_tokens,
        spans_of_names(reading),
        ENDINGS,
        LONG_ENDINGS,
        ENDING_WORDS,
        statistics.words,
        DAMPED,
    )
    return found


def weighed_terms_by_numpy(reading: Reading, statistics: TermStatistics) -> tuple[U32, F32]:
    """The same without the compiled part."""
    content = content_of(reading)
    hashes = term_hashes(content.words)
    of_title = hashes[: content.title_count]
    repeated = np.concatenate((hashes, *(of_title for _ in range(_TITLE_TIMES - 1))))
    distinct, times = np.unique(repeated, return_counts=True)
    counts = np.minimum(times, int(_COUNT_MASK)).astype(np.uint32)
    terms: U32 = distinct << _FLAG_BITS | counts
    terms[np.searchsorted(distinct, of_title)] |= _IN_TITLE
    terms[np.searchsorted(distinct, hashes[content.is_subject])] |= _IN_SUBJECT
    return terms, strengths(terms, statistics)[1]


def hashes_of(terms: U32) -> U32:
    """The 24-bit hashes of terms; ``EMPTY`` gives a hash as well."""
    return terms >> _FLAG_BITS


def term_hashes(words: Sequence[str]) -> U32:
    """The 24-bit hashes that the terms of these words have."""
    return word_hashes(words) & _HASH_MASK


def is_in_title(terms: U32) -> Bools:
    """Which terms the title says."""
    found: Bools = (terms & _IN_TITLE).astype(bool) & (terms != EMPTY)
    return found


def is_in_subject(terms: U32) -> Bools:
    """Which terms are about the subject: no name of a place or person."""
    found: Bools = (terms & _IN_SUBJECT).astype(bool) & (terms != EMPTY)
    return found


def strengths(terms: U32, statistics: TermStatistics) -> tuple[F32, F32]:
    """How rare each term is, and its weight by rarity and count; 0 where empty."""
    rarity = weigh(hashes_of(terms), statistics.words) * (terms != EMPTY)
    return rarity, DAMPED[terms & _COUNT_MASK] * rarity
