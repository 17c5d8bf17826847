"""Assembling: from fitted numbers to what a model file holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifier.judging.features import FeatureScheme
from classifier.judging.weights import Weights
from training.ridge import Linear
from training.vocabulary import Vocabulary

F64 = npt.NDArray[np.float64]


def assemble(
    linear: Linear,
    vocabulary: Vocabulary,
    scheme: FeatureScheme,
    scaling: F64,
) -> Weights:
    """Fold frequencies and scaling into the weights and round them to 8 bits a column.

    ``scaling`` holds a factor and an offset a column, shape (2, columns).
    """
    factors, offsets = scaling
    exact = vocabulary.idf[:, None] * linear.weights * factors
    steps = np.abs(exact).max(axis=0, initial=0.0) / 127
    steps[steps == 0] = 1.0
    rows = np.zeros((len(exact) + 1, exact.shape[1]), np.int8)
    rows[1:] = np.rint(exact / steps)
    biases = linear.biases * factors + offsets
    columns = np.stack([steps, biases]).astype(np.float32)
    return Weights(scheme, vocabulary.table(scheme.bits), vocabulary.strengths(), rows, columns)
