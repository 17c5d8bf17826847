"""Plots: SVG with Chinese as text, the same bytes each time."""

from __future__ import annotations

from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np

from training.measures import Answered
from training.plots import draw_plots

RANDOM = np.random.default_rng(3)
TRUTH = RANDOM.choice(["城管局", "教育局", "$x^2"], 90)
FOUND = np.where(RANDOM.random(90) < 0.7, TRUTH, "城管局")
ANSWERED = Answered(TRUTH, FOUND, RANDOM.random(90))


def test_each_plot_is_svg_with_its_words() -> None:
    plots = draw_plots("承办单位", ANSWERED)
    assert list(plots) == ["confusion", "reliability", "coverage"]
    for content in plots.values():
        assert ElementTree.fromstring(content).tag.endswith("svg")
        assert "承办单位" in content.decode()
    assert "城管局" in plots["confusion"].decode()
    assert "$x^2" in plots["confusion"].decode()


def test_neither_time_nor_own_settings_change_a_byte() -> None:
    first = draw_plots("承办单位", ANSWERED)
    with mpl.rc_context({"lines.linewidth": 9, "svg.fonttype": "path"}):
        assert draw_plots("承办单位", ANSWERED) == first


def test_one_message_and_many_labels_can_be_drawn() -> None:
    draw_plots("h", Answered(TRUTH[:1], FOUND[:1], np.array([0.4])))
    many = np.array([f"标签{n}" for n in range(60)])
    draw_plots("h", Answered(many, many, np.linspace(0, 1, 60)))
