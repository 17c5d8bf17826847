"""The vocabulary: which slots of the hash space get a row of weights, and texts as its vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array

from classifier.features import FeatureScheme, Text, slots

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Kept slots, ascending, and the inverse document frequency of each. Both of shape (n,).

    Row 0 of a model stands for everything else; the kept slots have the rows 1…n.
    """

    kept: npt.NDArray[np.int64]
    idf: F64

    def table(self, bits: int) -> npt.NDArray[np.uint16]:
        """The row of each of ``2**bits`` slots."""
        table = np.zeros(1 << bits, np.uint16)
        table[self.kept] = np.arange(1, len(self.kept) + 1)
        return table

    def strengths(self) -> npt.NDArray[np.float32]:
        """What each row, 0 first, adds to the square of a text's length."""
        return np.concatenate(([0.0], np.square(self.idf))).astype(np.float32)

    def vectors(self, counts: csr_array) -> csr_array:
        """Texts as vectors of length about 1, shape (texts, n), from :func:`count_slots`.

        An n-gram that occurs ``c`` times counts ``1 + ⌊log₂ c⌋``, as in ``classifier.weights``.
        """
        damped = counts[:, self.kept]
        damped.data = 1 + np.floor(np.log2(damped.data))
        squares = damped @ np.square(self.idf)
        lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
        scaled = diags_array(1 / lengths) @ damped @ diags_array(self.idf)
        return csr_array(scaled)

    def known(self, counts: csr_array) -> F64:
        """The share of each text's n-grams that have a row, shape (texts,)."""
        return np.asarray(counts[:, self.kept].sum(axis=1) / counts.sum(axis=1))

    def only(self, places: npt.NDArray[np.intp]) -> Vocabulary:
        """The vocabulary of some of the kept slots, given by ascending place."""
        return Vocabulary(self.kept[places], self.idf[places])


def count_slots(texts: Sequence[Text], scheme: FeatureScheme) -> csr_array:
    """Counts of each text's n-grams: shape (texts, 2**bits), float64."""
    found = [np.unique(slots(text, scheme), return_counts=True) for text in texts]
    ends = np.concatenate(([0], np.cumsum([len(kinds) for kinds, _ in found])))
    columns = np.concatenate([kinds for kinds, _ in found]).astype(np.int64)
    times = np.concatenate([times for _, times in found]).astype(np.float64)
    return csr_array((times, columns, ends), (len(texts), 1 << scheme.bits))


def fit_vocabulary(counts: csr_array, least_texts: int) -> Vocabulary:
    """Keep the slots that occur in ``least_texts`` texts or more."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(frequency >= least_texts)
    return Vocabulary(kept, np.log((1 + counts.shape[0]) / (1 + frequency[kept])) + 1)
