"""Fitting all heads at once: from examples to one linear function over a chosen vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from classifier.features import FeatureScheme
from classifier.heads import TOPIC, URGENT, Head
from training.examples import Example
from training.ridge import Linear, fit_ridge, importance
from training.vocabulary import Vocabulary, count_slots, fit_vocabulary

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to fit.

    Parameters
    ----------
    scheme
        How n-grams are hashed.
    least_texts
        N-grams of fewer texts are left out: they would be learned by heart.
    rows
        The most rows a model may have, row 0 included; at most 65,536.
    penalty, urgent_penalty
        The ridge penalty of all heads but ``urgent``, and of that one, whose yes is rare.
    family_share
        How much a topic's siblings share in its examples: 0 makes first levels of no account.
    """

    scheme: FeatureScheme = field(default_factory=FeatureScheme)
    least_texts: int = 4
    rows: int = 55_000
    penalty: float = 0.5
    urgent_penalty: float = 2.0
    family_share: float = 0.5


@dataclass(frozen=True, slots=True)
class Material:
    """Examples made ready: ``messages`` first, then texts made of labels' own words.

    ``counts``, ``targets`` and ``trust`` have a row a text; ``targets`` is NaN where nobody said;
    ``penalties`` has an entry a column of ``targets``.
    """

    counts: csr_array
    targets: F64
    trust: F64
    penalties: F64
    message_count: int

    def select(self, messages: npt.NDArray[np.intp]) -> Material:
        """Some of the messages and all of the labels' own words."""
        rows = np.concatenate((messages, np.arange(self.message_count, len(self.trust))))
        chosen = self.counts[rows], self.targets[rows], self.trust[rows]
        return Material(*chosen, self.penalties, len(messages))


def prepare(
    messages: Sequence[Example], names: Sequence[Example], heads: Sequence[Head], plan: Plan
) -> Material:
    """Count n-grams and lay out targets, one column a label in the order of the heads."""
    examples = (*messages, *names)
    counts = count_slots([example.text for example in examples], plan.scheme)
    targets = np.hstack([_targets(examples, head, plan) for head in heads])
    trust = np.array([example.trust for example in examples])
    by_head = {head: plan.urgent_penalty if head.name == URGENT else plan.penalty for head in heads}
    penalties = np.repeat(list(by_head.values()), [len(head.labels) for head in heads])
    return Material(counts, targets, trust, penalties, len(messages))


def _targets(examples: Sequence[Example], head: Head, plan: Plan) -> F64:
    given = np.array([example.labels.get(head.name, "") for example in examples])
    targets = np.where(given[:, None] == np.array(head.labels), 1.0, -1.0)
    if head.name == TOPIC:
        first, firsts = given.astype("<U2"), np.array(head.labels).astype("<U2")
        targets += plan.family_share * np.where(first[:, None] == firsts, 1.0, -1.0)
    targets[given == ""] = np.nan
    return targets


def fit_heads(material: Material, plan: Plan) -> tuple[Vocabulary, Linear]:
    """Fit once on all n-grams, keep the rows that matter most, and fit again on these."""
    vocabulary = fit_vocabulary(material.counts, plan.least_texts)
    vectors, linear = _fit(material, vocabulary, plan)
    if len(vocabulary.kept) >= plan.rows:
        weight = importance(vectors, linear)
        best = np.argsort(-weight, kind="stable")[: plan.rows - 1]
        vocabulary = vocabulary.only(np.sort(best))
        vectors, linear = _fit(material, vocabulary, plan)
    return vocabulary, linear


def _fit(material: Material, vocabulary: Vocabulary, plan: Plan) -> tuple[csr_array, Linear]:
    vectors = vocabulary.vectors(material.counts)
    return vectors, fit_ridge(vectors, material.targets, material.trust, material.penalties)
