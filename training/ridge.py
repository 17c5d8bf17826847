"""Ridge regression on label indicators, solved exactly between texts rather than n-grams.

With fewer texts than n-grams the dual problem is the small one, all labels of one penalty share a
Cholesky factor, and the result has no seed and no stopping rule. It is computed in one thread, so
that the number of cores does not change a bit of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """``vectors @ weights + biases`` are the scores; shapes (n-grams, labels) and (labels,)."""

    weights: F64
    biases: F64

    def scores(self, vectors: csr_array) -> F64:
        """Scores of texts, shape (texts, labels)."""
        return np.asarray(vectors @ self.weights + self.biases)


def fit_ridge(vectors: csr_array, targets: F64, trust: F64, penalties: F64) -> Linear:
    """Fit one linear function a label.

    Parameters
    ----------
    vectors
        Texts, shape (texts, n-grams).
    targets
        1 where a text has the label, -1 where it has not, NaN where nobody said;
        shape (texts, labels).
    trust
        The weight of each text, above 0, shape (texts,).
    penalties
        The ridge penalty of each label, above 0, shape (labels,); few different ones.
    """
    is_told = ~np.isnan(targets)
    weight = trust[:, None] * is_told
    means = (weight * np.nan_to_num(targets)).sum(axis=0) / weight.sum(axis=0)
    # An untold label is put at its mean: it then pulls to no side.
    residuals = np.where(is_told, targets, means) - means
    solution = np.empty_like(residuals)
    with threadpool_limits(1):
        gram = (vectors @ vectors.T).toarray()
        for penalty in np.unique(penalties):
            columns = np.flatnonzero(penalties == penalty)
            system = gram + np.diag(penalty / trust)
            factor = cho_factor(system, lower=True, overwrite_a=True, check_finite=False)
            solution[:, columns] = cho_solve(factor, residuals[:, columns], check_finite=False)
        return Linear(np.asarray(vectors.T @ solution), means)


def importance(vectors: csr_array, linear: Linear) -> F64:
    """How much each n-gram moves the scores of the texts at hand, shape (n-grams,)."""
    energy = np.asarray(vectors.multiply(vectors).sum(axis=0)).ravel()
    return np.asarray(np.sqrt(energy * np.square(linear.weights).sum(axis=1)))
