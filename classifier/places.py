"""Places: divisions named in a text, and the one a message is about.

Names come from the state's list of divisions (``data/divisions``): all provinces, cities and
counties of the country, the towns of the counties served. People leave suffixes off
(「富平庄里」), so the served divisions are known by their short names as well; a short town name
that is an ordinary word elsewhere counts only beside its county. Old archives print letter
codes for places (A市, A3区); those are read as places of their own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ahocorasick

from classifier.spans import Span

_SUFFIX = re.compile("(?:瑶族|回族|苗族|土家族|壮族|侗族|彝族)?(?:省|市|区|县|镇|乡|街道|自治州|地区)$")
_CODED = re.compile(r"[A-Z西](?:(?<=[A-Z])(?<![A-Za-z0-9].)[0-9]{0,2}[市县区]|(?<=西)地省)")
_CITY_LEVEL = 4
_COUNTY_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Division:
    """A division; ``code`` has 2, 4, 6 or 9 digits and begins with its parent's."""

    code: str
    name: str


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


def read_divisions(folder: Path) -> list[Division]:
    """Read provinces, cities, areas and streets from the CSV files of a folder."""
    divisions: list[Division] = []
    for stem in ("provinces", "cities", "areas", "streets"):
        with (folder / f"{stem}.csv").open(encoding="utf-8", newline="") as lines:
            divisions += [Division(row["code"], row["name"]) for row in csv.DictReader(lines)]
    return divisions


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
        self._names: dict[str, str] = {}
        spellings: dict[str, set[tuple[str, bool]]] = {}
        for division in divisions:
            self._names[division.code] = division.name
            for spelling, is_full in self._spellings(division):
                spellings.setdefault(spelling, set()).add((division.code, is_full))
        for name in extra:
            self._names[name] = name
            spellings.setdefault(name, set()).add((name, True))
        self._automaton = ahocorasick.Automaton()
        for spelling, meanings in spellings.items():
            self._automaton.add_word(spelling, (spelling, _best_meanings(meanings)))
        self._automaton.make_automaton()

    def _is_served(self, code: str) -> bool:
        return any(code.startswith(root) or root.startswith(code) for root in self.served)

    def _spellings(self, division: Division) -> list[tuple[str, bool]]:
        if len(division.code) > _COUNTY_LEVEL and not self._is_served(division.code):
            return []
        if division.name in ("市辖区", "县"):
            return []
        spellings = [(division.name, True)]
        short = _SUFFIX.sub("", division.name)
        if len(short) >= 2 and short != division.name and self._has_short_name(division.code):
            spellings.append((short, False))
        return spellings

    def _has_short_name(self, code: str) -> bool:
        return len(code) <= _CITY_LEVEL or self._is_served(code)

    def name(self, code: str) -> str:
        """The name of a division, "" where there is no such code."""
        return self._names.get(code, "")

    def words(self) -> list[str]:
        """Names of the served divisions, for the segmenter's dictionary."""
        return sorted({self._names[code] for code in self._names if self._is_served(code)})

    def find(self, text: str) -> list[PlaceMention]:
        """Every mention in plain text, in order; of overlapping ones the longest stays."""
        mentions = [
            PlaceMention(Span(end - len(spelling) + 1, end + 1), spelling, codes, is_full)
            for end, (spelling, (codes, is_full)) in self._hits(text)
        ]
        mentions += [
            PlaceMention(Span(*match.span()), match.group(), (), True)
            for match in _CODED.finditer(text)
        ]
        return _longest_first(mentions)

    def _hits(self, text: str) -> Iterable[tuple[int, tuple[str, tuple[tuple[str, ...], bool]]]]:
        # An automaton without a word cannot be searched.
        return self._automaton.iter(text) if len(self._automaton) else ()

    def resolve(self, mentions: Sequence[PlaceMention], context: str = "") -> Place:
        """The place a message is about: the most specific one that its mentions agree on.

        ``context`` is the code of the division whose door the message came through, or "".
        """
        scores: dict[str, float] = {}
        named = [code for mention in mentions for code in mention.codes]
        for rank, mention in enumerate(mentions):
            for code in mention.codes:
                score = self._score(code, mention, named, context)
                if score > 0:
                    scores[code] = scores.get(code, 0.0) + score - 0.01 * rank
        if not scores:
            return self._place(context)
        return self._place(max(scores, key=lambda code: (scores[code], -named.index(code))))

    def _score(
        self, code: str, mention: PlaceMention, named: Sequence[str], context: str
    ) -> float:
        """Own weight by level, more where a parent is named too; 0 for a short name alone."""
        parents = [other for other in named if other != code and code.startswith(other)]
        supported = len(set(parents)) + (2 if context and code.startswith(context) else 0)
        if len(code) > _COUNTY_LEVEL:
            if not supported and (not mention.is_full or len(mention.codes) > 1):
                return 0.0
            return 3.0 + supported
        return (2.0 if self._is_served(code) else 1.0) * len(code) / _COUNTY_LEVEL + supported

    def _place(self, code: str) -> Place:
        if not code:
            return NOWHERE
        if not code.isdigit():
            return Place(code, code)
        is_town = len(code) > _COUNTY_LEVEL
        county = self.name(code[:_COUNTY_LEVEL]) if len(code) >= _COUNTY_LEVEL else ""
        town = self.name(code) if is_town else ""
        full = county + town if county else self.name(code)
        return Place(code, full, county, town)


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
