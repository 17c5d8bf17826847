"""Texts as vectors: the same arithmetic as the model's own."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.features import FeatureScheme
from classifier.taxonomy import Taxonomy
from tests.training.small import small_examples
from training.vocabulary import count_slots, fit_vocabulary

SCHEME = FeatureScheme(bits=16)
TEXTS = [example.text for example in small_examples(Taxonomy.load())]


def test_only_slots_of_enough_texts_are_kept() -> None:
    counts = count_slots(TEXTS, SCHEME)
    frequency = (counts.toarray() > 0).sum(axis=0)
    assert np.array_equal(fit_vocabulary(counts, 3).kept, np.flatnonzero(frequency >= 3))


def test_rare_slots_weigh_more() -> None:
    counts = count_slots(TEXTS, SCHEME)
    vocabulary = fit_vocabulary(counts, 1)
    frequency = (counts.toarray() > 0).sum(axis=0)[vocabulary.kept]
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
    assert vocabulary.vectors(counts[:, :]).toarray().max() <= 1
    assert 0 <= vocabulary.known(counts)[0] < 1


def test_known_is_the_share_of_all_ngrams() -> None:
    counts = count_slots(TEXTS, SCHEME)
    assert fit_vocabulary(counts, 1).known(counts) == pytest.approx(1.0)
