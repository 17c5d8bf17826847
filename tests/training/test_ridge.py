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


HEADS = (slice(0, 3), slice(3, 4))


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


def important(vectors: np.ndarray, targets: np.ndarray, heads: tuple[slice, ...]) -> np.ndarray:
    linear = fit_ridge(csr_array(vectors), targets, TRUST, 0.1)
    return importance(csr_array(vectors), linear, heads)


def test_an_ngram_of_no_text_is_of_no_importance() -> None:
    empty = np.hstack([VECTORS.toarray(), np.zeros((12, 1))])
    assert important(empty, TARGETS, HEADS)[-1] == 0


def test_an_ngram_that_tells_labels_apart_is_important() -> None:
    told = np.hstack([VECTORS.toarray(), (TARGETS[:, :1] > 0) * 1.0, np.full((12, 1), 0.5)])
    found = important(told, TARGETS, HEADS)
    assert found[-2] > found[-1]


def test_a_head_of_one_column_has_as_much_say_as_one_of_many() -> None:
    told = np.hstack([VECTORS.toarray(), (TARGETS[:, 3:] > 0) * 1.0])
    alone = important(told, TARGETS, HEADS)
    crowded = np.hstack([np.repeat(TARGETS[:, :3], 20, axis=1), TARGETS[:, 3:]])
    assert important(told, crowded, (slice(0, 60), slice(60, 61))) == pytest.approx(alone, rel=1e-3)
