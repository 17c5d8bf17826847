"""Look-up keys: under which a message is found again by one on the same matter."""

from __future__ import annotations

import numpy as np

from classifier.profile import EMPTY, Records
from classifier.term_statistics import TermStatistics

_KEY_WORDS = 20
_KEY_SKETCH = 6
_SKETCH_WEIGHT = 6.0


def lookup_keys(profile: Records, statistics: TermStatistics) -> list[tuple[int, float]]:
    """The keys under which a profile is found again, each with the weight of meeting it.

    They are its rarest words and the smallest values of its sketch, as numbers of 31 bits.
    """
    words = profile["words"][profile["words"] != EMPTY]
    idf = statistics.words[words & np.uint32(len(statistics.words) - 1)]
    rarest = np.argsort(-idf, kind="stable")[:_KEY_WORDS]
    sketch = profile["sketch"][profile["sketch"] != EMPTY][:_KEY_SKETCH]
    # Half of the key space each, so that a word never meets a sketch value.
    word_keys = zip((words[rarest] >> 2).tolist(), idf[rarest].tolist(), strict=True)
    return [*word_keys, *(((value >> 2) | 0x40000000, _SKETCH_WEIGHT) for value in sketch.tolist())]
