"""Ridge regression on label indicators, solved exactly between texts rather than n-grams.

With fewer texts than n-grams the dual problem is the small one, labels share a Cholesky factor,
and the result has no seed and no stopping rule. It is computed in one thread, so that the
number of cores does not change a bit of it, and in numbers of 32 bits: weights end up in 8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, cg
from threadpoolctl import threadpool_limits

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

_COMMON = 0.03
_MOST_EXACT = 30_000  # texts whose products with each other fit into 4 GB
_PRECISE, _STEPS = 1e-4, 300
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Linear:
    """``vectors @ weights + biases`` are the scores; shapes (n-grams, labels) and (labels,)."""

    weights: F64
    biases: F64

    def scores(self, vectors: csr_array) -> F64:
        """Scores of texts, shape (texts, labels)."""
        return np.asarray(vectors @ self.weights + self.biases)


def fit_ridge(vectors: csr_array, targets: F64, trust: F64, penalty: float) -> Linear:
    """Fit one linear function a label.

    Parameters
    ----------
    vectors
        Texts, shape (texts, n-grams).
    targets
        1 where a text has the label, -1 where it has not, NaN where nobody said;
        shape (texts, labels).
    trust
        The weight of each text for each label, above 0, shape (texts, labels).
    penalty
        The ridge penalty, above 0.
    """
    residuals, means = _residuals(targets, trust)
    solve = _solve_exactly if vectors.shape[0] <= _MOST_EXACT else _solve_in_steps
    with threadpool_limits(1):
        solution = solve(vectors, penalty / trust, residuals)
        return Linear(np.asarray(vectors.T @ solution), means)


def _solve_exactly(vectors: csr_array, penalties: F64, residuals: F64) -> F64:
    """The coefficients of the texts, shape (texts, labels), by one Cholesky factor for all labels
    whose penalties are the same.
    """
    gram = _gram(vectors)
    diagonal = gram.diagonal().copy()
    solution = np.empty(residuals.shape)
    different, same = np.unique(penalties, axis=1, return_inverse=True)
    for number, penalty in enumerate(different.T.astype(np.float32)):
        np.fill_diagonal(gram, diagonal + penalty)
        factor = cho_factor(gram, lower=True, check_finite=False)
        labels = np.flatnonzero(same == number)
        right_side = residuals[:, labels].astype(np.float32)
        solution[:, labels] = cho_solve(factor, right_side, check_finite=False)
        del factor  # as large as gram: two of them need not be
    return solution


def _solve_in_steps(vectors: csr_array, penalties: F64, residuals: F64) -> F64:
    """The same by conjugate gradients, label by label, for more texts than a matrix can hold."""
    texts = vectors.shape[0]
    other = csr_array(vectors.T)

    def solve(penalty: F64, right_side: F64) -> F64:
        def product(point: F64) -> F64:
            return np.asarray(vectors @ (other @ point) + penalty * point)

        system = LinearOperator((texts, texts), product, dtype=np.float64)
        return np.asarray(cg(system, right_side, rtol=_PRECISE, maxiter=_STEPS)[0])

    return np.stack(list(map(solve, penalties.T, residuals.T)), axis=1)


def _residuals(targets: F64, trust: F64) -> tuple[F64, F64]:
    """Targets less their mean, and the means; an untold label pulls to no side."""
    is_told = ~np.isnan(targets)
    weight = trust * is_told
    total = weight.sum(axis=0)
    means = (weight * np.nan_to_num(targets)).sum(axis=0) / np.where(total > 0, total, 1.0)
    return np.where(is_told, targets, means) - means, means


def _gram(vectors: csr_array) -> F32:
    """``vectors @ vectors.T``, shape (texts, texts).

    N-grams of many texts make up nearly all of its products, and a dense product is the
    fastest there; the many rare ones are left to the sparse one.
    """
    frequency = np.bincount(vectors.indices, minlength=vectors.shape[1])
    is_common = frequency > _COMMON * vectors.shape[0]
    common = vectors[:, np.flatnonzero(is_common)].toarray().astype(np.float32)
    gram: F32 = common @ common.T
    rare = csr_array(vectors[:, np.flatnonzero(~is_common)], dtype=np.float32)
    other = csr_array(rare.T)
    for first in range(0, len(gram), _BLOCK):  # a sparse product of all would need more than gram
        gram[first : first + _BLOCK] += (rare[first : first + _BLOCK] @ other).toarray()
    return gram
