"""Phrases: finds the longest of many known phrases in a text, quickly.

Few places of a text hold two characters that a phrase begins with; only there are the phrases
compared. (An Aho–Corasick automaton of this many first characters costs
several times as much at each character.)
"""

from __future__ import annotations

from collections.abc import Collection

from classifier.text.spots import PairFinder


class PhraseFinder:
    """Finds phrases in texts.

    Parameters
    ----------
    phrases
        What to find; each has two characters or more.

    Raises
    ------
    ValueError
        A phrase is shorter.
    """

    def __init__(self, phrases: Collection[str]) -> None:
        if any(len(phrase) < 2 for phrase in phrases):
            raise ValueError("a phrase needs two characters")
        self._phrases = frozenset(phrases)
        lengths: dict[str, set[int]] = {}
        for phrase in self._phrases:
            lengths.setdefault(phrase[:2], set()).add(len(phrase))
        self._lengths = {pair: sorted(found, reverse=True) for pair, found in lengths.items()}
        self._beginnings = PairFinder(self._lengths)

    def find(self, text: str) -> list[tuple[int, int]]:
        """Spans (start, end) of phrases, in order, disjoint: the leftmost, there the longest."""
        found: list[tuple[int, int]] = []
        end = 0
        for start in self._beginnings.places(text):
            if start >= end:
                for length in self._lengths[text[start : start + 2]]:
                    phrase = text[start : start + length]
                    if phrase in self._phrases:
                        end = start + len(phrase)
                        found.append((start, end))
                        break
        return found
