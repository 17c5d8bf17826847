"""Labelled rows of any table: what can be learned from them, and what cannot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from classifier.judging.features import Text
from training.errors import TrainingError

_SHOWN = 5
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of a table.

    Parameters
    ----------
    place
        Where it stands, as people say it (file and line).
    text
        Its text, cleaned and segmented.
    labels
        Its label by the name of the head; a head that nobody told is missing.
    seconds
        A second acceptable label by the name of the head, where there is one.
    is_cut
        Whether the text came cut into words.
    """

    place: str
    text: Text
    labels: Mapping[str, str]
    seconds: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False

    def accepts(self, head: str) -> frozenset[str]:
        """The labels that are right for a head."""
        given = (self.labels.get(head, ""), self.seconds.get(head, ""))
        return frozenset(label for label in given if label)


def label_counts(rows: Iterable[LabelledRow], head: str) -> Counter[str]:
    """How many rows have each label of a head."""
    return Counter(row.labels[head] for row in rows if head in row.labels)


def check_rows(rows: Sequence[LabelledRow], heads: Sequence[str]) -> None:
    """Let rows pass from which the heads can be learned.

    Raises
    ------
    TrainingError
        There are no rows, or labelled ones have no text; a head has fewer than two labels or a
        label on one row only; or equal texts have labels that exclude each other.
    """
    if not rows:
        raise TrainingError("没有数据行")
    labelled = [row for row in rows if row.labels]
    if empty := [row for row in labelled if not _words(row.text)]:
        raise TrainingError(f"有 {len(empty)} 行没有文字：{_places(empty)}")
    for head in heads:
        _check_labels(label_counts(rows, head), head)
        if against := contradictions(labelled, head):
            raise TrainingError(
                f"有 {len(against)} 行文字相同而“{head}”的标签不同，请先核对：{_places(against)}"
            )


def _check_labels(counts: Mapping[str, int], head: str) -> None:
    if not counts:
        raise TrainingError(f"“{head}”没有一行有标签")
    if len(counts) < _FEWEST:
        raise TrainingError(f"“{head}”只有一种标签“{next(iter(counts))}”，至少要有两种")
    if rare := sorted(label for label, count in counts.items() if count < _FEWEST):
        shown = _some([f"“{label}”" for label in rare])
        raise TrainingError(f"“{head}”有 {len(rare)} 种标签只有一行，请补充、合并或留空：{shown}")


def contradictions(rows: Iterable[LabelledRow], head: str) -> list[LabelledRow]:
    """The rows of equal text on whose label no two agree, equal texts beside each other."""
    alike: dict[str, list[LabelledRow]] = defaultdict(list)
    for row in rows:
        if head in row.labels:
            alike[_words(row.text)].append(row)
    return [
        row
        for group in alike.values()
        if not frozenset.intersection(*(row.accepts(head) for row in group))
        for row in group
    ]


def without_contradictions(
    rows: Sequence[LabelledRow], heads: Iterable[str]
) -> tuple[list[LabelledRow], int]:
    """The rows that no other contradicts, and how many were left out."""
    against = {id(row) for head in heads for row in contradictions(rows, head)}
    kept = [row for row in rows if id(row) not in against]
    return kept, len(rows) - len(kept)


def _words(text: Text) -> str:
    """A text as it is compared: spaces do not count."""
    return "".join(f"{text.title}\n{text.body}".split())


def _places(rows: Sequence[LabelledRow]) -> str:
    return _some([row.place for row in rows])


def _some(names: Sequence[str]) -> str:
    """The first few of them."""
    shown = "、".join(names[:_SHOWN])
    return f"{shown} 等" if len(names) > _SHOWN else shown
