"""Heads: the questions a model answers, and the limits under which a person should look."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from classifier.calibration import Groups
from classifier.taxonomy import Taxonomy

TOPIC_L1, TOPIC, DEPARTMENT, KIND, URGENT = "topic_l1", "topic", "department", "kind", "urgent"
Line = tuple[float, float]

HEADS = (TOPIC, DEPARTMENT, KIND, URGENT)


@dataclass(frozen=True, slots=True)
class Head:
    """A question: its labels stand in adjacent columns from ``first`` on.

    ``slope`` and ``offset`` straighten the best label's share (``calibration.straightened``).
    """

    name: str
    labels: tuple[str, ...]
    first: int
    slope: float = 1.0
    offset: float = 0.0

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
        "heads": [
            {"name": h.name, "labels": list(h.labels), "slope": h.slope, "offset": h.offset}
            for h in heads
        ],
        "first_level": list(first_level),
        "limits": asdict(limits),
        "taxonomy": taxonomy.digest,
    }


def read_heads(header: Mapping[str, Any], taxonomy: Taxonomy) -> dict[str, Head]:
    """The heads of a header, checked against the taxonomy.

    Raises
    ------
    KeyError, TypeError, ValueError
        A head is missing, strange, repeats a label, or has topics of another taxonomy.
    """
    heads: dict[str, Head] = {}
    first = 0
    for entry in header["heads"]:
        labels = tuple(map(str, entry["labels"]))
        if not labels or len(set(labels)) != len(labels):
            raise ValueError(entry["name"])
        line = _read_line((entry["slope"], entry["offset"]))
        heads[entry["name"]] = Head(entry["name"], labels, first, *line)
        first += len(labels)
    if tuple(heads) != HEADS or len(heads[URGENT].labels) != 1:
        raise ValueError("heads")
    if heads[TOPIC].labels != taxonomy.codes(2):
        raise ValueError("topics")
    return heads


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
