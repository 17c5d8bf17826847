"""Lessons: what people decided of messages, dealt out so that copies never stand on both sides.

Order and places come from the texts' digests: they do not depend on ids, time or chance, and a
message that is gone leaves the others as they would be had it never come.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from training.errors import TrainingError
from training.examples import Example
from training.near_copies import group_near_copies

Places = npt.NDArray[np.intp]

FEWEST = 40


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message with the labels that a person gave it.

    Parameters
    ----------
    example
        The text, its label for each of the desk's heads, and how far it is trusted.
    group
        Lessons of one group (a matter) stay on one side.
    is_new
        Whether the champion has not learned it yet.
    """

    example: Example
    group: int
    is_new: bool

    @property
    def can_be_held_out(self) -> bool:
        """Whether it can be tried on: it is new, and each head's answer can be told right."""
        return self.is_new and self.example.is_whole

    @property
    def key(self) -> bytes:
        """Where it stands among others: by its text, then its labels and those ruled out."""
        text = self.example.text
        ruled_out = ((name, *sorted(labels)) for name, labels in self.example.ruled_out.items())
        told = (text.title, text.body, *sorted(self.example.labels.items()), *sorted(ruled_out))
        return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Split:
    """Lessons to learn from, and those held out, each in order."""

    learned: tuple[Lesson, ...]
    held_out: tuple[Lesson, ...]

    @staticmethod
    def ordered(lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
        """Lessons in the order of their keys."""
        return tuple(sorted(lessons, key=lambda lesson: lesson.key))


def split(lessons: Sequence[Lesson], held_out: float) -> Split:
    """Hold out a share of the lessons, whole groups with their near copies.

    Parameters
    ----------
    lessons
        All lessons in any order.
    held_out
        The share (0–1) of those that can be held out. A group that the champion has learned from
        cannot: it would look better than it is; nor can one with a lesson that lacks a label.

    Raises
    ------
    TrainingError
        Fewer than ``FEWEST`` lessons can be held out, or they are all alike.
    """
    ordered = Split.ordered(lessons)
    able = sum(lesson.can_be_held_out for lesson in ordered)
    if able >= FEWEST:
        groups = _groups(ordered)
        kept = {g for g, one in zip(groups, ordered, strict=True) if not one.can_be_held_out}
        free = [group not in kept for group in groups]
        able = sum(free)
    if able < FEWEST:
        raise TrainingError(f"更正和确认太少：未学过的有 {able} 条，至少要有 {FEWEST} 条")
    chosen = _choose([g for g, is_free in zip(groups, free, strict=True) if is_free], held_out)
    learned = tuple(o for o, group in zip(ordered, groups, strict=True) if group not in chosen)
    if not learned:
        raise TrainingError("更正和确认的文字几乎都相同，没有可以用来检验的")
    held = tuple(o for o, group in zip(ordered, groups, strict=True) if group in chosen)
    return Split(learned, held)


def _choose(groups: Sequence[int], share: float) -> set[int]:
    """The groups, taken as they come, that hold a share of all."""
    left = max(1, round(share * len(groups)))
    chosen: set[int] = set()
    for group, size in Counter(groups).items():
        if left > 0:
            chosen.add(group)
            left -= size
    return chosen


def deal_out(ordered: Sequence[Lesson], count: int) -> Places:
    """The fold (0…count-1) of each lesson; a group and its near copies share one."""
    places: dict[int, int] = {}
    return np.array(
        [places.setdefault(group, len(places) % count) for group in _groups(ordered)], np.intp
    )


def _groups(lessons: Sequence[Lesson]) -> list[int]:
    """A number for each lesson; those of one matter, or nearly of one text, share theirs."""
    alike = group_near_copies([lesson.example.text for lesson in lessons])
    matters = np.unique([lesson.group for lesson in lessons], return_inverse=True)[1]
    count = len(lessons)
    rows = np.tile(np.arange(count), 2)
    columns = np.concatenate([count + alike, 2 * count + matters])
    size = 3 * count
    links = coo_array((np.ones(2 * count, np.int8), (rows, columns)), (size, size))
    joined = connected_components(links, directed=False)[1][:count]
    found: list[int] = joined.tolist()
    return found
