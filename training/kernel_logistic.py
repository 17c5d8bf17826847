"""Logistic regression between texts: what few labels add to scores that are there already.

The multinomial model with a quadratic penalty, in its dual form (Zhu and Hastie, 2005, "Kernel
logistic regression and the import vector machine"): with fewer texts than n-grams the unknowns are
one number a text and label. The problem is convex, has no seed, and is solved in one thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax
from threadpoolctl import threadpool_limits

F64 = npt.NDArray[np.float64]

_STEPS = 300


def fit_kernel_logistic(gram: F64, offsets: F64, wanted: F64, trust: F64, penalty: float) -> F64:
    """Fit coefficients between texts.

    Parameters
    ----------
    gram
        Inner products of the texts, shape (texts, texts).
    offsets
        Scores (log odds) that a text has before anything is learned, shape (texts, labels).
    wanted
        The share (0–1) that each label should have in each text, shape (texts, labels): 1 for
        the label where there is one alone. The shares of a text sum to 1.
    trust
        The weight of each text, above 0, shape (texts,).
    penalty
        The weight of the squared length of what is learned, above 0.

    Returns
    -------
    array of float64, shape (texts, labels)
        ``offsets + gram @ coefficients`` are the texts' new scores; a new text's are its own
        offsets and its inner products with the texts times the coefficients.
    """

    def surprise(point: F64) -> tuple[float, F64]:
        coefficients = point.reshape(offsets.shape)
        learned = gram @ coefficients
        shares = log_softmax(offsets + learned, axis=1)
        total = -(trust[:, None] * wanted * shares).sum()
        total += 0.5 * penalty * float((coefficients * learned).sum())
        slope = trust[:, None] * (np.exp(shares) - wanted)
        slope = gram @ (slope + penalty * coefficients)
        return float(total), slope.ravel()

    start = np.zeros(offsets.size)
    with threadpool_limits(1):
        found = minimize(surprise, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return np.asarray(found.x.reshape(offsets.shape))
