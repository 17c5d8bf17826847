"""Near copies: which messages say nearly the same, so that they never stand on both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from classifier.hashing import ngram_hashes
from classifier.judging.features import Text

_ORDER = 3
_COMMON = 60
_SHARED = 0.5
_SHORTEST = 20


def group_near_copies(texts: Sequence[Text]) -> npt.NDArray[np.intp]:
    """Number the groups of messages that share half of their uncommon character trigrams.

    Parameters
    ----------
    texts
        The messages.

    Returns
    -------
    array of intp, shape (len(texts),)
        Messages of one number are near copies, directly or by others between them.
    """
    grams = _uncommon(_trigrams(texts))
    sizes = np.maximum(np.diff(grams.indptr), _SHORTEST)
    shared = coo_array(grams @ grams.T)
    first, second = shared.coords
    is_close = shared.data > _SHARED * np.minimum(sizes[first], sizes[second])
    edges = coo_array((is_close[is_close], (first[is_close], second[is_close])), shared.shape)
    return np.asarray(connected_components(edges, directed=False)[1], np.intp)


def _trigrams(texts: Sequence[Text]) -> csr_array:
    rows = [np.unique(ngram_hashes(f"{text.title}\n{text.body}", _ORDER)[0]) for text in texts]
    hashes, columns = np.unique(np.concatenate(rows), return_inverse=True)
    ends = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
    ones = np.ones(len(columns), np.int32)
    return csr_array((ones, columns, ends), (len(rows), len(hashes)))


def _uncommon(grams: csr_array) -> csr_array:
    """Only trigrams of few messages: others say nothing of copying and cost much."""
    frequency = np.bincount(grams.indices, minlength=grams.shape[1])
    return csr_array(grams[:, np.flatnonzero(frequency <= _COMMON)])


def folds(groups: npt.NDArray[np.intp], count: int, seed: int) -> npt.NDArray[np.intp]:
    """Deal groups out to ``count`` folds at random; shape as ``groups``, values 0…count-1."""
    dealt = np.random.default_rng(seed).permutation(int(groups.max()) + 1) % count
    return np.asarray(dealt[groups], np.intp)
