"""The predictor: any heads, no taxonomy, and files that hold no sound model are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import ModelFileError
from classifier.judging.features import FeatureScheme, Text
from classifier.judging.heads import KIND, NO, TOPIC_L1, URGENT, Head, heads_as_json
from classifier.judging.model import Model, open_model
from classifier.judging.predictor import Predictor
from classifier.judging.ranking import yes_or_no, yes_probability
from classifier.judging.taxonomy import Taxonomy
from classifier.judging.weights import Weights, write_weights
from classifier.modelfile import Section, write_model_file
from tests.training.small import ROWS, a_reading

HEADS = (Head("颜色", ("红", "绿", "蓝"), 0), Head("紧急", ("1",), 3))
SCHEME = FeatureScheme(bits=8)


def a_weights(columns: int = 4) -> Weights:
    random = np.random.default_rng(5)
    rows = random.integers(-90, 90, (20, columns)).astype(np.int8)
    rows[0] = 0
    strengths = np.r_[0.0, np.ones(19)].astype(np.float32)
    table = (np.arange(256) % 20).astype(np.uint16)
    scales = np.ones((2, columns), np.float32) * [[0.05], [0.1]]
    return Weights(SCHEME, table, strengths, rows, scales.astype(np.float32))


def write(path: Path, **changes: object) -> Path:
    header = {"heads": heads_as_json(HEADS), "features": SCHEME.as_json(), **changes}
    write_model_file(path, header, write_weights(a_weights()))
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    return Predictor.load(write(tmp_path_factory.mktemp("any") / "m.mqm"))


@given(title=st.text(max_size=30), body=st.text(max_size=60))
def test_any_text_has_an_answer_for_each_head(title: str, body: str, model: Predictor) -> None:
    answer = model.answer(Text(title, body, (title,), (body,)))
    assert list(answer) == ["颜色", "紧急"]
    color = answer["颜色"]
    total = color.probability + sum(p for _, p in color.alternatives)
    assert total == pytest.approx(1, abs=1e-5)
    assert color.label in {"红", "绿", "蓝"}
    assert answer["紧急"].label == ("1" if yes_probability(answer["紧急"]) >= 0.5 else NO)


@given(score=st.floats(-40, 40), limit=st.floats(0, 1))
def test_yes_and_no_are_told_with_their_own_probability(score: float, limit: float) -> None:
    verdict = yes_or_no(HEADS[1], score, limit)
    yes = yes_probability(verdict)
    assert verdict.label == ("1" if yes >= limit else NO)
    assert verdict.probability == (yes if verdict.label == "1" else 1 - yes)


def test_evidence_adds_up_to_the_score(model: Predictor) -> None:
    reading = a_reading(*ROWS[0][:2])
    scores = model.weights.scores(model.weights.look_up(Text.of(reading)))
    for label, column in (("红", 0), ("蓝", 2)):
        found = model.evidence(reading, "颜色", label, count=10**6)
        expected = float(scores[column] - model.weights.columns[1, column])
        assert sum(e.weight for e in found) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("head", "label"), [("没有", "红"), ("颜色", "黑")])
def test_evidence_for_what_is_unknown_is_a_key_error(
    head: str, label: str, model: Predictor
) -> None:
    with pytest.raises(KeyError):
        model.evidence(a_reading("", "路灯"), head, label)


@pytest.mark.parametrize(
    "change",
    [
        {"heads": []},
        {"heads": "颜色"},
        {"heads": heads_as_json(HEADS[:1])},
        {"heads": [*heads_as_json(HEADS[:1]), *heads_as_json(HEADS[:1])]},
        {"heads": [*heads_as_json(HEADS[:1]), {**heads_as_json(HEADS)[1], "labels": [NO]}]},
        {"heads": [*heads_as_json(HEADS[:1]), {**heads_as_json(HEADS)[1], "slope": -1}]},
        {"features": {"bits": 9}},
        {"features": []},
    ],
)
def test_an_unsound_file_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    path = write(tmp_path / "odd.mqm", **change)
    with pytest.raises(ModelFileError) as caught:
        Predictor.load(path)
    assert str(path) in str(caught.value)


def test_a_file_of_other_arrays_is_refused(tmp_path: Path) -> None:
    header = {"heads": heads_as_json(HEADS), "features": SCHEME.as_json()}
    write_model_file(tmp_path / "odd.mqm", header, {"rows": Section(np.zeros(3, np.int8))})
    with pytest.raises(ModelFileError):
        Predictor.load(tmp_path / "odd.mqm")


def test_any_file_opens_as_what_it_is(small_model_path: Path, tmp_path: Path) -> None:
    taxonomy = Taxonomy.load()
    desk = open_model(small_model_path, taxonomy)
    assert isinstance(desk, Model)
    assert not isinstance(open_model(write(tmp_path / "m.mqm"), taxonomy), Model)
    with pytest.raises(ModelFileError, match="主题分类表"):
        open_model(write(tmp_path / "odd.mqm", taxonomy="another"), taxonomy)


def test_a_desks_answers_are_its_judgement(small_model: Model) -> None:
    for title, body, *_ in ROWS:
        reading = a_reading(title, body)
        judgement = small_model.judge(reading)
        answer = small_model.answer(Text.of(reading))
        assert answer[TOPIC_L1] == judgement.topic_l1
        assert answer[KIND] == judgement.kind
        assert yes_probability(answer[URGENT]) == judgement.urgent_probability
        assert (answer[URGENT].label == "1") == judgement.is_urgent
