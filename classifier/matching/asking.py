"""Asking: which messages teach a model most when a person labels them.

Those it is unsure of and that are unlike whatever a person has labelled already, or was asked
before in the same list: uncertainty (Lewis and Gale, 1994, "A sequential algorithm for training
text classifiers") times the distance of the greedy k-centre (Sener and Savarese, 2018, "Active
learning for convolutional neural networks: a core-set approach").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from classifier.matching.profile import Records
from classifier.matching.term_statistics import TermStatistics
from classifier.matching.terms import hashes_of, strengths

F32 = npt.NDArray[np.float32]

_SLOTS = 1024


def directions(profiles: Records, statistics: TermStatistics) -> F32:
    """Profiles as vectors of length 1 over hashed words, weighted by ``statistics``.

    ``profiles`` has shape (n,) and dtype ``PROFILE``; the result (n, 1024). One without any word
    is all 0.
    """
    found = np.zeros((len(profiles), _SLOTS), np.float32)
    row = np.arange(len(profiles))[:, None]
    _, strength = strengths(profiles["words"], statistics)
    np.add.at(found, (row, hashes_of(profiles["words"]) % _SLOTS), strength)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    found /= np.where(lengths > 0, lengths, 1.0)
    return found


def ask_order(margins: Sequence[float], candidates: F32, asked: F32, count: int) -> list[int]:
    """Put those first whose labels teach most.

    Parameters
    ----------
    margins
        By how much the likeliest label of each candidate is likelier than the next (0–1).
    candidates
        Their :func:`directions`, shape (n, dimensions).
    asked
        Those of the messages that are labelled already, shape (m, dimensions).
    count
        How many to choose at most.

    Returns
    -------
    list of int
        Places of candidates, the one that teaches most first. Each choice counts as asked for
        the next one.
    """
    unsure = 1.0 - np.asarray(margins, np.float64)
    distance = np.ones(len(candidates))
    if len(asked) and len(candidates):
        distance = 1.0 - (candidates @ asked.T).max(axis=1)
    chosen: list[int] = []
    left = np.ones(len(candidates), bool)
    while len(chosen) < min(count, len(candidates)):
        # What is sure or a copy comes last, in its own order.
        best = int(np.where(left, unsure * np.maximum(distance, 0.0), -1.0).argmax())
        chosen.append(best)
        left[best] = False
        distance = np.minimum(distance, 1.0 - candidates @ candidates[best])
    return chosen
