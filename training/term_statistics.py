"""Term statistics: in how many matters a word or the name of a concrete thing occurs.

Inverse document frequency (Spärck Jones, 1972) takes a name for common because sixty letters of one
matter say it. Here a text counts one part of as many as there are texts much like it that say the
term too, so that a matter counts about once, however many letters it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array

from classifier.hashing import U32, word_hashes
from classifier.matching.term_statistics import TermStatistics, compress, expand
from classifier.reading.reader import Reading
from classifier.reading.subject import content_words
from classifier.text.names import concrete_names

F64 = npt.NDArray[np.float64]

_WORD_BITS, _NAME_BITS = 18, 16
_ALIKE = 0.22  # cosine of two texts' words from which they may be of one matter
_ROUNDS = 2  # the second finds likes by what the first has found rare


def fit_term_statistics(readings: Iterable[Reading]) -> TermStatistics:
    """Inverse matter frequencies over messages, as the model file will give them back."""
    terms = [_terms(reading) for reading in readings]
    words = _counts([said for said, _ in terms], _WORD_BITS)
    names = _counts([named for _, named in terms], _NAME_BITS)
    idf = _idf(_document_frequency(words), len(terms))
    for _ in range(_ROUNDS):
        alike = _alike(words, idf)
        idf = _idf(_matter_frequency(words, alike), len(terms))
    of_names = _idf(_matter_frequency(names, alike), len(terms))
    return TermStatistics(*(expand(compress(each.astype(np.float32))) for each in (idf, of_names)))


def _terms(reading: Reading) -> tuple[U32, U32]:
    words = content_words((*reading.title_tokens, *reading.body_tokens))
    return word_hashes(words), word_hashes(concrete_names(reading.whole))


def _counts(hashes: Sequence[U32], bits: int) -> csr_array:
    """How often each slot occurs in each text, shape (texts, 2**bits)."""
    columns = np.concatenate([np.zeros(0, np.uint32), *hashes]) & np.uint32((1 << bits) - 1)
    ends = np.concatenate(([0], np.cumsum([len(each) for each in hashes])))
    ones = np.ones(len(columns), np.float32)
    counts = csr_array((ones, columns.astype(np.int32), ends), (len(hashes), 1 << bits))
    counts.sum_duplicates()
    return counts


def _idf(frequency: F64, texts: int) -> F64:
    idf: F64 = np.log((texts + 1) / (frequency + 0.5))
    return idf


def _document_frequency(counts: csr_array) -> F64:
    found = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(found, np.float64)


def _alike(words: csr_array, idf: F64) -> csr_array:
    """1 where two texts are much alike in words, each like itself: shape (texts, texts)."""
    weighted = words.copy()
    weighted.data = ((1.0 + np.log(words.data)) * idf[words.indices]).astype(np.float32)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    inverse = (1.0 / np.maximum(lengths, 1e-9)).astype(np.float32)
    weighted = csr_array(diags_array(inverse) @ weighted)
    alike = csr_array(weighted @ weighted.T)
    alike.data = (alike.data >= _ALIKE).astype(np.float32)
    alike.setdiag(1.0)
    alike.eliminate_zeros()
    return alike


def _matter_frequency(counts: csr_array, alike: csr_array) -> F64:
    """In how many matters each slot occurs, shape (slots,): at most its document frequency."""
    has = counts.copy()
    has.data = np.ones_like(counts.data)
    likes = csr_array((alike @ has).multiply(has))
    shares = (1.0 / likes.data).astype(np.float64)
    return np.asarray(np.bincount(likes.indices, shares, minlength=counts.shape[1]), np.float64)
