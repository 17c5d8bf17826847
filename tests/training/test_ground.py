"""The ground: what it says folds into one linear function of the text."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.judging.model import Model
from tests.training.own_table import labelled_rows
from tests.training.small import segmenter, write_small_model
from training.base import exact_rows
from training.duties import Duty
from training.ground import Ground, Seen

TEXTS = [row.text for row in labelled_rows()]
LABELS = ("管路灯", "管学校")
DUTIES = [
    Duty.of("管学校", (), "小学招生、老师补课", segmenter()),
    Duty.of("管路灯", (), "路灯维修、垃圾清运", segmenter()),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("base") / "base.mqm"
    write_small_model(path)
    return Model.load(path)


@pytest.fixture(scope="module")
def ground(model: Model) -> Ground:
    return Ground(model)


@pytest.fixture(scope="module")
def seen(ground: Ground) -> Seen:
    return ground.see(TEXTS)


def test_the_scores_are_the_models_own(model: Model, seen: Seen) -> None:
    exact = seen.vectors @ exact_rows(model.weights) + model.weights.columns[1]
    topics = len(model.heads["topic"].labels)
    assert np.allclose(seen.scores[:, :topics], exact[:, :topics])
    assert seen.scores.shape == (72, topics + len(model.heads["department"].labels))


def test_duties_speak_for_the_messages_they_are_like(ground: Ground, seen: Seen) -> None:
    prior = ground.prior(DUTIES, LABELS)
    found = prior.linear.scores(seen.vectors).argmax(axis=1)
    for row, place in zip(labelled_rows(), found.tolist(), strict=True):
        for word, label in (("路灯", "管路灯"), ("小学", "管学校")):
            assert word not in row.text.body or LABELS[place] == label


def test_without_duties_nothing_is_known(ground: Ground, seen: Seen) -> None:
    prior = ground.prior([], LABELS)
    assert not prior.linear.scores(seen.vectors).any()
    none = np.zeros(0, np.intp)
    learned = ground.learn(seen, none, np.zeros((0, 2)), prior)
    assert not learned.scores(seen.vectors).any()


def test_labels_win_over_duties_as_they_come(ground: Ground, seen: Seen) -> None:
    prior = ground.prior(DUTIES, LABELS)
    against = 1 - prior.linear.scores(seen.vectors).argmax(axis=1)
    learned = ground.learn(seen, np.arange(72), np.eye(2)[against], prior)
    assert (learned.scores(seen.vectors).argmax(axis=1) == against).mean() > 0.9


def test_no_texts_are_seen_as_none(ground: Ground) -> None:
    assert ground.see([]).vectors.shape[0] == 0


def test_what_is_usual_is_known_of_duties_like_the_shipped_departments() -> None:
    words = (("管小学", "小学招生、老师补课"), ("管残疾人", "残疾人证、残疾人补贴和就业"))
    duties = [Duty.of(label, (), text, segmenter()) for label, text in words]
    usual = Ground(Model.load()).prior(duties, [duty.label for duty in duties]).usual
    assert usual is not None
    assert usual[0] > usual[1] > 0
