"""Look-up keys: under which a message is found again by one on the same matter."""

from __future__ import annotations

import numpy as np

from classifier.profile import EMPTY, Records, hashes_of, strengths
from classifier.term_statistics import TermStatistics

_KEY_WORDS = 32


def lookup_keys(profile: Records, statistics: TermStatistics) -> list[tuple[int, float]]:
    """The keys under which a profile is found again, each with the weight of meeting it.

    They are its weightiest words, as numbers of 24 bits, the weightiest first.
    """
    words = profile["words"][profile["words"] != EMPTY]
    _, strength = strengths(words, statistics)
    weightiest = np.argsort(-strength, kind="stable")[:_KEY_WORDS]
    weightiest = weightiest[strength[weightiest] > 0]
    hashes = hashes_of(words)[weightiest]
    return list(zip(hashes.tolist(), strength[weightiest].tolist(), strict=True))
