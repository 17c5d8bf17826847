"""Bases: models as the shipped one that have not seen some texts, for what is measured on these."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from classifier.judging.features import Text
from classifier.judging.heads import Limits, as_json
from classifier.judging.taxonomy import Taxonomy
from classifier.judging.weights import write_weights
from classifier.modelfile import write_model_file
from training.assembling import assemble
from training.default import Sources, read_examples
from training.desk import desk_heads
from training.heads_fit import Plan, fit_heads, prepare
from training.near_copies import group_near_copies

DATA = Path(__file__).parents[2] / "data"
_SCALE = 5.0  # of scores as log odds, about what is fitted for the shipped model


def train_without(texts: list[Text], shared: Path, out: Path) -> None:
    """Fit a base as the shipped one is, uncalibrated, without near copies of some texts.

    Parameters
    ----------
    texts
        What is measured on later.
    shared
        The folder of the shared data.
    out
        The model file to write.
    """
    taxonomy, plan = Taxonomy.load(), Plan()
    messages, beside = read_examples(Sources(shared, DATA), taxonomy)
    examples = [*messages, *beside]
    groups = group_near_copies([*(example.text for example in examples), *texts])
    is_close = np.isin(groups[: len(examples)], groups[len(examples) :])
    heads = desk_heads(messages, taxonomy)
    kept = [example for example, close in zip(examples, is_close, strict=True) if not close]
    vocabulary, linear = fit_heads(prepare(kept, heads, plan), plan)
    scaling = np.array([[_SCALE], [0.0]]) * np.ones(len(linear.biases))
    weights = assemble(linear, vocabulary, plan.scheme, scaling)
    limits = Limits(0.5, 0.5, 0.15, 0.5, 5, 0.5)
    header = as_json(heads, (1.0, 0.0), limits, taxonomy) | {"features": plan.scheme.as_json()}
    write_model_file(out, header, write_weights(weights))
