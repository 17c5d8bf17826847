"""The shipped model: trained on the shared labelled messages, by one command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.judging.heads import TOPIC_L1, Head, Limits, Line, as_json
from classifier.judging.taxonomy import Taxonomy
from classifier.judging.weights import write_weights
from classifier.modelfile import Section, write_model_file
from classifier.text.segment import Segmenter
from training.assembling import assemble
from training.card import figures_page
from training.crossvalidation import hold_out
from training.desk import answer, desk_heads
from training.examples import (
    Example,
    named_departments,
    named_topics,
    read_seeds,
    urgent_phrases,
)
from training.figures import certainty, figures, fit_limits, shown
from training.heads_fit import Material, Plan, fit_heads, prepare
from training.known_texts import known_texts
from training.measures import Answered
from training.plots import write_plots
from training.scaling import cross_scaled, fit_lines, fit_scaling
from training.shared import read_own_labels, read_shared_examples, read_urgency

F64 = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a training finds what it learns from.

    Parameters
    ----------
    shared
        The folder of the shared data (``annotated_dev.csv`` and others).
    data
        The folder of Minqing's own data: ``departments.csv``, the directory whose own words are
        learned from, ``seeds``, the folder of own-written messages, and ``labels``, with own
        labels (``messages.csv``) and grades of urgency (``urgency.csv``) for messages of the
        shared data.
    """

    shared: Path
    data: Path


def train_default(
    sources: Sources,
    out: Path,
    sections: Mapping[str, Section],
    progress: Progress,
    plan: Plan | None = None,
) -> dict[str, Any]:
    """Train on the shared data; write the model file, its page and plots; give its figures.

    Parameters
    ----------
    sources
        Where the examples are.
    out
        The model file to write; its page of figures (suffix ``.md``) and plots go beside it.
    sections
        Other arrays to store in it, such as ``fit_pair_sections`` gives.
    progress
        Is told the Chinese name of the step, how many parts are done, and of how many.
    plan
        How to fit; the usual way where none is given.

    Returns
    -------
    dict
        Figures in JSON types, with ``version`` of the model.

    Raises
    ------
    TrainingError
        The data cannot be used.
    """
    plan = Plan() if plan is None else plan
    task = _prepare(sources, plan, progress)
    trial = _try_out(task, plan, progress)
    progress("训练", 0, 1)
    vocabulary, linear = fit_heads(task.material, plan)
    weights = assemble(linear, vocabulary, plan.scheme, trial.scaling)
    heads = with_lines(task.heads, trial.lines)
    header = as_json(heads, trial.lines[TOPIC_L1], trial.limits, task.taxonomy)
    header |= {"features": plan.scheme.as_json(), "figures": trial.figures}
    header |= trial.certainty
    known = known_texts(example.text for example in (*task.messages, *task.beside))
    version = write_model_file(out, header, {**write_weights(weights), **known, **sections})
    plots = write_plots(trial.shown, out)
    out.with_suffix(".md").write_text(figures_page(trial.figures, version, plots), "utf-8")
    progress("训练", 1, 1)
    return {**trial.figures, "version": version}


def evaluate_default(
    sources: Sources, progress: Progress, plan: Plan | None = None
) -> dict[str, Any]:
    """The held-out figures of :func:`train_default`, without a model."""
    plan = Plan() if plan is None else plan
    return _try_out(_prepare(sources, plan, progress), plan, progress).figures


@dataclass(frozen=True, slots=True)
class _Task:
    taxonomy: Taxonomy
    messages: list[Example]
    beside: list[Example]
    heads: tuple[Head, ...]
    material: Material


@dataclass(frozen=True, slots=True)
class _Trial:
    scaling: F64
    lines: dict[str, Line]
    limits: Limits
    certainty: dict[str, Any]
    figures: dict[str, Any]
    shown: dict[str, Answered]


def _prepare(sources: Sources, plan: Plan, progress: Progress) -> _Task:
    progress("读取留言", 0, 1)
    taxonomy = Taxonomy.load()
    messages, beside = read_examples(sources, taxonomy)
    heads = desk_heads(messages, taxonomy)
    material = prepare([*messages, *beside], heads, plan)
    progress("读取留言", 1, 1)
    return _Task(taxonomy, messages, beside, heads, material)


def _try_out(task: _Task, plan: Plan, progress: Progress) -> _Trial:
    examples = [*task.messages, *task.beside]
    told = partial(progress, "交叉验证")
    held_out = hold_out(examples, len(task.messages), task.material, plan, told)
    truth = (task.heads, task.messages)
    scaled = cross_scaled(held_out.scores, held_out.fold, *truth)
    answers = answer(scaled, task.heads, task.taxonomy, task.messages)
    lines = fit_lines(answers)
    answers = answers.straightened(lines)
    limits = fit_limits(answers, task.messages, held_out.known)
    scaling = fit_scaling(held_out.scores, *truth)
    drawn = shown(answers, task.messages, task.taxonomy)
    found = figures(answers, task.messages)
    return _Trial(scaling, lines, limits, certainty(answers), found, drawn)


def read_examples(sources: Sources, taxonomy: Taxonomy) -> tuple[list[Example], list[Example]]:
    """The labelled messages, and what is learned from beside them but never measured on."""
    segmenter = Segmenter()
    data = sources.data
    messages = read_shared_examples(sources.shared, taxonomy, segmenter)
    labels = data / "labels"
    own = read_own_labels(labels / "messages.csv", sources.shared, taxonomy, segmenter)
    grades = read_urgency(labels / "urgency.csv")
    graded = {i: replace(e, urgency=grades.get(i)) for i, e in (own | messages).items()}
    beside = [
        *(example for identity, example in graded.items() if identity not in messages),
        *named_topics(taxonomy, segmenter),
        *named_departments(data / "departments.csv", segmenter),
        *urgent_phrases(segmenter),
        *read_seeds(data / "seeds", taxonomy, segmenter),
    ]
    distant = [replace(example, is_distant=True) for example in beside]
    return [graded[identity] for identity in messages], distant


def with_lines(heads: Sequence[Head], lines: Mapping[str, Line]) -> list[Head]:
    """The heads with the lines that straighten their best label's share."""
    return [
        replace(head, slope=slope, offset=offset)
        for head in heads
        for slope, offset in [lines.get(head.name, (1.0, 0.0))]
    ]
