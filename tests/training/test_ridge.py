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
TRUST = np.repeat(RANDOM.random(12) + 0.5, 4).reshape(12, 4)
TRUST[:, 2] = RANDOM.random(12) + 0.5  # another trust for one label: a factor of its own


def test_it_solves_the_weighted_least_squares_problem() -> None:
    linear = fit_ridge(VECTORS, TARGETS, TRUST, 0.1)
    x = VECTORS.toarray()
    residuals = TARGETS - linear.biases
    for label in range(4):
        w = np.diag(TRUST[:, label])
        primal = np.linalg.solve(x.T @ w @ x + 0.1 * np.eye(30), x.T @ w @ residuals[:, label])
        # Numbers of 32 bits; weights are rounded to 8 afterwards.
        assert linear.weights[:, label] == pytest.approx(primal, abs=1e-5)


def test_more_texts_than_a_matrix_can_hold_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = fit_ridge(VECTORS, TARGETS, TRUST, 0.1)
    monkeypatch.setattr("training.ridge._MOST_EXACT", 11)
    in_steps = fit_ridge(VECTORS, TARGETS, TRUST, 0.1)
    assert in_steps.weights == pytest.approx(exact.weights, abs=1e-3)
    assert in_steps.biases == pytest.approx(exact.biases)


def test_what_nobody_said_pulls_to_no_side() -> None:
    targets = TARGETS.copy()
    targets[:6, 1] = np.nan
    linear = fit_ridge(VECTORS, targets, TRUST, 0.1)
    assert linear.biases[1] == pytest.approx(np.average(TARGETS[6:, 1], weights=TRUST[6:, 1]))
    assert np.isfinite(linear.weights).all()


def test_threads_do_not_change_a_bit() -> None:
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(fit_ridge(VECTORS, TARGETS, TRUST, 0.1).weights)
    assert found[0].tobytes() == found[1].tobytes()
