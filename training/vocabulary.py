"""The vocabulary: which slots of the hash space get a row of weights, and texts as its vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array

from classifier.hashing import U32
from classifier.judging.features import FeatureScheme, Text, slots
from classifier.judging.weights import RowNumbers

F64 = npt.NDArray[np.float64]

_ONE_SIDED = 0.2  # an n-gram seen on one side less often than this part of what is expected …
_FEWEST_EXPECTED = 5.0  # … is left out, if so many texts are expected


class Counts(NamedTuple):
    """How often each slot occurs in each text, in its whole and in its opening.

    Both have shape (texts, 2**bits).
    """

    whole: csr_array
    opening: csr_array

    def of(self, texts: npt.NDArray[np.intp]) -> Counts:
        """The counts of some texts."""
        return Counts(self.whole[texts], self.opening[texts])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Kept slots, ascending, and the inverse document frequency of each. Both of shape (n,).

    Row 0 of a model stands for everything else; the kept slots have the rows 1…n.
    """

    kept: npt.NDArray[np.int64]
    idf: F64

    def table(self, bits: int) -> RowNumbers:
        """The row of each of ``2**bits`` slots, in 16 bits where these can tell the rows apart."""
        fits = len(self.kept) <= np.iinfo(np.uint16).max
        table: RowNumbers = np.zeros(1 << bits, np.uint16 if fits else np.uint32)
        table[self.kept] = np.arange(1, len(self.kept) + 1)
        return table

    def strengths(self) -> npt.NDArray[np.float32]:
        """What each row, 0 first, adds to the square of a text's length."""
        return np.concatenate(([0.0], np.square(self.idf))).astype(np.float32)

    def vectors(self, counts: Counts, opening_share: float) -> csr_array:
        """Texts as vectors, shape (texts, n), from :func:`count_slots`.

        The whole text's part has about length 1 (an n-gram that counts twice adds twice to its
        square), the opening's about the square root of ``opening_share``.
        """
        factor = np.sqrt(opening_share)
        return csr_array(self._scaled(counts.whole) + self._scaled(counts.opening) * factor)

    def _scaled(self, counts: csr_array) -> csr_array:
        # An n-gram that occurs c times counts 1 + ⌊log₂ c⌋, as in classifier.judging.weights.
        damped = counts[:, self.kept]
        damped.data = 1 + np.floor(np.log2(damped.data))
        squares = damped @ np.square(self.idf)
        lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
        return csr_array(diags_array(1 / lengths) @ damped @ diags_array(self.idf))

    def known(self, counts: Counts) -> F64:
        """The share of each whole text's n-grams that have a row, shape (texts,)."""
        whole = counts.whole
        return np.asarray(whole[:, self.kept].sum(axis=1) / whole.sum(axis=1))

    def only(self, places: npt.NDArray[np.intp]) -> Vocabulary:
        """The vocabulary of some of the kept slots, given by ascending place."""
        return Vocabulary(self.kept[places], self.idf[places])

    def commonest(self, count: int) -> Vocabulary:
        """The vocabulary of the slots of most texts, at most ``count``."""
        return self.only(np.sort(np.argsort(self.idf, kind="stable")[:count]))


def count_slots(texts: Sequence[Text], scheme: FeatureScheme) -> Counts:
    """Count each text's n-grams."""
    found = [slots(text, scheme) for text in texts]
    shape = (len(texts), 1 << scheme.bits)
    return Counts(
        _counted([each.whole for each in found], shape),
        _counted([each.opening for each in found], shape),
    )


def _counted(found: Sequence[U32], shape: tuple[int, int]) -> csr_array:
    counted = [np.unique(each, return_counts=True) for each in found]
    ends = np.concatenate(([0], np.cumsum([len(kinds) for kinds, _ in counted])))
    columns = np.concatenate([kinds for kinds, _ in counted]).astype(np.int64)
    times = np.concatenate([times for _, times in counted]).astype(np.float64)
    return csr_array((times, columns, ends), shape)


def fit_vocabulary(counts: Counts, least_texts: int) -> Vocabulary:
    """Keep the slots that occur in ``least_texts`` texts or more."""
    texts, slot_count = counts.whole.shape
    frequency = np.zeros(slot_count, np.int64)
    for part in counts:
        frequency += np.bincount(part.indices, minlength=slot_count)
    kept = np.flatnonzero(frequency >= least_texts)
    return Vocabulary(kept, np.log((1 + texts) / (1 + frequency[kept])) + 1)


def on_both_sides(
    vocabulary: Vocabulary, whole: csr_array, is_cut: npt.NDArray[np.bool_]
) -> npt.NDArray[np.intp]:
    """The places of n-grams that two kinds of texts show about alike.

    What one kind has hardly ever (words that cutting left out, borders that it moved) says of
    which kind a text is, and makes the others of that text weigh less.

    Parameters
    ----------
    vocabulary
        The kept slots.
    whole
        How often each slot occurs in each text, shape (texts, 2**bits).
    is_cut
        The kind of each text, shape (texts,); both occur.
    """
    share = np.bincount(whole.indices, minlength=whole.shape[1])[vocabulary.kept] / whole.shape[0]
    is_alike = np.ones(len(vocabulary.kept), bool)
    for side in (is_cut, ~is_cut):
        texts = whole[np.flatnonzero(side)]
        seen = np.bincount(texts.indices, minlength=whole.shape[1])[vocabulary.kept]
        expected = share * texts.shape[0]
        is_alike &= (expected < _FEWEST_EXPECTED) | (seen >= _ONE_SIDED * expected)
    return np.flatnonzero(is_alike)
