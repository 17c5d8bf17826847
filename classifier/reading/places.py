"""Places: divisions named in a text, and the one a message is about.

Names come from the state's list of divisions (``data/divisions``): all provinces, cities and
counties of the country, the towns of the counties served. People leave suffixes off
(「富平庄里」), so the served divisions are known by their short names as well; a short town name
that is an ordinary word elsewhere (「文明」) counts only beside its county. Old archives print
letter codes for places (A市, A3区); those are read as places of their own.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from classifier.reading.divisions import CITY, COUNTY, TOWN, Division, above, level, read_divisions
from classifier.spans import Span
from classifier.text.clean import clean
from classifier.text.ordinary import ordinary_words
from classifier.text.phrases import PhraseFinder
from classifier.text.spots import SpottedPattern

__all__ = ["NOWHERE", "Division", "Gazetteer", "Place", "PlaceMention", "read_divisions"]

_SUFFIX = re.compile(
    "(?:瑶族|回族|苗族|土家族|壮族|侗族|彝族)?(?:省|市|区|县|镇|乡|街道|自治州|地区)$"
)
_CODED = SpottedPattern(
    r"[A-Z西](?:(?<=[A-Z])(?<![A-Za-z0-9].)[0-9]{0,2}[市县区]|(?<=西)地省)",
    here=f"{string.ascii_uppercase}西",
    behind=f"{string.digits}市县区地",
)


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A division's name in a text. ``codes`` holds every division it may mean.

    ``is_full`` tells whether the whole official name stands there. A coded place has no codes.
    """

    span: Span
    name: str
    codes: tuple[str, ...]
    is_full: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is about: the division found, "" code where none was."""

    code: str
    name: str
    county: str = ""
    town: str = ""


NOWHERE = Place("", "")
_LATER = 100  # the hundredth mention counts half as much as the first

# What the list calls so is, in a letter, the part of any town that is meant.
_ORDINARY_NAMES = frozenset(("市辖区", "县", "城区", "郊区", "矿区", "市中区", "市南区", "市北区"))


class Gazetteer:
    """Finds division names.

    Parameters
    ----------
    divisions
        All divisions of the country, parents before children.
    served
        Codes of the cities or counties served: below them towns and short names are known.
    extra
        Further names of places that stand for themselves (code = name), as in an archive whose
        directory uses its own place codes.
    """

    def __init__(
        self, divisions: Iterable[Division], served: Sequence[str], extra: Iterable[str] = ()
    ) -> None:
        self.served = tuple(served)
        self._above_served = frozenset(upper for code in self.served for upper in above(code))
        self._own = frozenset(extra)
        self._names: dict[str, str] = {}
        spellings: dict[str, set[tuple[str, bool]]] = {}
        for division in divisions:
            self._names[division.code] = division.name
            for spelling, is_full in self._spellings(division):
                spellings.setdefault(spelling, set()).add((division.code, is_full))
        for name in sorted(self._own):
            self._names[name] = name
            spellings.setdefault(name, set()).add((name, True))
        self._ordinary = ordinary_words(
            spelling
            for spelling, meanings in spellings.items()
            if any(level(code) == TOWN and not is_full for code, is_full in meanings)
        )
        self._meanings = {name: _best_meanings(meanings) for name, meanings in spellings.items()}
        self._finder = PhraseFinder(self._meanings.keys())

    def _is_served(self, code: str) -> bool:
        is_ours = code.startswith(self.served) or code in self._own
        return is_ours or code in self._above_served

    def _spellings(self, division: Division) -> list[tuple[str, bool]]:
        if level(division.code) == TOWN and not self._is_served(division.code):
            return []
        if division.name in _ORDINARY_NAMES and not self._is_served(division.code):
            return []
        # Texts are read in their plain form, which writes 乾 as 干.
        name = clean(division.name).plain
        spellings = [(name, True)]
        short = _SUFFIX.sub("", name)
        if len(short) >= 2 and short != name and self._has_short_name(division.code):
            spellings.append((short, False))
        return spellings

    def _has_short_name(self, code: str) -> bool:
        return level(code) < CITY or self._is_served(code)

    def name(self, code: str) -> str:
        """The name of a division, "" where there is no such code."""
        return self._names.get(code, "")

    def is_division(self, written: str) -> bool:
        """Whether it is a division's code or name, or the names of one and of one below it."""
        known = self._all_names
        ends = range(1, len(written))
        return (
            written in self._names
            or written in known
            or any(written[:end] in known and written[end:] in known for end in ends)
        )

    @cached_property
    def _all_names(self) -> frozenset[str]:
        return frozenset(self._names.values())

    def words(self) -> list[str]:
        """Names of the served divisions, for the segmenter's dictionary."""
        return sorted({self._names[code] for code in self._names if self._is_served(code)})

    def find(self, text: str) -> list[PlaceMention]:
        """Every mention in plain text, in order; of overlapping ones the longest stays."""
        mentions = [self._mention(text, *span) for span in self._finder.find(text)]
        coded = [
            PlaceMention(Span(*match.span()), match.group(), (), True)
            for match in _CODED.finditer(text)
        ]
        return _longest_first(mentions + coded) if coded else mentions

    def _mention(self, text: str, start: int, end: int) -> PlaceMention:
        name = text[start:end]
        return PlaceMention(Span(start, end), name, *self._meanings[name])

    def resolve(self, mentions: Sequence[PlaceMention], context: str = "") -> Place:
        """The place a message is about: the most specific one that its mentions agree on.

        ``context`` is the code of the division whose door the message came through, or "".
        """
        named = dict.fromkeys(code for mention in mentions for code in mention.codes)
        if context:
            named[context] = None
        scores: dict[str, float] = {}
        for rank, mention in enumerate(mentions):
            for code in mention.codes:
                parents = [upper for upper in above(code) if upper in named]
                score = self._score(code, mention, parents, context) * _LATER / (_LATER + rank)
                if score:
                    scores[code] = scores.get(code, 0.0) + score
        if self._own:
            # Where a directory uses codes of its own, a real name is hardly ever what is meant.
            scores = {c: score for c, score in scores.items() if self._is_served(c)} or scores
        if not scores:
            return self._place(context)
        return self._place(max(scores, key=lambda code: _with_parents(code, scores)))

    def _score(
        self, code: str, mention: PlaceMention, parents: Collection[str], context: str
    ) -> float:
        """Own weight by level, more where a parent is named too; 0 where it is not meant."""
        support = len(parents) + (context in parents)
        if level(code) == TOWN:
            own = self._town_score(code, mention, parents)
            return own + support if own else 0.0
        return (2.0 if self._is_served(code) else 1.0) * level(code) / COUNTY + support

    def _town_score(self, code: str, mention: PlaceMention, parents: Collection[str]) -> float:
        """Own weight of a town: a short name alone less than the name of a county served."""
        if not parents and len(mention.codes) > 1:
            return 0.0
        if mention.is_full:
            return 3.5
        # 「定边」 is the county, not the street in it that is called so too.
        if any(upper in mention.codes for upper in above(code)):
            return 0.0
        if mention.name in self._ordinary and code[:COUNTY] not in parents:
            return 0.0
        return 3.0 if parents else 1.5

    def _place(self, code: str) -> Place:
        if not code:
            return NOWHERE
        if not code.isdigit():
            return Place(code, code)
        county = self.name(code[:COUNTY]) if level(code) >= COUNTY else ""
        town = self.name(code) if level(code) == TOWN else ""
        return Place(code, county + town or self.name(code), county, town)


def _with_parents(code: str, scores: Mapping[str, float]) -> float:
    """The score of a division and of all above it: who names the county often means its town."""
    return scores[code] + sum(scores.get(upper, 0.0) for upper in above(code))


def _best_meanings(meanings: set[tuple[str, bool]]) -> tuple[tuple[str, ...], bool]:
    full = tuple(sorted(code for code, is_full in meanings if is_full))
    if full:
        return full, True
    return tuple(sorted(code for code, _ in meanings)), False


def _longest_first(mentions: list[PlaceMention]) -> list[PlaceMention]:
    kept: list[PlaceMention] = []
    for mention in sorted(mentions, key=lambda m: (m.span.start, -m.span.end)):
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return kept
