"""Ridge regression: the dual solution is the primal one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from training.ridge import fit_ridge

RANDOM = np.random.default_rng(3)
VECTORS = csr_array(RANDOM.random((12, 30)) * (RANDOM.random((12, 30)) < 0.4))
TARGETS = np.where(RANDOM.random((12, 4)) < 0.4, 1.0, -1.0)
TRUST = RANDOM.random(12) + 0.5


def test_it_solves_the_weighted_least_squares_problem() -> None:
    linear = fit_ridge(VECTORS, TARGETS, TRUST, 0.1)
    x, w = VECTORS.toarray(), np.diag(TRUST)
    residuals = TARGETS - linear.biases
    primal = np.linalg.solve(x.T @ w @ x + 0.1 * np.eye(30), x.T @ w @ residuals)
    # Numbers of 32 bits; weights are rounded to 8 afterwards.
    assert linear.weights == pytest.approx(primal, abs=1e-5)


def test_what_nobody_said_pulls_to_no_side() -> None:
    targets = TARGETS.copy()
    targets[:6, 1] = np.nan
    linear = fit_ridge(VECTORS, targets, TRUST, 0.1)
    assert linear.biases[1] == pytest.approx(np.average(TARGETS[6:, 1], weights=TRUST[6:]))
    assert np.isfinite(linear.weights).all()


def test_threads_do_not_change_a_bit() -> None:
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(fit_ridge(VECTORS, TARGETS, TRUST, 0.1).weights)
    assert found[0].tobytes() == found[1].tobytes()
