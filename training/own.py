"""A model of one's own: from any labelled rows to model file, card and plots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from classifier.judging.heads import Head, heads_as_json
from classifier.judging.weights import Weights, write_weights
from classifier.modelfile import Section, write_model_file
from training.assembling import assemble
from training.crossvalidation import FOLDS, hold_out
from training.curves import class_limits, coverage_curve
from training.errors import TrainingError
from training.examples import Example
from training.heads_fit import Plan, fit_heads, prepare
from training.known_texts import known_texts
from training.measures import Answered, measure
from training.near_copies import group_near_copies
from training.own_card import own_card
from training.own_heads import answered, cross_scaled, fit_line, own_heads, scale_head
from training.plots import write_plots
from training.rows import LabelledRow

Progress = Callable[[str, int, int], None]

_METHOD = """字、字对与词经散列成为特征，标题另计一份；逐标签的岭回归，每个标签一个因子与偏移，
由留出的得分拟合，最后以一条直线把最高份额变为概率。模型里只有数字，没有原文。"""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model before it is written.

    Parameters
    ----------
    weights, heads
        What a model file holds.
    trial
        Held-out answers by head; a head that could not be tried out is missing.
    header
        Further entries of the header, in JSON types.
    sections
        Further arrays.
    data
        What the card tells of the data: Chinese names and values.
    method
        How it was fitted, in Chinese.
    """

    weights: Weights
    heads: Sequence[Head]
    trial: Mapping[str, Answered]
    header: Mapping[str, Any]
    sections: Mapping[str, Section]
    data: Mapping[str, str]
    method: str


def own_plan(rows: int) -> Plan:
    """How to fit so many rows: the fewer there are, the rarer an n-gram may be."""
    least_texts = next(least for most, least in ((200, 1), (2000, 2), (rows, 4)) if rows <= most)
    return Plan(least_texts=least_texts, penalty=0.5, family_share=0.0)


def fit_own(
    rows: Sequence[LabelledRow],
    names: Sequence[str],
    progress: Progress,
    plan: Plan | None = None,
) -> Fitted:
    """Fit heads to rows with a vocabulary of their own.

    Parameters
    ----------
    rows
        Rows that passed ``rows.check_rows``.
    names
        The heads.
    progress
        Is told the Chinese name of the step, how many parts are done, and of how many.
    plan
        How to fit; by the number of rows where none is given.

    Raises
    ------
    TrainingError
        The texts are too much alike to hold some of them out.
    """
    rows = [row for row in rows if row.labels]
    plan = own_plan(len(rows)) if plan is None else plan
    heads = own_heads(rows, names)
    examples = [Example(row.text, row.labels, row.seconds, is_cut=row.is_cut) for row in rows]
    check_variety(rows)
    material = prepare(examples, heads, plan)
    held_out = hold_out(examples, len(rows), material, plan, partial(progress, "留出检验"))
    trial: dict[str, Answered] = {}
    lined: list[Head] = []
    for head in heads:
        scores = cross_scaled(held_out.scores[:, head.columns], held_out.fold, rows, head)
        slope, offset = fit_line(answered(scores, rows, head))
        lined.append(replace(head, slope=slope, offset=offset))
        trial[head.name] = answered(scores, rows, lined[-1])
    progress("训练", 0, 1)
    vocabulary, linear = fit_heads(material, plan)
    scaling = [scale_head(held_out.scores[:, head.columns], rows, head) for head in heads]
    weights = assemble(linear, vocabulary, plan.scheme, np.hstack(scaling))
    progress("训练", 1, 1)
    known = known_texts(row.text for row in rows)
    return Fitted(weights, lined, trial, {}, known, told_data(rows, heads), _METHOD)


def check_variety(rows: Sequence[LabelledRow]) -> None:
    """Let rows pass that can be dealt out to folds. Raises TrainingError for others."""
    kinds = len(set(group_near_copies([row.text for row in rows]).tolist()))
    if kinds < FOLDS:
        raise TrainingError(f"各行的文字几乎都相同（只有 {kinds} 种），至少要有 {FOLDS} 种")


def told_data(rows: Sequence[LabelledRow], heads: Sequence[Head]) -> dict[str, str]:
    """What the card tells of the rows."""
    counts = {
        f"有“{head.name}”标签的行": f"{sum(head.name in row.labels for row in rows):,}"
        for head in heads
    }
    kinds = {f"“{head.name}”的标签": f"{len(head.labels):,} 种" for head in heads}
    return {"行": f"{len(rows):,}", **counts, **kinds}


def write_own(
    fitted: Fitted, out: Path, texts: Sequence[str], progress: Progress
) -> dict[str, Any]:
    """Write the model file, its card (suffix ``.md``) and its plots beside it.

    Parameters
    ----------
    fitted
        The model.
    out
        The model file.
    texts
        The names of the text columns, to be read again when none are named.
    progress
        See :func:`fit_own`.

    Returns
    -------
    dict
        The figures by head, in JSON types, with ``version`` of the model.

    Raises
    ------
    TrainingError
        A file cannot be written.
    """
    figures = {head: measure(found) for head, found in fitted.trial.items()}
    header = {
        **fitted.header,
        "heads": heads_as_json(fitted.heads),
        "features": fitted.weights.scheme.as_json(),
        "text_columns": list(texts),
        "figures": {**fitted.header.get("figures", {}), **figures},
        "curves": {**fitted.header.get("curves", {}), **_curves(fitted.trial)},
        "class_limits": {**fitted.header.get("class_limits", {}), **_limits(fitted.trial)},
    }
    try:
        version = write_model_file(
            out, header, {**fitted.sections, **write_weights(fitted.weights)}
        )
        plots = write_plots(fitted.trial, out)
        card = own_card(out.name, version, fitted.data, fitted.method, figures, plots)
        out.with_suffix(".md").write_text(card, "utf-8")
    except OSError as error:
        raise TrainingError(f"{error.filename or out} 无法写入") from error
    progress("写出", 1, 1)
    return {**figures, "version": version}


def _curves(trial: Mapping[str, Answered]) -> dict[str, Any]:
    return {head: coverage_curve(a.probability, a.is_right) for head, a in trial.items()}


def _limits(trial: Mapping[str, Answered]) -> dict[str, Any]:
    return {
        head: class_limits(found.found, found.probability, found.is_right)
        for head, found in trial.items()
    }
