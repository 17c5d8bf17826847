"""Learning on a trained model: from duties, from few labels, and what stays of the base."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from classifier.judging.features import Text
from classifier.judging.heads import DEPARTMENT, HEADS, KIND
from classifier.judging.model import Model
from classifier.judging.predictor import Predictor
from tests.training.own_table import labelled_rows, with_seconds
from tests.training.small import ROWS, a_reading, segmenter, write_small_model
from training.duties import Duty
from training.errors import TrainingError
from training.examples import make_text
from training.on_base import fit_on_base
from training.own import fit_own, write_own
from training.rows import LabelledRow

DUTIES = [
    Duty.of("城管局", ("城管",), "路灯维修、垃圾清运、占道经营和油烟", segmenter()),
    Duty.of("教育局", ("教委",), "小学招生、幼儿园收费、老师补课", segmenter()),
    Duty.of("人社局", ("社保局",), "养老保险、拖欠工资、工伤认定", segmenter()),
]


def ignore(step: str, done: int, total: int) -> None:
    """A progress that nobody watches."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("base") / "base.mqm"
    write_small_model(path)
    return Model.load(path)


def renamed(name: str, rows: list[LabelledRow] | None = None) -> list[LabelledRow]:
    """The rows with the head 单位 under another name."""
    rows = labelled_rows() if rows is None else rows
    return [replace(row, labels={name: row.labels["单位"]}) for row in rows]


def untold(rows: list[LabelledRow]) -> list[LabelledRow]:
    return [replace(row, labels={}) for row in rows]


def written(
    out: Path, base: Predictor, rows: list[LabelledRow], name: str, duties: list[Duty]
) -> Path:
    write_own(fit_on_base(base, rows, [name], duties, ignore), out, ["内容"], ignore)
    return out


def share_right(model: Predictor, name: str) -> float:
    rows = labelled_rows()
    return float(np.mean([model.answer(r.text)[name].label == r.labels["单位"] for r in rows]))


def test_duties_alone_make_a_head(base: Model, tmp_path: Path) -> None:
    model = Model.load(written(tmp_path / "m.mqm", base, [], "单位", DUTIES))
    assert model.heads["单位"].labels == ("人社局", "城管局", "教育局")
    assert share_right(model, "单位") > 0.8


def test_few_labels_among_texts_without_one_serve_too(base: Model, tmp_path: Path) -> None:
    rows = renamed("单位")
    mixed = [*rows[:9], *untold(rows[9:])]
    model = Model.load(written(tmp_path / "m.mqm", base, mixed, "单位", DUTIES))
    assert share_right(model, "单位") > 0.8


def test_a_second_label_is_learned_too(base: Model, tmp_path: Path) -> None:
    rows = labelled_rows()
    text = make_text("", "桥头小摊占道经营。", segmenter())
    told, untold = (
        dict(
            Model.load(written(tmp_path / f"{name}.mqm", base, given, "单位", []))
            .answer(text)["单位"]
            .alternatives
        )
        for name, given in (("told", with_seconds(rows)), ("untold", rows))
    )
    assert told["人社局"] > 2 * untold["人社局"]


def test_the_bases_other_heads_answer_as_before(base: Model, tmp_path: Path) -> None:
    model = Model.load(written(tmp_path / "m.mqm", base, renamed("单位"), "单位", []))
    assert tuple(model.heads) == (*HEADS, "单位")
    for title, body, *_ in ROWS:
        before, after = (each.judge(a_reading(title, body)) for each in (base, model))
        assert after.topic.label == before.topic.label
        assert after.department == before.department
        assert after.urgent_probability == pytest.approx(before.urgent_probability, abs=1e-6)


def test_a_head_named_department_replaces_the_bases(base: Model, tmp_path: Path) -> None:
    rows = renamed(DEPARTMENT)
    model = Model.load(written(tmp_path / "m.mqm", base, rows, DEPARTMENT, []))
    assert tuple(model.heads) == HEADS
    assert model.heads[DEPARTMENT].labels == ("人社局", "城管局", "教育局")
    judgement = model.judge(a_reading("路灯", "东街的路灯坏了没人修。"))
    assert judgement.department.label == "城管局"
    assert model.file.header["figures"][DEPARTMENT]["rows"] == 72
    assert model.limits.department < 1


def test_an_untried_department_goes_to_a_person(base: Model, tmp_path: Path) -> None:
    model = Model.load(written(tmp_path / "m.mqm", base, [], DEPARTMENT, DUTIES))
    assert model.limits.department == 1.0
    doubts = model.judge(a_reading("路灯", "东街的路灯坏了没人修。")).doubts
    assert any("承办单位的判断还没有检验过" in doubt for doubt in doubts)
    assert DEPARTMENT not in model.file.header["figures"]


@pytest.mark.parametrize("name", [KIND, "topic", "topic_l1", "urgent"])
def test_a_desks_own_heads_are_not_replaced(name: str, base: Model) -> None:
    with pytest.raises(TrainingError, match="系统自用"):
        fit_on_base(base, renamed(name), [name], [], ignore)


def test_a_label_that_the_duties_do_not_know_is_refused(base: Model) -> None:
    with pytest.raises(TrainingError, match="“教育局”不在职责表中"):
        fit_on_base(base, renamed("单位"), ["单位"], [DUTIES[0], DUTIES[2]], ignore)


def test_without_duties_the_rows_are_checked(base: Model) -> None:
    with pytest.raises(TrainingError, match="没有一行有标签"):
        fit_on_base(base, untold(labelled_rows()), ["单位"], [], ignore)


def test_any_model_serves_as_base(tmp_path: Path) -> None:
    write_own(fit_own(renamed("色"), ["色"], ignore), tmp_path / "b.mqm", ["内容"], ignore)
    own = Predictor.load(tmp_path / "b.mqm")
    model = Predictor.load(written(tmp_path / "m.mqm", own, renamed("单位"), "单位", DUTIES))
    assert list(model.heads) == ["色", "单位"]
    assert share_right(model, "单位") > 0.9
    assert share_right(model, "色") > 0.9


def test_neither_time_nor_threads_change_a_byte(base: Model, tmp_path: Path) -> None:
    rows = renamed("单位")
    for threads in (1, 2):
        with threadpool_limits(threads):
            mixed = [*rows[:40], *untold(rows[40:])]
            written(tmp_path / f"{threads}.mqm", base, mixed, "单位", DUTIES)
    assert (tmp_path / "1.mqm").read_bytes() == (tmp_path / "2.mqm").read_bytes()


def test_the_empty_text_has_an_answer(base: Model, tmp_path: Path) -> None:
    model = Model.load(written(tmp_path / "m.mqm", base, renamed("单位"), "单位", DUTIES))
    assert model.answer(Text("", "", (), ()))["单位"].label in model.heads["单位"].labels
