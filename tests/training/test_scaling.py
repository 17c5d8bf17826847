"""Scaling: scores become honest, and order is kept where it must be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, softmax

from training.scaling import fit_odds, fit_vector_scaling

RANDOM = np.random.default_rng(11)


def test_odds_are_found_again() -> None:
    scores = RANDOM.normal(size=20_000)
    is_yes = RANDOM.random(20_000) < expit(2 * scores - 1)
    factor, offset = fit_odds(scores, is_yes)
    assert factor == pytest.approx(2, rel=0.1)
    assert offset == pytest.approx(-1, rel=0.1)


def test_a_score_that_says_the_contrary_still_never_speaks_against() -> None:
    scores = RANDOM.normal(size=500)
    assert fit_odds(scores, scores < 0)[0] > 0


def test_a_label_that_is_scored_too_low_is_lifted() -> None:
    truth = RANDOM.integers(0, 3, 3000)
    scores = RANDOM.normal(0, 0.2, (3000, 3))
    scores[np.arange(3000), truth] += 0.6
    scores[:, 2] = scores[:, 2] / 3 - 0.2
    factors, offsets = fit_vector_scaling(scores, truth)
    before = (scores.argmax(axis=1) == truth).mean()
    assert ((scores * factors + offsets).argmax(axis=1) == truth).mean() > before + 0.05
    assert (factors > 0).all()


def test_shares_are_near_the_rates_they_claim() -> None:
    logits = RANDOM.normal(size=(20_000, 4))
    shares = softmax(logits, axis=1)
    truth = (shares.cumsum(axis=1) > RANDOM.random((20_000, 1))).argmax(axis=1)
    factors, offsets = fit_vector_scaling(logits / 7, truth)
    found = softmax(logits / 7 * factors + offsets, axis=1)
    assert np.abs(found - shares).mean() < 0.03
