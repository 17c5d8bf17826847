"""Heaviest: which messages share the most weight of some keys.

Weights of keys have few binary digits, so that sums are the same in any order: the compiled part,
where it was built, gives the same as numpy to the last bit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifier.compiled import find_compiled

# The compiled part; None where there is none, and then numpy does all.
compiled = find_compiled("_matching")

Ids = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]
Share = tuple[float, int]  # what a message shares of the weight, negative, and its id


def heaviest(ids: Ids, counts: Ids, weights: Weights, most: int) -> list[Share]:
    """The ids that share the most weight, and among equals the smallest; the best first.

    Parameters
    ----------
    ids
        The ids (0 or more) under each of n keys, one key's after the other's.
    counts
        How many ids are under each key, shape (n,).
    weights
        What each key weighs, shape (n,).
    most
        How many at most, 1 or more.
    """
    if compiled is not None:
        found: list[Share] = compiled.heaviest(ids, counts, weights, most)
        return found
    return heaviest_by_numpy(ids, counts, weights, most)


def heaviest_by_numpy(ids: Ids, counts: Ids, weights: Weights, most: int) -> list[Share]:
    """The same without the compiled part."""
    if not len(ids):
        return []
    order = np.argsort(ids, kind="stable")
    ascending = ids[order]
    is_first = np.ones(len(ids), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    shares = np.add.reduceat(np.repeat(weights, counts)[order], starts)
    distinct = ascending[starts]
    if len(distinct) > most:
        is_near = shares >= np.partition(shares, -most)[-most]
        distinct, shares = distinct[is_near], shares[is_near]
    best = np.lexsort((distinct, -shares))[:most]
    return list(zip((-shares[best]).tolist(), distinct[best].tolist(), strict=True))
