"""Look-up keys: under which a message is found again by one on the same matter.

Where the compiled part was built it weighs the words, otherwise numpy does, with the same result to
the last bit.
"""

from __future__ import annotations

import numpy as np

from classifier.matching.profile import FORMAT, Records
from classifier.matching.term_statistics import TermStatistics
from classifier.matching.terms import DAMPED, EMPTY, U32, compiled, hashes_of, strengths

ASKED = 48  # keys of a message
STANDING = 32  # of these, the weightiest, under which it can be found
_FEW_WORDS = 3
_FORMAT_BITS, _DIGEST_BIT = 25, 1 << 24
_DIGEST_WEIGHT = 100.0

WeighedKeys = list[tuple[int, float]]


def lookup_keys(profile: Records, statistics: TermStatistics) -> WeighedKeys:
    """The keys to look a profile up by, each with the weight of meeting it, weightiest first.

    They are its weightiest words by rarity and count, as numbers of 31 bits. A message stands
    under the first ``STANDING`` of its own: what edits make of words looks rare and pushes others
    down, so more are asked for. Where there are hardly any words, the whole text is a
    key as well. Keys of different profile formats never meet.
    """
    found = keys_of_words(profile["words"].astype(np.uint32), statistics)
    if len(found) < _FEW_WORDS and profile["length"]:
        digest = int(profile["digest"]) % _DIGEST_BIT
        found.insert(0, (digest | _DIGEST_BIT | FORMAT << _FORMAT_BITS, _DIGEST_WEIGHT))
    return found


def keys_of_words(words: U32, statistics: TermStatistics) -> WeighedKeys:
    """The keys of a profile's words, those that weigh something, weightiest first."""
    if compiled is None:
        return keys_of_words_by_numpy(words, statistics)
    found: WeighedKeys = compiled.weighed_keys(
        words, statistics.words, DAMPED, ASKED, FORMAT << _FORMAT_BITS
    )
    return found


def keys_of_words_by_numpy(words: U32, statistics: TermStatistics) -> WeighedKeys:
    """The same without the compiled part."""
    words = words[words != EMPTY]
    _, strength = strengths(words, statistics)
    order = (-strength).argsort(kind="stable")[:ASKED]
    keys = hashes_of(words[order]) | np.uint32(FORMAT << _FORMAT_BITS)
    weighed = zip(keys.tolist(), strength[order].tolist(), strict=True)
    return [each for each in weighed if each[1] > 0]
