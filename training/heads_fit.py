"""Fitting all heads at once: from examples to one linear function over a chosen vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from classifier.judging.features import FeatureScheme
from classifier.judging.heads import TOPIC, URGENT, Head
from training.examples import Example
from training.ridge import Linear, fit_ridge
from training.vocabulary import Counts, Vocabulary, count_slots, fit_vocabulary, on_both_sides

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
    size
        The most bytes the rows of a model may have, one byte a column, row 0 included.
    penalty
        The ridge penalty.
    family_share
        How much a topic's siblings share in its examples: 0 makes first levels of no account.
    second_target
        What a second acceptable label is fitted to, between -1 (no) and 1 (yes).
    distant_trust
        What a message to another desk counts beside one to the desk itself, in all but urgency,
        which is too rare to give anything away (above 0).
    urgency_targets
        What each grade of urgency, 0 to 3, is fitted to.
    """

    scheme: FeatureScheme = field(default_factory=FeatureScheme)
    least_texts: int = 4
    size: int = 14_220_000
    penalty: float = 0.8
    family_share: float = 0.5
    second_target: float = 0.2
    distant_trust: float = 0.4
    urgency_targets: tuple[float, ...] = (-1.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Material:
    """Examples made ready to fit: all have a row a text.

    ``targets`` and ``trust`` have a column a label; ``targets`` is NaN where nobody said.
    ``is_cut`` is as in ``Example``.
    """

    counts: Counts
    targets: F64
    trust: F64
    is_cut: npt.NDArray[np.bool_]

    def select(self, texts: npt.NDArray[np.intp]) -> Material:
        """Some of the texts."""
        counts, targets, trust = self.counts.of(texts), self.targets[texts], self.trust[texts]
        return Material(counts, targets, trust, self.is_cut[texts])


def prepare(examples: Sequence[Example], heads: Sequence[Head], plan: Plan) -> Material:
    """Count n-grams and lay out targets, one column a label in the order of the heads."""
    counts = count_slots([example.text for example in examples], plan.scheme)
    targets = np.hstack([_targets(examples, head, plan) for head in heads])
    trust = np.hstack([_trust(examples, head, plan) for head in heads])
    is_cut = np.array([example.is_cut for example in examples])
    return Material(counts, targets, trust, is_cut)


def _targets(examples: Sequence[Example], head: Head, plan: Plan) -> F64:
    given = np.array([example.labels.get(head.name, "") for example in examples])
    targets = np.where(given[:, None] == np.array(head.labels), 1.0, -1.0)
    if head.name == TOPIC:
        first, firsts = given.astype("<U2"), np.array(head.labels).astype("<U2")
        targets += plan.family_share * np.where(first[:, None] == firsts, 1.0, -1.0)
    second = np.array([example.seconds.get(head.name, "") for example in examples])
    targets[second[:, None] == np.array(head.labels)] = plan.second_target
    if head.name == URGENT:
        for row, example in enumerate(examples):
            if example.urgency is not None:
                targets[row] = plan.urgency_targets[example.urgency]
    targets[given == ""] = np.nan
    return targets


def _trust(examples: Sequence[Example], head: Head, plan: Plan) -> F64:
    distant = 1.0 if head.name == URGENT else plan.distant_trust
    trust = [example.trust * (distant if example.is_distant else 1.0) for example in examples]
    return np.repeat(np.array(trust)[:, None], len(head.labels), axis=1)


def fit_heads(material: Material, plan: Plan) -> tuple[Vocabulary, Linear]:
    """Fit on the n-grams of most texts, of which both kinds of texts have their share."""
    vocabulary = fit_vocabulary(material.counts, plan.least_texts)
    if material.is_cut.any() and not material.is_cut.all():
        alike = on_both_sides(vocabulary, material.counts.whole, material.is_cut)
        vocabulary = vocabulary.only(alike)
    vocabulary = vocabulary.commonest(plan.size // material.targets.shape[1] - 1)
    vectors = vocabulary.vectors(material.counts, plan.scheme.opening_share)
    return vocabulary, fit_ridge(vectors, material.targets, material.trust, plan.penalty)
