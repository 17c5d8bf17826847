"""Look-up keys: under which a message is found again by one on the same matter."""

from __future__ import annotations

import numpy as np

from classifier.profile import FORMAT, Records
from classifier.term_statistics import TermStatistics
from classifier.terms import EMPTY, hashes_of, strengths

ASKED = 48  # keys of a message
STANDING = 32  # of these, the weightiest, under which it can be found
_FEW_WORDS = 3
_FORMAT_BITS, _DIGEST_BIT = 25, 1 << 24
_DIGEST_WEIGHT = 100.0


def lookup_keys(profile: Records, statistics: TermStatistics) -> list[tuple[int, float]]:
    """The keys to look a profile up by, each with the weight of meeting it, weightiest first.

    They are its weightiest words by rarity and count, as numbers of 31 bits. A message stands
    under the first ``STANDING`` of its own: what edits make of words looks rare and pushes others
    down, so more are asked for. Where there are hardly any words, the whole text is a
    key as well. Keys of different profile formats never meet.
    """
    words = profile["words"]
    words = words[words != EMPTY]
    _, strength = strengths(words, statistics)
    order = (-strength).argsort(kind="stable")[:ASKED]
    keys = hashes_of(words[order]) | np.uint32(FORMAT << _FORMAT_BITS)
    weighed = zip(keys.tolist(), strength[order].tolist(), strict=True)
    found = [each for each in weighed if each[1] > 0]
    if profile["length"] and len(found) < _FEW_WORDS:
        digest = int(profile["digest"]) % _DIGEST_BIT
        found.insert(0, (digest | _DIGEST_BIT | FORMAT << _FORMAT_BITS, _DIGEST_WEIGHT))
    return found
