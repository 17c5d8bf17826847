"""How well pairs of messages on the same matter are told apart, cross-validated.

Usage: ``python benchmarks/pairs.py DATA [--held-out FILE.tsv] [--plot FILE.svg]``, DATA the folder
of the shared data. Judged pairs of ``matters_dev.tsv`` over ``stream.csv`` are scored in ten folds
with all messages of one matter on one side; with ``--held-out`` the model is fitted on all of them
and scores the pairs of another file. What the model knows of topics is cross-fitted: no message
is judged by a model that saw it or its like. Term statistics come from all of the stream, without
labels. Prints JSON: for the same matter and for the same submission average precision, best F1
and recall at a precision of 0.95, each with the 95 % interval of resampled matters, and the
average precision of the plain cosine of words; and by kind what is wrong and what is missed where
pairs count from the product's own limit on. ``--plot`` draws precision and recall by threshold.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from service.settings import Settings
from training.pair_evaluation import (
    Scored,
    asked,
    errors,
    figures,
    score_held_out,
    score_unseen,
)
from training.pairs import read_judged_pairs, read_shared_texts

_TITLES = {"same": "same matter (D+S)", "copy": "same submission (D)"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    pairs = read_judged_pairs(arguments.data / "matters_dev.tsv")
    texts = read_shared_texts(arguments.data)
    if arguments.held_out:
        held_out = read_judged_pairs(arguments.held_out)
        scored = score_held_out(texts, pairs, held_out)
    else:
        scored = score_unseen(texts, pairs)
    if arguments.plot:
        draw(scored, arguments.plot)
    settings = Settings()
    limits = settings.suggest_probability, settings.auto_join_probability
    told = {
        "pairs": len(scored.group),
        **figures(scored),
        "same_errors": errors(scored, "same", limits[1]),
        "copy_errors": errors(scored, "copy", 0.5),
        "asked": asked(scored, *limits),
    }
    print(json.dumps(told))


def draw(scored: Scored, path: Path) -> None:
    """Draw precision and recall by threshold, one panel a question; the same bytes each time."""
    mpl.rcParams["svg.hashsalt"] = "pairs"
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, (name, title) in zip(figure.subplots(1, 2), _TITLES.items(), strict=True):
        precision, recall, thresholds = precision_recall_curve(
            scored.truth[name], scored.found[name]
        )
        axes.plot(thresholds, precision[:-1], label="precision")
        axes.plot(thresholds, recall[:-1], label="recall")
        axes.set(title=title, xlabel="probability from which a pair counts", ylim=(0, 1.02))
        axes.set_xticks(np.linspace(0, 1, 11))
        axes.grid(alpha=0.3)
        axes.legend(loc="lower center")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


if __name__ == "__main__":
    main()
