"""The ground that a trained model is for learning: its vectors, its scores, and duties' first word.

Messages and duties are seen by the base's n-grams and by its scores of topics and departments.
Before any label is known, a label is as likely as its duties are like the message: in words, and
in what the base takes both for. Labels then add to this by kernel logistic regression, so that
what is known before gives way as they come; an n-gram counts the more, the more it means to the
base.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from classifier.judging.calibration import Groups, softmax
from classifier.judging.features import Text
from classifier.judging.heads import DEPARTMENT, KIND
from classifier.judging.predictor import Predictor
from training.base import base_vectors, exact_rows
from training.duties import Duty
from training.kernel_logistic import fit_kernel_logistic
from training.ridge import Linear
from training.usual import asked, usual_shift

F64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_WORDS = 16.0  # what likeness in words is worth, and likeness in scores, in log odds
_SCORES = 0.25
_SCORE_SHARE = 0.03  # of the base's scores in the likeness of two messages, beside 1 for words
_PENALTY = 0.03
MOST_TEXTS = 6000  # that learn from each other: time grows with the square


class Seen(NamedTuple):
    """What the base sees in texts: vectors, shape (texts, rows), and scores, (texts, columns)."""

    vectors: csr_array
    scores: F64

    def of(self, texts: Places) -> Seen:
        """Of some of the texts."""
        return Seen(self.vectors[texts], self.scores[texts])


class Prior(NamedTuple):
    """What is known before any label: log odds, and how usual each label is.

    ``usual`` has shape (labels,), above 0, and tells only how they compare; None where duties or
    the base don't tell.
    """

    linear: Linear
    usual: F64 | None


class Ground:
    """A trained model as the ground to learn on.

    Parameters
    ----------
    base
        The model. What it says of a message's kind is no matter here and left out, as are its
        yes-or-no questions.
    """

    def __init__(self, base: Predictor) -> None:
        self.weights = base.weights
        heads = [
            head for name, head in base.heads.items() if name != KIND and not head.is_yes_or_no
        ]
        columns = [np.arange(head.columns.start, head.columns.stop) for head in heads]
        self._columns = np.concatenate([np.zeros(0, np.intp), *columns]).astype(np.intp)
        self._groups = Groups.of_sizes([len(head.labels) for head in heads])
        self._exact = exact_rows(base.weights)[:, self._columns]
        self._biases = base.weights.columns[1][self._columns].astype(np.float64)
        # The square root of a row's length: what says nothing to the base says little here.
        lengths = np.linalg.norm(self._exact, axis=1)
        self._reach = lengths**0.5 if lengths.any() else np.ones(len(lengths))
        departments = [label for head in heads if head.name == DEPARTMENT for label in head.labels]
        self._asked = asked(departments)
        names = [head.name for head in heads for _ in head.labels]
        self._is_department = np.array([name == DEPARTMENT for name in names], bool)

    def see(self, texts: Sequence[Text]) -> Seen:
        """What the base sees in texts; there may be none."""
        if not texts:
            shape = (0, len(self.weights.rows))
            return Seen(csr_array(shape), np.zeros((0, len(self._columns))))
        vectors = base_vectors(self.weights, texts)
        return Seen(vectors, np.asarray(vectors @ self._exact + self._biases))

    def prior(self, duties: Sequence[Duty], labels: Sequence[str]) -> Prior:
        """What duties say of messages before any has a label; nothing where there are none."""
        rows = len(self.weights.rows)
        if not duties:
            return Prior(Linear(np.zeros((rows, len(labels))), np.zeros(len(labels))), None)
        by_label = {duty.label: duty for duty in duties}
        seen = self.see([by_label[label].text for label in labels])
        words = seen.vectors.toarray()
        words /= np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-9)
        shares = softmax(seen.scores, self._groups)
        usual = None if self._asked is None else shares[:, self._is_department] @ self._asked
        words, shares = (each - each.mean(axis=0) for each in (words, shares))
        with threadpool_limits(1):
            weights = _WORDS * words.T + _SCORES * (self._exact @ shares.T)
            return Prior(Linear(weights, _SCORES * (shares @ self._biases)), usual)

    def learn(self, seen: Seen, known: Places, wanted: F64, prior: Prior) -> Linear:
        """Add to what is known before what labels tell.

        Parameters
        ----------
        seen
            The texts.
        known
            The places of those with a label; the others tell what scores are usual.
        wanted
            The share (0–1) that each label should have in each text with one, shape (known,
            labels); see ``fit_kernel_logistic``.
        prior
            What is known before.
        """
        start = prior.linear
        if not len(known):
            return start
        means = seen.scores.mean(axis=0)
        spread = np.maximum(seen.scores.std(axis=0), 1e-6) * len(self._columns) ** 0.5
        factors = _SCORE_SHARE**0.5 / spread
        reach = self._scaled_reach(seen.vectors)
        vectors = csr_array(seen.vectors[known] * reach[None, :])
        scores = (seen.scores[known] - means) * factors
        with threadpool_limits(1):
            gram = np.asarray((vectors @ vectors.T).todense()) + scores @ scores.T
            before = start.scores(seen.vectors[known])
            found = fit_kernel_logistic(gram, before, wanted, np.ones(len(known)), _PENALTY)
            told = scores.T @ found * factors[:, None]
            weights = start.weights + reach[:, None] * (vectors.T @ found) + self._exact @ told
            biases = start.biases + (self._biases - means) @ told
            return Linear(weights, biases + usual_shift(prior.usual, wanted))

    def _scaled_reach(self, vectors: csr_array) -> F64:
        """What multiplies each n-gram, so that texts are as long as before on the whole."""
        squares = vectors.power(2).sum(axis=0)
        reached = float((squares * np.square(self._reach)).sum())
        factor: float = (float(squares.sum()) / reached if reached else 1.0) ** 0.5
        return np.asarray(self._reach * factor)
