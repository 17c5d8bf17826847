"""Counts of each day, and as arrays: what a burst is looked for in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import numpy as np

from service.digest.tail import Floats

Subject = tuple[str, str, str]
Cells = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """How many messages each day had of each topic and place, and for each department.

    Keys are (day, topic, place) and (day, department). Days without messages are not in them.
    """

    pairs: Mapping[tuple[date, str, str], int] = field(default_factory=dict)
    departments: Mapping[tuple[date, str], int] = field(default_factory=dict)

    @property
    def first_day(self) -> date | None:
        """The first day with a message, None where there is none."""
        return min((day for day, _, _ in self.pairs), default=None)


def count_daily(pieces: Iterable[tuple[date, str, str, str, int]]) -> DailyCounts:
    """Add up pieces of (day, topic, place, department, count)."""
    pairs: Counter[tuple[date, str, str]] = Counter()
    departments: Counter[tuple[date, str]] = Counter()
    for day, topic, place, department, count in pieces:
        pairs[day, topic, place] += count
        departments[day, department] += count
    return DailyCounts(pairs, departments)


@dataclass(frozen=True, slots=True)
class Grid:
    """Daily counts as arrays of days × cells.

    ``pairs`` has the pairs of topic and place that were ever seen; ``seen`` is where each stands
    in the grid of all topics × all places.
    """

    topics: tuple[str, ...]
    places: tuple[str, ...]
    departments: tuple[str, ...]
    seen: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    pairs: Floats
    by_topic: Floats
    by_place: Floats
    by_department: Floats

    def subject(self, cell: int) -> Subject:
        """(topic, place, department) of a cell: of the whole grid, then of each margin."""
        width = len(self.places)
        if cell < len(self.topics) * width:
            return self.topics[cell // width], self.places[cell % width], ""
        cell -= len(self.topics) * width
        margins = (
            *((topic, "", "") for topic in self.topics),
            *(("", place, "") for place in self.places),
            *(("", "", name) for name in self.departments),
        )
        return margins[cell]

    def named(self) -> Cells:
        """Which cells are about something: all whose topic, place and department is known."""
        topics, places, departments = (
            np.array([bool(name) for name in names], bool)
            for names in (self.topics, self.places, self.departments)
        )
        return np.concatenate([np.outer(topics, places).ravel(), topics, places, departments])


def lay_grid(counts: DailyCounts, first: date, last: date) -> Grid:
    """The counts from ``first`` to ``last``; others are left out."""
    pairs = {key: n for key, n in counts.pairs.items() if first <= key[0] <= last}
    departments = {key: n for key, n in counts.departments.items() if first <= key[0] <= last}
    topics = tuple(sorted({topic for _, topic, _ in pairs}))
    places = tuple(sorted({place for _, _, place in pairs}))
    seen = sorted({(topic, place) for _, topic, place in pairs})
    names = tuple(sorted({name for _, name in departments}))
    topic_at, place_at = _places(topics), _places(places)
    days = (last - first).days + 1

    def matrix(keys: Sequence[_Key], cells: Mapping[tuple[date, _Key], int]) -> Floats:
        at, found = _places(keys), np.zeros((days, len(keys)))
        for (day, key), count in cells.items():
            found[(day - first).days, at[key]] += count
        return found

    by_pair = matrix(seen, {(day, (topic, place)): n for (day, topic, place), n in pairs.items()})
    at_topic = np.array([topic_at[topic] for topic, _ in seen], np.intp)
    at_place = np.array([place_at[place] for _, place in seen], np.intp)
    return Grid(
        topics,
        places,
        names,
        at_topic * len(places) + at_place,
        by_pair,
        by_pair @ _indicator(at_topic, len(topics)),
        by_pair @ _indicator(at_place, len(places)),
        matrix(names, departments),
    )


def _places(keys: Sequence[_Key]) -> dict[_Key, int]:
    return {key: at for at, key in enumerate(keys)}


def _indicator(at: np.ndarray[tuple[int, ...], np.dtype[np.intp]], width: int) -> Floats:
    return np.eye(width)[at] if width else np.zeros((len(at), 0))
