"""Plots of held-out answers as SVG: confusion, reliability, coverage.

The same answers give the same bytes on every machine; Chinese is written as text, in the reader's
own font.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.curves import PRECISIONS, coverage_curve
from training.measures import Answered, confusion

_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "minqing",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib, so places are the same everywhere
    "font.size": 9,
}
_BINS = 10
_MOST_LABELS = 40
_INCHES_A_LABEL = 0.3


def draw_plots(head: str, answered: Answered) -> dict[str, bytes]:
    """The plots of a question by name (``confusion``, ``reliability``, ``coverage``), as SVG."""
    plots: dict[str, Callable[[Figure, str, Answered], None]] = {
        "confusion": _draw_confusion,
        "reliability": _draw_reliability,
        "coverage": _draw_coverage,
    }
    with _style():
        return {name: _svg(draw, head, answered) for name, draw in plots.items()}


_NAME_CHARS = 40  # a file's name has room for 255 bytes


def write_plots(trial: Mapping[str, Answered], model: Path) -> dict[str, list[str]]:
    """Write the plots of each question beside a model file.

    Returns
    -------
    dict
        The names of the files by question; a strange sign in a question's name is ``_`` there.

    Raises
    ------
    OSError
        A file cannot be written.
    """
    names: dict[str, list[str]] = {}
    for number, (head, found) in enumerate(trial.items(), 1):
        safe = "".join(sign if sign.isalnum() else "_" for sign in head[:_NAME_CHARS])
        names[head] = []
        for kind, content in draw_plots(head, found).items():
            path = model.with_name(f"{model.stem}-{number}-{safe}-{kind}.svg")
            path.write_bytes(content)
            names[head].append(path.name)
    return names


@contextmanager
def _style() -> Iterator[None]:
    """Nothing of the user's own settings; Chinese signs have no width in the measuring font."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def _svg(draw: Callable[[Figure, str, Answered], None], head: str, answered: Answered) -> bytes:
    figure = Figure(figsize=(5, 4))
    draw(figure, head, answered)
    file = BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _draw_confusion(figure: Figure, head: str, answered: Answered) -> None:
    labels, counts = confusion(answered)
    labels, counts = labels[:_MOST_LABELS], counts[:_MOST_LABELS, :_MOST_LABELS]
    side = 3 + _INCHES_A_LABEL * len(labels)
    figure.set_size_inches(side, side)
    axes = figure.add_axes((0.28, 0.05, 0.67, 0.67))
    axes.imshow(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0)
    axes.set_xticks(range(len(labels)), list(map(_shown, labels)), rotation=90)
    axes.set_yticks(range(len(labels)), list(map(_shown, labels)))
    axes.xaxis.tick_top()
    for row, column in np.argwhere(counts):
        dark = counts[row, column] > counts[row].sum() / 2
        color = "white" if dark else "black"
        axes.text(column, row, f"{counts[row, column]}", ha="center", va="center", color=color)
    axes.set_ylabel("标签")
    axes.set_xlabel(f"{_shown(head)}：判断")


def _draw_reliability(figure: Figure, head: str, answered: Answered) -> None:
    axes = _axes(figure, "模型给出的概率", "实际判对的比例")
    order = np.argsort(answered.probability, kind="stable")
    bins = [part for part in np.array_split(order, _BINS) if len(part)]
    given = [answered.probability[part].mean() for part in bins]
    right = [answered.is_right[part].mean() for part in bins]
    axes.plot([0, 1], [0, 1], color="gray", linewidth=0.8)
    axes.plot(given, right, marker="o")
    axes.set_title(f"{_shown(head)}：概率是否可信")


def _draw_coverage(figure: Figure, head: str, answered: Answered) -> None:
    axes = _axes(figure, "不经人看的比例（把握大的在前）", "其中判对的比例")
    curve = np.array(coverage_curve(answered.probability, answered.is_right))
    axes.plot(curve[:, 1], curve[:, 2], marker=".")
    for precision in PRECISIONS:
        axes.axhline(precision, color="gray", linewidth=0.5)
    axes.set_ylim(min(0.5, curve[:, 2].min()), 1.005)
    axes.set_title(f"{_shown(head)}：覆盖与准确")


def _axes(figure: Figure, x: str, y: str) -> Axes:
    axes = figure.add_axes((0.14, 0.14, 0.8, 0.76))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.005)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return axes


def _shown(label: str) -> str:
    """A label as plain text: a dollar sign would begin a formula."""
    return label.replace("$", r"\$")
