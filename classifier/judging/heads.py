"""Heads: the questions a model answers, and the limits under which a person should look."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from classifier.judging.calibration import Groups
from classifier.judging.taxonomy import Taxonomy

TOPIC_L1, TOPIC, DEPARTMENT, KIND, URGENT = "topic_l1", "topic", "department", "kind", "urgent"
Line = tuple[float, float]

HEADS = (TOPIC, DEPARTMENT, KIND, URGENT)  # the desk's own; they come first in its model
NO = "0"  # what a head of one column says where its label does not hold


@dataclass(frozen=True, slots=True)
class Head:
    """A question: its labels stand in adjacent columns from ``first`` on.

    With one label it is a yes-or-no question. ``slope`` and ``offset`` straighten the best
    label's share (``calibration.straightened``).
    """

    name: str
    labels: tuple[str, ...]
    first: int
    slope: float = 1.0
    offset: float = 0.0

    @property
    def is_yes_or_no(self) -> bool:
        """Whether its one column is judged by itself."""
        return len(self.labels) == 1

    @property
    def columns(self) -> slice:
        """The head's columns."""
        return slice(self.first, self.first + len(self.labels))

    def column(self, label: str) -> int:
        """The column of a label. Raises KeyError for an unknown one."""
        if label not in self.labels:
            raise KeyError(label)
        return self.first + self.labels.index(label)


@dataclass(frozen=True, slots=True)
class Limits:
    """Below these a person should look; from ``urgent`` on a message counts as urgent.

    Parameters
    ----------
    topic_l1, department
        Least probability of the label (0–1).
    margin
        Least distance between the two likeliest first levels (0–1).
    known
        Least share of the text's n-grams that the model knows (0–1).
    letters
        Least number of letters and digits of any script.
    urgent
        Least probability with which a message counts as urgent (0–1).
    """

    topic_l1: float
    department: float
    margin: float
    known: float
    letters: int
    urgent: float


def as_json(
    heads: Sequence[Head], first_level: Line, limits: Limits, taxonomy: Taxonomy
) -> dict[str, Any]:
    """The part of a model file's header that tells heads, limits and the taxonomy.

    ``first_level`` straightens the share of the best first level, which has no column.
    """
    return {
        "heads": heads_as_json(heads),
        "first_level": list(first_level),
        "limits": asdict(limits),
        "taxonomy": taxonomy.digest,
    }


def heads_as_json(heads: Sequence[Head]) -> list[dict[str, Any]]:
    """What a model file's header tells of heads, under ``heads``."""
    return [
        {"name": h.name, "labels": list(h.labels), "slope": h.slope, "offset": h.offset}
        for h in heads
    ]


def read_heads(header: Mapping[str, Any]) -> dict[str, Head]:
    """The heads of a header, by name, in order.

    Raises
    ------
    KeyError, TypeError, ValueError
        There is none, or one is strange, repeats a label or another's name.
    """
    heads: dict[str, Head] = {}
    first = 0
    for entry in header["heads"]:
        name, labels = str(entry["name"]), tuple(map(str, entry["labels"]))
        "".join((name, *labels)).encode()  # UnicodeEncodeError is a ValueError: nobody can write it
        if not labels or len(set(labels)) != len(labels) or labels == (NO,) or name in heads:
            raise ValueError(name)
        heads[name] = Head(name, labels, first, *_read_line((entry["slope"], entry["offset"])))
        first += len(labels)
    if not heads:
        raise ValueError("heads")
    return heads


def check_desk_heads(heads: Mapping[str, Head], taxonomy: Taxonomy) -> None:
    """Let heads pass that open with the desk's own, with the taxonomy's topics.

    Raises
    ------
    ValueError
        One of the desk's is missing or strange, or the topics are of another taxonomy.
    """
    if tuple(heads)[: len(HEADS)] != HEADS or not heads[URGENT].is_yes_or_no:
        raise ValueError("heads")
    if heads[TOPIC].labels != taxonomy.codes(2):
        raise ValueError("topics")


def read_first_level(header: Mapping[str, Any]) -> Line:
    """What straightens the first level. Raises as :func:`read_heads`."""
    return _read_line(header["first_level"])


def _read_line(content: Sequence[Any]) -> Line:
    slope, offset = map(float, content)
    if not (math.isfinite(slope) and slope > 0 and math.isfinite(offset)):
        raise ValueError("line")
    return slope, offset


def read_limits(header: Mapping[str, Any]) -> Limits:
    """The limits of a header. Raises KeyError, TypeError or ValueError where they are unsound."""
    limits = Limits(**header["limits"])
    if not all(isinstance(value, int | float) and value >= 0 for value in asdict(limits).values()):
        raise ValueError("limits")
    return limits


def column_groups(heads: Sequence[Head]) -> Groups:
    """Which columns compete: each head's own."""
    return Groups.of_sizes([len(head.labels) for head in heads])


def families(taxonomy: Taxonomy) -> Groups:
    """Which second levels, in order of codes, stand under each first level."""
    return Groups.of_sizes([len(taxonomy.children(code)) for code in taxonomy.codes(1)])
