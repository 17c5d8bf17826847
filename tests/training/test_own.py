"""The whole way from labelled rows to model, card and plots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from classifier.judging.features import Text
from classifier.judging.predictor import Predictor
from tests.training.own_table import labelled_rows, with_seconds
from tests.training.small import segmenter
from training.errors import TrainingError
from training.examples import make_text
from training.heads_fit import Plan
from training.own import fit_own, own_plan, write_own
from training.rows import LabelledRow


def ignore(step: str, done: int, total: int) -> None:
    """A progress that nobody watches."""


def train(out: Path, rows: list[LabelledRow] | None = None) -> dict[str, Any]:
    fitted = fit_own(labelled_rows() if rows is None else rows, ["单位", "性质"], ignore)
    return write_own(fitted, out, ["标题", "内容"], ignore)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("own") / "m.mqm"
    return out, train(out)


def test_a_model_comes_out_that_answers_each_head(trained: tuple[Path, dict[str, Any]]) -> None:
    out, figures = trained
    model = Predictor.load(out)
    text = make_text("路灯", "东街的路灯坏了没人修。", segmenter())
    assert model.version == figures["version"]
    assert model.answer(text)["单位"].label == "城管局"
    assert set(model.answer(Text("", "", (), ()))) == {"单位", "性质"}
    assert model.file.header["text_columns"] == ["标题", "内容"]


def test_the_figures_are_of_the_rows_that_tell_a_label(
    trained: tuple[Path, dict[str, Any]],
) -> None:
    _, figures = trained
    assert figures["单位"]["rows"] == 72
    assert figures["性质"]["rows"] == 62
    assert figures["单位"]["accuracy"] > 0.8


def test_header_card_and_plots_tell_the_same(trained: tuple[Path, dict[str, Any]]) -> None:
    out, figures = trained
    header = Predictor.load(out).file.header
    assert header["figures"]["单位"] == figures["单位"]
    assert header["curves"]["单位"][-1][1] == 1.0
    assert set(header["class_limits"]["单位"]) == {"", "城管局", "教育局", "人社局"}
    card = out.with_suffix(".md").read_text("utf-8")
    assert str(figures["单位"]["macro_f1"]) in card
    plots = sorted(path.name for path in out.parent.glob("*.svg"))
    assert len(plots) == 6
    assert all(name in card for name in plots)


def test_neither_time_nor_threads_change_a_byte(tmp_path: Path) -> None:
    written = []
    for threads in (1, 2):
        folder = tmp_path / str(threads)
        folder.mkdir()
        with threadpool_limits(threads):
            train(folder / "m.mqm")
        written.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert written[0] == written[1]
    assert len(written[0]) == 8


def test_a_second_label_is_learned_too(trained: tuple[Path, dict[str, Any]]) -> None:
    out, _ = trained
    train(out.with_name("seconds.mqm"), with_seconds(labelled_rows()))
    text = make_text("", "桥头小摊占道经营。", segmenter())
    told, untold = (
        dict(Predictor.load(path).answer(text)["单位"].alternatives)
        for path in (out.with_name("seconds.mqm"), out)
    )
    assert told["人社局"] > 2 * untold["人社局"]
    assert Predictor.load(out.with_name("seconds.mqm")).answer(text)["单位"].label == "城管局"


def test_rows_without_a_label_change_nothing(trained: tuple[Path, dict[str, Any]]) -> None:
    out, figures = trained
    rows = [*labelled_rows(), LabelledRow("第 99 行", make_text("", "", segmenter()), {})]
    assert train(out.with_name("more.mqm"), rows)["version"] == figures["version"]


def test_texts_all_alike_are_refused() -> None:
    text = make_text("", "路灯坏了，请派人来修，谢谢大家。", segmenter())
    rows = [LabelledRow(str(n), text, {"单位": "甲" if n % 2 else "乙"}) for n in range(9)]
    with pytest.raises(TrainingError, match="几乎都相同"):
        fit_own(rows, ["单位"], ignore)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    fitted = fit_own(labelled_rows(), ["单位"], ignore)
    with pytest.raises(TrainingError, match="无法写入"):
        write_own(fitted, tmp_path / "none" / "m.mqm", ["内容"], ignore)


def test_a_head_that_few_rows_tell_can_be_learned() -> None:
    rows = labelled_rows()
    few = [
        LabelledRow(row.place, row.text, {"单位": row.labels["单位"]})
        if n > 5
        else LabelledRow(row.place, row.text, {**row.labels, "罕见": "甲" if n % 2 else "乙"})
        for n, row in enumerate(rows)
    ]
    assert fit_own(few, ["单位", "罕见"], ignore).trial["罕见"].truth.shape == (6,)


def test_the_fewer_rows_the_rarer_an_ngram_may_be() -> None:
    plans = [own_plan(rows) for rows in (10, 200, 201, 2000, 2001, 10**6)]
    assert [plan.least_texts for plan in plans] == [1, 1, 2, 2, 4, 4]
    assert all(isinstance(plan, Plan) and plan.family_share == 0 for plan in plans)


def test_the_header_is_plain_json(trained: tuple[Path, dict[str, Any]]) -> None:
    out, _ = trained
    json.dumps(dict(Predictor.load(out).file.header), allow_nan=False)
