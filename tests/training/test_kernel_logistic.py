"""Kernel logistic regression: it is the primal model, and offsets are what it starts from."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_softmax

from training.kernel_logistic import fit_kernel_logistic

RANDOM = np.random.default_rng(5)
TEXTS = RANDOM.random((20, 6))
TRUTH = RANDOM.integers(0, 3, 20)
WANTED = np.eye(3)[TRUTH]
TRUST = RANDOM.random(20) + 0.5
OFFSETS = RANDOM.random((20, 3))


def test_it_solves_the_penalised_primal_problem() -> None:
    def surprise(point: np.ndarray) -> float:
        weights = point.reshape(6, 3)
        shares = log_softmax(OFFSETS + TEXTS @ weights, axis=1)
        return -float((TRUST * shares[np.arange(20), TRUTH]).sum()) + 0.25 * float(point @ point)

    primal = minimize(surprise, np.zeros(18), method="BFGS").x.reshape(6, 3)
    found = fit_kernel_logistic(TEXTS @ TEXTS.T, OFFSETS, WANTED, TRUST, 0.5)
    assert TEXTS.T @ found == pytest.approx(primal, abs=1e-2)


def test_a_heavy_penalty_leaves_the_offsets() -> None:
    gram = TEXTS @ TEXTS.T
    assert np.abs(gram @ fit_kernel_logistic(gram, OFFSETS, WANTED, TRUST, 1e6)).max() < 1e-3


def test_what_it_was_told_becomes_likelier() -> None:
    gram = TEXTS @ TEXTS.T
    found = OFFSETS + gram @ fit_kernel_logistic(gram, OFFSETS, WANTED, TRUST, 0.1)
    row = np.arange(20)
    before, after = (log_softmax(s, axis=1)[row, TRUTH].sum() for s in (OFFSETS, found))
    assert after > before
