"""A model as the ground to learn on: the vectors give its own scores back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier.judging.model import Model
from classifier.judging.taxonomy import Taxonomy
from tests.training.small import small_examples, write_small_model
from training.base import base_vectors, exact_rows, with_columns

TEXTS = [example.text for example in small_examples(Taxonomy.load())]


@pytest.fixture
def model(tmp_path: Path) -> Model:
    write_small_model(tmp_path / "m.mqm")
    return Model.load(tmp_path / "m.mqm")


def test_vectors_and_rows_give_the_scores(model: Model) -> None:
    weights = model.weights
    scores = base_vectors(weights, TEXTS) @ exact_rows(weights) + weights.columns[1]
    expected = [weights.scores(weights.look_up(text)) for text in TEXTS]
    assert scores == pytest.approx(np.array(expected), abs=1e-4)


def test_rounding_again_changes_next_to_nothing(model: Model) -> None:
    weights = model.weights
    again = with_columns(weights, exact_rows(weights), weights.columns[1])
    assert np.array_equal(again.rows, weights.rows)
    assert again.columns == pytest.approx(weights.columns, rel=1e-5)


def test_of_no_text_there_is_an_empty_vector(model: Model) -> None:
    empty = TEXTS[0]._replace(title="", body="", title_tokens=(), body_tokens=())
    vectors = base_vectors(model.weights, [empty])
    assert vectors.shape == (1, len(model.weights.rows))
    assert vectors.nnz <= 2  # the line break, as a character and as a word
