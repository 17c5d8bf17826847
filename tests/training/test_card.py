"""The page of figures that goes with a model."""

from __future__ import annotations

from classifier.judging.heads import URGENT
from classifier.judging.model import Model, shipped_path
from training.card import figures_page

KINDS = ("confusion", "reliability", "coverage")
PLOTS = {
    question: [f"default-{number}-{question}-{kind}.svg" for kind in KINDS]
    for number, question in enumerate(("一级主题", "承办单位", "诉求类型"), 1)
}


def test_the_page_beside_the_shipped_model_tells_its_own_figures() -> None:
    model = Model.load()
    page = figures_page(model.file.header["figures"], model.version, PLOTS)
    assert shipped_path().with_suffix(".md").read_text("utf-8") == page
    for names in PLOTS.values():
        assert all((shipped_path().parent / name).is_file() for name in names)


def test_every_figure_of_a_question_is_told() -> None:
    figures = Model.load().file.header["figures"]
    page = figures_page(figures, "0123456789ab", PLOTS)
    assert "0123456789ab" in page
    assert all(str(value) in page for value in figures[URGENT].values())
