"""Whereabouts: in which part of a text any of many words can stand.

An automaton (Aho–Corasick) looks at each character of a text, and at memory that is slow to answer.
Where the pairs of characters stand with which words begin is known sooner: it need not look before
the first of them, nor farther behind the last than the longest word, nor where there is none.
"""

from __future__ import annotations

from collections.abc import Collection

from classifier.text.spots import PairFinder

NOWHERE = 0, 0


class Whereabouts:
    """Of some words, none of them empty."""

    def __init__(self, words: Collection[str]) -> None:
        self._is_of_pairs = all(len(word) > 1 for word in words)
        self._longest = max(map(len, words), default=0)
        self._beginnings = PairFinder({word[:2] for word in words if len(word) > 1})

    def within(self, text: str) -> tuple[int, int]:
        """From where to where to look; an automaton looks nowhere if both are 0."""
        if not self._is_of_pairs:
            return 0, len(text)
        places = self._beginnings.places(text)
        return (places[0], min(places[-1] + self._longest, len(text))) if places else NOWHERE
