"""Spots: where in a text a pattern may match, or one of many words begins.

Python's engine takes some ten nanoseconds for each character that it passes by; the compiled part,
where it was built, one or two. So it looks for the spots, by what stands there and beside, and
patterns are tried only there. What is found is the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from classifier.compiled import find_compiled

# The compiled part; None where there is none, and then the patterns look by themselves.
compiled = find_compiled("_spots")

HAN = "".join(map(chr, range(0x4E00, 0xA000)))  # [一-鿿]


class SpottedPattern:
    """A pattern, and what stands where it matches.

    Parameters
    ----------
    pattern
        Matches no empty text.
    here
        Characters of which every match begins with one.
    before, behind
        Characters of which one stands before that first one, and behind it, unless the text
        begins or ends there; None where it may be any.
    """

    def __init__(
        self, pattern: str, here: str, *, before: str | None = None, behind: str | None = None
    ) -> None:
        self.pattern = re.compile(pattern)
        self._spots = None if compiled is None else compiled.Spots(before, here, behind)

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """What ``re.Pattern.finditer`` finds."""
        if self._spots is None:
            return self.pattern.finditer(text)
        found: list[re.Match[str]] = self._spots.all(text, self.pattern.match)
        return found

    def search(self, text: str) -> re.Match[str] | None:
        """What ``re.Pattern.search`` finds."""
        if self._spots is None:
            return self.pattern.search(text)
        found: re.Match[str] | None = self._spots.first(text, self.pattern.match)
        return found


class PairFinder:
    """Finds pairs of characters in texts.

    Parameters
    ----------
    pairs
        What to find; each is two characters.
    """

    def __init__(self, pairs: Collection[str]) -> None:
        self._pairs = frozenset(pairs)
        is_listed = all("\0" < character <= "\uffff" for pair in pairs for character in pair)
        self._compiled = compiled.Pairs(sorted(pairs)) if compiled and is_listed else None
        firsts, seconds = ("".join(sorted({pair[at] for pair in pairs})) for at in (0, 1))
        pattern = f"[{re.escape(firsts)}](?=[{re.escape(seconds)}])" if pairs else r"(?!)"
        self._may_begin = re.compile(pattern)

    def places(self, text: str) -> list[int]:
        """Where a pair begins, in order."""
        if self._compiled is not None:
            found: list[int] = self._compiled.places(text)
            return found
        places = (match.start() for match in self._may_begin.finditer(text))
        return [place for place in places if text[place : place + 2] in self._pairs]
