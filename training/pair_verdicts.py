"""Cross-fitted verdicts: what a model that never saw a message, or one like it, says of it.

Two letters of one matter that a model was trained on are judged alike because their labels are
known, not because it understood them. A pair model fitted on such verdicts would trust them too
much. So each message is judged here by a kernel ridge regression that leaves out its whole group
of alike messages. That costs one small equation a group, not a fit of its own (the leave-one-out
formula of Rifkin and Lippert, 2007, "Notes on regularized least squares", for groups).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

F32 = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]
Shares = tuple[tuple[str, float], ...]

ALIKE = 0.28
_PENALTY = 0.5
_KEPT = 4  # labels of a question, as many as a verdict tells
_SHARPNESS = (4.0, 6.0, 8.0, 10.0, 14.0)


def cross_fitted_shares(
    texts: Sequence[str],
    labels: Mapping[str, Sequence[str | None]],
    measured: int,
    alike: float = ALIKE,
) -> list[Shares]:
    """Judge messages without having seen them or their like.

    Parameters
    ----------
    texts
        The messages to judge, then others that are only learned from.
    labels
        For each question the label of each text, None where nobody said.
    measured
        How many of the texts are judged.
    alike
        The cosine of character n-grams from which two texts are left out together.

    Returns
    -------
    list
        For each judged text the likeliest labels with their shares, question after question, as
        ``make_profile`` takes them.
    """
    kernel = _kernel(texts)
    groups = np.asarray(connected_components(csr_array(np.triu(kernel >= alike)))[1], np.intp)
    found: list[Shares] = [() for _ in range(measured)]
    for told in labels.values():
        shares, names = _judge(kernel, groups, told, measured)
        found = [(*old, *_likeliest(row, names)) for old, row in zip(found, shares, strict=True)]
    return found


def _kernel(texts: Sequence[str]) -> F32:
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2, dtype=np.float32
    )
    vectors = csr_array(vectorizer.fit_transform(texts))
    kernel: F32 = (vectors @ vectors.T).toarray()
    return kernel


def _judge(
    kernel: F32, groups: Places, told: Sequence[str | None], measured: int
) -> tuple[F32, list[str]]:
    """The shares of each label, shape (measured, labels), and the labels."""
    names = sorted({label for label in told if label})
    known = np.array([place for place, label in enumerate(told) if label], np.intp)
    column = {name: number for number, name in enumerate(names)}
    truth = np.array([column[str(told[place])] for place in known], np.intp)
    scores = _held_out_scores(kernel, groups, known, np.eye(len(names), dtype=np.float32)[truth])
    sharpness = min(_SHARPNESS, key=lambda times: _log_loss(times * scores[known], truth))
    shares: F32 = softmax(sharpness * scores[:measured], axis=1)
    return shares, names


def _held_out_scores(kernel: F32, groups: Places, known: Places, targets: F32) -> F32:
    """Scores of all texts, shape (texts, labels), each without its group."""
    means = targets.mean(axis=0)
    penalised = kernel[np.ix_(known, known)]
    penalised[np.diag_indices(len(known))] += _PENALTY
    with threadpool_limits(1):
        factor = cho_factor(penalised, lower=True, overwrite_a=True)
        inverse = cho_solve(factor, np.eye(len(known), dtype=np.float32))
        solution = inverse @ (targets - means)
        scores = kernel[:, known] @ solution + means
        for group in np.unique(groups[known]):
            left_out = np.flatnonzero(groups[known] == group)
            change = np.linalg.solve(inverse[np.ix_(left_out, left_out)], solution[left_out])
            without = solution - inverse[:, left_out] @ change
            members = np.flatnonzero(groups == group)
            scores[members] = kernel[np.ix_(members, known)] @ without + means
    return np.asarray(scores, np.float32)


def _log_loss(scores: F32, truth: Places) -> float:
    shares = softmax(scores, axis=1)[np.arange(len(truth)), truth]
    return float(-np.log(shares).mean())


def _likeliest(shares: F32, names: Sequence[str]) -> Shares:
    return tuple((names[place], float(shares[place])) for place in np.argsort(-shares)[:_KEPT])
