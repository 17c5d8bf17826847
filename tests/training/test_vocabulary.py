"""Texts as vectors: the same arithmetic as the model's own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_array

from classifier.judging.features import FeatureScheme
from classifier.judging.taxonomy import Taxonomy
from tests.training.small import small_examples
from training.vocabulary import (
    Counts,
    Vocabulary,
    count_slots,
    fit_vocabulary,
    on_both_sides,
)

SCHEME = FeatureScheme(bits=16)
TEXTS = [example.text for example in small_examples(Taxonomy.load())]


def frequencies(counts: Counts) -> npt.NDArray[np.intp]:
    return sum((part.toarray() > 0).sum(axis=0) for part in counts)


def test_an_opening_has_its_share_of_length() -> None:
    counts = count_slots(TEXTS, SCHEME)
    vocabulary = fit_vocabulary(counts, 1)
    whole = vocabulary.vectors(counts, 0.0)
    opening = vocabulary.vectors(counts, 0.4) - whole
    # No n-gram of these titles occurs twice, so that their part is of that length exactly.
    assert opening.multiply(opening).sum(axis=1) == pytest.approx(0.4)
    assert whole.multiply(whole).sum(axis=1).min() >= 1 - 1e-9


def test_only_slots_of_enough_texts_are_kept() -> None:
    counts = count_slots(TEXTS, SCHEME)
    frequency = frequencies(counts)
    assert np.array_equal(fit_vocabulary(counts, 3).kept, np.flatnonzero(frequency >= 3))


def test_rare_slots_weigh_more() -> None:
    counts = count_slots(TEXTS, SCHEME)
    vocabulary = fit_vocabulary(counts, 1)
    frequency = frequencies(counts)[vocabulary.kept]
    assert vocabulary.idf[frequency == 1].min() > vocabulary.idf[frequency == 12].max()


def test_the_table_gives_each_kept_slot_its_row() -> None:
    vocabulary = fit_vocabulary(count_slots(TEXTS, SCHEME), 2)
    table = vocabulary.table(SCHEME.bits)
    assert table[vocabulary.kept].tolist() == list(range(1, len(vocabulary.kept) + 1))
    assert np.count_nonzero(table) == len(vocabulary.kept)
    assert vocabulary.strengths()[0] == 0


def test_a_text_of_nothing_known_is_the_zero_vector() -> None:
    vocabulary = fit_vocabulary(count_slots(TEXTS, SCHEME), 12)
    foreign = TEXTS[0]._replace(title="", body="xyz", title_tokens=(), body_tokens=("xyz",))
    counts = count_slots([foreign], SCHEME)
    assert vocabulary.vectors(counts, 0.4).toarray().max() <= 1
    assert 0 <= vocabulary.known(counts)[0] < 1


def test_known_is_the_share_of_all_ngrams() -> None:
    counts = count_slots(TEXTS, SCHEME)
    assert fit_vocabulary(counts, 1).known(counts) == pytest.approx(1.0)


def test_what_one_kind_of_texts_hardly_shows_is_left_out() -> None:
    common, plain_only, cut_only, rare = 1, 2, 3, 4
    rows = [[common, plain_only]] * 20 + [[common, cut_only]] * 20 + [[rare]] * 2
    ends = np.cumsum([0, *map(len, rows)])
    counts = csr_array((np.ones(ends[-1]), np.concatenate(rows), ends), (42, 8))
    vocabulary = Vocabulary(np.array([1, 2, 3, 4]), np.ones(4))
    is_cut = np.arange(42) >= 20
    assert vocabulary.kept[on_both_sides(vocabulary, counts, is_cut)].tolist() == [common, rare]


def test_the_commonest_are_those_of_most_texts() -> None:
    counts = count_slots(TEXTS, SCHEME)
    vocabulary = fit_vocabulary(counts, 1)
    kept = vocabulary.commonest(10)
    assert len(kept.kept) == 10
    assert (np.diff(kept.kept) > 0).all()
    left_out = ~np.isin(vocabulary.kept, kept.kept)
    assert kept.idf.max() <= vocabulary.idf[left_out].min()
    assert len(vocabulary.commonest(10**6).kept) == len(vocabulary.kept)


@pytest.mark.parametrize(("rows", "kind"), [(65_535, np.uint16), (65_536, np.uint32)])
def test_a_table_has_as_many_bits_as_its_rows_need(rows: int, kind: type) -> None:
    vocabulary = Vocabulary(np.arange(rows), np.ones(rows))
    table = vocabulary.table(17)
    assert table.dtype == kind
    assert table[rows - 1] == rows
