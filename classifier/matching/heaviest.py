"""Heaviest: which messages share the most weight of some keys.

Weights of keys have few binary digits, so that sums are the same in any order: the compiled part,
where it was built, gives the same as numpy to the last bit.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from classifier.compiled import find_compiled

# The compiled part; None where there is none, and then numpy does all.
compiled = find_compiled("_matching")

I64 = npt.NDArray[np.int64]
Ids: TypeAlias = "array[int]"  # of numbers of 64 bits, "q"
# The first of some ids, ascending, and how far each is from it: in 4 bytes, the lowest first.
Run = tuple[int, bytes]
Part: TypeAlias = "array[int] | Run"
Parts = Sequence[Part]  # the ids under a key, each once, the newest last
Key = tuple[int, float]  # a key and what it weighs
Share = tuple[float, int]  # what a message shares of the weight, negative, and its id


def rarest(keys: Sequence[Key], counts: dict[int, int], room: int) -> list[Key]:
    """The keys under which the fewest ids are, the rarest first, until there are too many ids.

    Parameters
    ----------
    keys
        Those to choose from; a key that nothing is under is passed over.
    counts
        How many ids are under each key.
    room
        How many ids there may be in all.
    """
    if compiled is not None:
        found: list[Key] = compiled.rarest(keys, counts, room)
        return found
    return rarest_by_sorting(keys, counts, room)


def rarest_by_sorting(keys: Sequence[Key], counts: dict[int, int], room: int) -> list[Key]:
    """The same without the compiled part."""
    found = []
    for count, key, weight in sorted((counts[key], key, w) for key, w in keys if key in counts):
        room -= count
        if room < 0:
            break
        found.append((key, weight))
    return found


def heaviest(found: list[Parts], weights: list[float], most: int) -> list[Share]:
    """The ids that share the most weight, and among equals the smallest; the best first.

    Parameters
    ----------
    found
        The ids (0 or more) under each of some keys.
    weights
        What each key weighs.
    most
        How many at most, 1 or more.
    """
    if compiled is not None:
        shares: list[Share] = compiled.heaviest(found, weights, most)
        return shares
    return heaviest_by_numpy(found, weights, most)


def heaviest_by_numpy(found: list[Parts], weights: list[float], most: int) -> list[Share]:
    """The same without the compiled part."""
    under = [np.concatenate([np.zeros(0, np.int64), *map(_as_numpy, each)]) for each in found]
    ids: I64 = np.concatenate([np.zeros(0, np.int64), *under])
    if not len(ids):
        return []
    order = np.argsort(ids, kind="stable")
    ascending = ids[order]
    is_first = np.ones(len(ids), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    shares = np.add.reduceat(np.repeat(weights, list(map(len, under)))[order], starts)
    distinct = ascending[starts]
    if len(distinct) > most:
        is_near = shares >= np.partition(shares, -most)[-most]
        distinct, shares = distinct[is_near], shares[is_near]
    best = np.lexsort((distinct, -shares))[:most]
    return list(zip((-shares[best]).tolist(), distinct[best].tolist(), strict=True))


def _as_numpy(part: Part) -> I64:
    if isinstance(part, tuple):
        first, offsets = part
        return np.frombuffer(offsets, "<u4") + np.int64(first)
    return np.asarray(part, np.int64)
