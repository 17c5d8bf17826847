"""A trained model as the ground to learn on: its n-grams, its scores, and rows changed by more.

Texts become vectors over the rows that the model has; what is learned from them is added to its
rows. So the texts it was trained on are not needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from classifier.judging.features import Text
from classifier.judging.weights import Weights

F64 = npt.NDArray[np.float64]


def base_vectors(weights: Weights, texts: Sequence[Text]) -> csr_array:
    """Texts as vectors over a model's rows, shape (texts, rows).

    The same numbers as ``Vocabulary.vectors`` gives: damped counts times inverse document
    frequencies, over the length of each part.
    """
    idf = np.sqrt(weights.strengths.astype(np.float64))
    columns, values, ends = [], [], [0]
    for text in texts:
        kept = weights.look_up(text).damped()
        for rows, factor in zip(kept, (1.0, weights.scheme.opening_share**0.5), strict=True):
            length = float(weights.strengths.take(rows).sum()) ** 0.5
            columns.append(rows.astype(np.int64))
            values.append(idf[rows] * (factor / (length or 1.0)))
        ends.append(ends[-1] + sum(map(len, kept)))
    shape = (len(texts), len(weights.rows))
    vectors = csr_array((np.concatenate(values), np.concatenate(columns), ends), shape)
    vectors.sum_duplicates()
    return vectors


def exact_rows(weights: Weights) -> F64:
    """A model's weights as ``base_vectors(…) @ exact_rows`` needs them, shape (rows, columns).

    The product and the biases are the scores.
    """
    idf = np.sqrt(weights.strengths.astype(np.float64))
    scaled = weights.rows * weights.columns[0].astype(np.float64)
    return np.asarray(scaled / np.where(idf > 0, idf, 1.0)[:, None])


def with_columns(weights: Weights, exact: F64, biases: F64) -> Weights:
    """The model's n-grams with other weights, rounded to 8 bits a column.

    ``exact`` has shape (rows, columns), as :func:`exact_rows` gives them; ``biases`` (columns,).
    """
    scaled = np.sqrt(weights.strengths.astype(np.float64))[:, None] * exact
    steps = np.abs(scaled).max(axis=0, initial=0.0) / 127
    steps[steps == 0] = 1.0
    rows = np.rint(scaled / steps).astype(np.int8)
    columns = np.stack([steps, biases]).astype(np.float32)
    return Weights(weights.scheme, weights.table, weights.strengths, rows, columns)
