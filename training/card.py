"""The figures' page that goes with a model file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from classifier.judging.heads import DEPARTMENT, KIND, TOPIC, TOPIC_L1, URGENT

_QUESTIONS = {
    TOPIC_L1: "topic, level 1",
    TOPIC: "topic, level 2",
    DEPARTMENT: "department",
    KIND: "kind",
}
_HEADING = "# Figures of model {version}"
_PAGE = (
    _HEADING
    + """

Written by `minqing train-default` beside the model file. Cross-validated on {messages} labelled
messages: five folds, near copies on one side; weights, rows and scales are fitted without the fold
that is measured, only the two numbers of each question's calibration line with it; bootstrap
intervals of 95 %. For departments a second acceptable one counts as right.

| question | accuracy | interval | macro-F1 | calibration error | share at 95 % | share at 98 % |
|---|---|---|---|---|---|---|
{rows}

Urgent: average precision {average_precision}; recall {recall_when_10_percent_flagged} with the
likeliest 10 % flagged.

*Calibration error*: expected, debiased, ten bins of equal mass. *Share at 95 %*: the largest share
of messages, surest first, of which 95 % are right.

## Plots

Confusion, reliability and coverage of these held-out answers.

{plots}
"""
)
_ROW = (
    "| {name} | {accuracy} | {accuracy_low}–{accuracy_high} | {macro_f1} | {calibration_error} "
    "| {coverage_at_95} | {coverage_at_98} |"
)


def told_of_version(page: str, version: str) -> str:
    """The page of a model, for one of another version that judges the same."""
    _, end, rest = page.partition("\n")
    return f"{_HEADING.format(version=version)}{end}{rest}"


def figures_page(
    figures: Mapping[str, Any], version: str, plots: Mapping[str, Sequence[str]]
) -> str:
    """The page, in Markdown.

    Parameters
    ----------
    figures
        What ``training.figures.figures`` gave.
    version
        The model's version.
    plots
        The names of the plots' files by question.
    """
    rows = [_ROW.format(name=name, **figures[q]) for q, name in _QUESTIONS.items()]
    pictures = [f"![{name}]({file})" for name, files in plots.items() for file in files]
    return _PAGE.format(
        version=version,
        messages=figures["messages"],
        rows="\n".join(rows),
        plots="\n".join(pictures),
        **figures[URGENT],
    )
