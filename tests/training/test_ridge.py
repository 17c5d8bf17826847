"""Ridge regression: the dual solution is the primal one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from training.ridge import fit_ridge, importance

RANDOM = np.random.default_rng(3)
VECTORS = csr_array(RANDOM.random((12, 30)) * (RANDOM.random((12, 30)) < 0.4))
TARGETS = np.where(RANDOM.random((12, 4)) < 0.4, 1.0, -1.0)
TRUST = RANDOM.random(12) + 0.5


def test_it_solves_the_weighted_least_squares_problem() -> None:
    penalties = np.array([0.1, 0.1, 2.0, 0.1])
    linear = fit_ridge(VECTORS, TARGETS, TRUST, penalties)
    x, w = VECTORS.toarray(), np.diag(TRUST)
    for column, penalty in enumerate(penalties):
        residual = TARGETS[:, column] - linear.biases[column]
        primal = np.linalg.solve(x.T @ w @ x + penalty * np.eye(30), x.T @ w @ residual)
        assert linear.weights[:, column] == pytest.approx(primal, abs=1e-8)


def test_what_nobody_said_pulls_to_no_side() -> None:
    targets = TARGETS.copy()
    targets[:6, 1] = np.nan
    linear = fit_ridge(VECTORS, targets, TRUST, np.full(4, 0.1))
    assert linear.biases[1] == pytest.approx(np.average(TARGETS[6:, 1], weights=TRUST[6:]))
    assert np.isfinite(linear.weights).all()


def test_threads_do_not_change_a_bit() -> None:
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(fit_ridge(VECTORS, TARGETS, TRUST, np.full(4, 0.1)).weights)
    assert found[0].tobytes() == found[1].tobytes()


def test_an_ngram_of_no_text_is_of_no_importance() -> None:
    empty = csr_array(np.hstack([VECTORS.toarray(), np.zeros((12, 1))]))
    linear = fit_ridge(empty, TARGETS, TRUST, np.full(4, 0.1))
    assert importance(empty, linear)[-1] == 0
