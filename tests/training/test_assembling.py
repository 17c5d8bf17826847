"""Assembling: eight bits a weight judge as the exact numbers do."""

from __future__ import annotations

import numpy as np

from classifier.judging.heads import HEADS
from classifier.judging.taxonomy import Taxonomy
from tests.training.small import PLAN, small_examples
from training.assembling import assemble
from training.desk import desk_heads
from training.heads_fit import fit_heads, prepare


def test_the_model_scores_as_the_fit_does() -> None:
    taxonomy = Taxonomy.load()
    examples = small_examples(taxonomy)
    heads = desk_heads(examples, taxonomy)
    assert tuple(head.name for head in heads) == HEADS
    material = prepare(examples, heads, PLAN)
    vocabulary, linear = fit_heads(material, PLAN)
    scaling = np.stack([np.full(len(linear.biases), 4.0), np.linspace(0, 1, len(linear.biases))])
    weights = assemble(linear, vocabulary, PLAN.scheme, scaling)
    exact = (
        linear.scores(vocabulary.vectors(material.counts, PLAN.scheme.opening_share)) * scaling[0]
        + scaling[1]
    )
    found = [weights.scores(weights.look_up(example.text)) for example in examples]
    assert np.abs(np.array(found) - exact).max() < 0.1
    assert weights.rows.size <= PLAN.size
