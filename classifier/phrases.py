"""Phrases: finds the longest of many known phrases in a text, quickly.

A pattern made of the characters that phrases begin with lets few places of a text pass; only
there are the phrases compared. (An Aho–Corasick automaton of this many first characters costs
several times as much at each character.)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable


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
        self._may_begin = re.compile(_beginning(self._phrases))

    def find(self, text: str) -> list[tuple[int, int]]:
        """Spans (start, end) of phrases, in order, disjoint: the leftmost, there the longest."""
        found: list[tuple[int, int]] = []
        end = 0
        for place in self._may_begin.finditer(text):
            start = place.start()
            if start >= end and (lengths := self._lengths.get(text[start : start + 2])):
                for length in lengths:
                    phrase = text[start : start + length]
                    if phrase in self._phrases:
                        end = start + len(phrase)
                        found.append((start, end))
                        break
        return found


def _beginning(phrases: Iterable[str]) -> str:
    """A pattern of one character that passes where the next ones too are those of phrases."""
    pairs = [phrase for phrase in phrases if len(phrase) == 2]
    longer = [phrase for phrase in phrases if len(phrase) > 2]
    return (
        f"{_one_of(phrases, 0)}(?:(?<={_one_of(pairs, 0)})(?={_one_of(pairs, 1)})"
        f"|(?={_one_of(longer, 1)}{_one_of(longer, 2)}))"
    )


def _one_of(phrases: Iterable[str], place: int) -> str:
    """A class of the characters at one place of phrases; of no phrases, one without any."""
    characters = "".join(sorted({phrase[place] for phrase in phrases}))
    return f"[{re.escape(characters)}]" if characters else r"[^\s\S]"
