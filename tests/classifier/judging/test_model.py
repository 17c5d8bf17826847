"""The model: judges any text, keeps its levels together, and tells exactly why."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import ModelFileError
from classifier.judging.features import Text
from classifier.judging.heads import DEPARTMENT, TOPIC, TOPIC_L1
from classifier.judging.judgement import Judgement
from classifier.judging.model import Model
from classifier.judging.taxonomy import Taxonomy
from classifier.modelfile import read_model_file, write_model_file
from classifier.reading.reader import Reading
from tests.training.small import ROWS, a_reading

texts = st.text(max_size=60) | st.sampled_from([row[1] for row in ROWS])


def probabilities(judgement: Judgement) -> list[float]:
    verdicts = (judgement.topic_l1, judgement.topic, judgement.department, judgement.kind)
    others = [p for verdict in verdicts for _, p in verdict.alternatives]
    return [*(v.probability for v in verdicts), *others, judgement.urgent_probability]


def test_it_knows_what_it_was_taught(small_model: Model) -> None:
    for title, body, first, second, department, _, kind, urgent in ROWS:
        judgement = small_model.judge(a_reading(title, body))
        assert small_model.taxonomy.path(judgement.topic.label) == (first, second)
        assert judgement.department.label == department
        assert judgement.kind.label == kind
        assert judgement.is_urgent == (urgent == "1") or judgement.urgent_probability < 0.5


@given(title=texts, body=texts)
def test_any_text_is_judged_and_levels_agree(title: str, body: str, small_model: Model) -> None:
    judgement = small_model.judge(a_reading(title, body))
    assert judgement.topic.label.startswith(judgement.topic_l1.label)
    assert all(0 <= p <= 1 for p in probabilities(judgement))
    for verdict in (judgement.topic_l1, judgement.topic, judgement.department, judgement.kind):
        assert len(verdict.alternatives) == 3
        assert verdict.label not in [label for label, _ in verdict.alternatives]
        best_first = [p for _, p in verdict.alternatives]
        assert best_first == sorted(best_first, reverse=True)


@pytest.mark.parametrize(
    ("title", "body", "doubt"),
    [
        ("", "", "没有可判断的文字"),
        ("", "！！！？？？。。。", "没有可判断的文字"),
        ("", "😀😀😀", "没有可判断的文字"),
        ("水", "停了", "文字太少"),
        ("hello", "the quick brown fox jumps over the lazy dog", "与以往的来信都不相像"),
    ],
)
def test_a_text_that_says_nothing_waits_for_a_person(
    title: str, body: str, doubt: str, small_model: Model
) -> None:
    assert doubt in small_model.judge(a_reading(title, body)).doubts


def test_an_uncertain_answer_says_so(small_model: Model) -> None:
    doubts = small_model.judge(a_reading("", "请问一下这里的事情由什么部门负责管理呢")).doubts
    assert any("把握不足" in doubt for doubt in doubts)


def test_a_hundred_thousand_characters_are_judged(small_model: Model) -> None:
    whole = "路灯坏了没人修。" * 12_500
    assert small_model.judge(a_reading("", whole)).topic.label.startswith("01")


def test_many_are_judged_as_one_by_one(small_model: Model) -> None:
    # More than are judged at once.
    readings = [a_reading(row[0], row[1]) for row in ROWS] * 9
    assert len(readings) > 64
    one_by_one = [small_model.judge(reading) for reading in readings]
    assert small_model.judge_many(readings) == one_by_one
    assert small_model.judge_many([]) == []


@given(title=texts, body=texts, place=st.integers(0, 117))
def test_evidence_adds_up_to_the_score(
    title: str, body: str, place: int, small_model: Model
) -> None:
    reading = a_reading(title, body)
    label = small_model.heads[TOPIC].labels[place]
    found = small_model.evidence(reading, TOPIC, label, count=10**6)
    assert sum(e.weight for e in found) == pytest.approx(
        score_without_bias(small_model, reading, TOPIC, label), abs=1e-3
    )
    assert all(reading.whole[e.span.start : e.span.end] == e.text for e in found)


def score_without_bias(model: Model, reading: Reading, head: str, label: str) -> float:
    column = model.heads[head].column(label)
    scores = model.weights.scores(model.weights.look_up(Text.of(reading)))
    return float(scores[column] - model.weights.columns[1, column])


def test_evidence_names_the_words_that_spoke(small_model: Model) -> None:
    title, body, *_ = ROWS[0]
    found = small_model.evidence(a_reading(title, body), DEPARTMENT, "城管局", count=3)
    assert any("路灯" in evidence.text for evidence in found)
    assert len(found) == 3


def test_a_first_level_is_spoken_for_by_its_likeliest_second(small_model: Model) -> None:
    reading = a_reading(*ROWS[0][:2])
    assert small_model.evidence(reading, TOPIC_L1, "01") == small_model.evidence(
        reading, TOPIC, small_model.judge(reading).topic.label
    )


def test_evidence_for_an_unknown_label_is_a_key_error(small_model: Model) -> None:
    for head, label in (("no head", "01"), (DEPARTMENT, "没有这个局"), (TOPIC_L1, "99")):
        with pytest.raises(KeyError):
            small_model.evidence(a_reading("", "路灯"), head, label)


def test_sections_and_version_are_those_of_the_file(
    small_model: Model, small_model_path: Path
) -> None:
    file = read_model_file(small_model_path)
    assert small_model.version == file.version
    assert np.array_equal(small_model.section("rows").array, file.sections["rows"].array)
    with pytest.raises(KeyError):
        small_model.section("none")


def test_a_model_of_another_taxonomy_is_refused(small_model_path: Path) -> None:
    names = dict(Taxonomy.load().names)
    names["0101"] = ("城乡建设", "另一个名称")
    with pytest.raises(ModelFileError, match="主题分类表") as caught:
        Model.load(small_model_path, Taxonomy(MappingProxyType(names)))
    assert str(small_model_path) in str(caught.value)


def test_a_model_that_judges_something_else_is_told_from_one_of_another_taxonomy(
    small_model_path: Path, tmp_path: Path
) -> None:
    file = read_model_file(small_model_path)
    header = {name: value for name, value in file.header.items() if name != "taxonomy"}
    first, *others = header["heads"]
    header["heads"] = [first | {"name": "长\n" * 90}, *others]
    write_model_file(tmp_path / "own.mqm", header, file.sections)
    with pytest.raises(ModelFileError, match="模型只判断“长长") as caught:
        Model.load(tmp_path / "own.mqm")
    assert "主题" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(caught.value.reason) < 200


@pytest.mark.parametrize(
    "change",
    [
        {"heads": []},
        {"heads": None},
        {"heads": [{"name": "topic", "labels": [], "slope": 1, "offset": 0}]},
        {"limits": {}},
        {"limits": {"topic_l1": "high"}},
        {"features": {"bits": 99}},
        {"features": None},
        {"first_level": [0, 0]},
        {"first_level": [1, "x"]},
        {"taxonomy": "another"},
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    change: dict[str, object], small_model_path: Path, tmp_path: Path
) -> None:
    file = read_model_file(small_model_path)
    write_model_file(tmp_path / "odd.mqm", {**file.header, **change}, file.sections)
    with pytest.raises(ModelFileError):
        Model.load(tmp_path / "odd.mqm")


def test_a_file_with_columns_too_few_is_refused(small_model_path: Path, tmp_path: Path) -> None:
    file = read_model_file(small_model_path)
    heads = [dict(head) for head in file.header["heads"]]
    heads[1]["labels"] = heads[1]["labels"][:-1]
    write_model_file(tmp_path / "odd.mqm", {**file.header, "heads": heads}, file.sections)
    with pytest.raises(ModelFileError, match="列数"):
        Model.load(tmp_path / "odd.mqm")


def test_the_shipped_model_is_sound() -> None:
    judgement = Model.load().judge(a_reading("路灯坏了", "小区门口的路灯坏了一个月，没人来修。"))
    assert judgement.department.label == "城管局"
