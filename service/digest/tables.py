"""Count tables: one per dimension, every row with its figures and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.digest.compare import Base, Change, Comparison, compare_all
from service.digest.counts import Dimension, Tally, group, tally
from service.digest.facts import MessageFact, Names
from service.digest.texts import fit
from service.domain.channel import Channel
from service.domain.kind import Kind

UNKNOWN_NAMES = {
    Dimension.TOPIC_L1: "未分类",
    Dimension.TOPIC: "未分类",
    Dimension.DEPARTMENT: "未确定",
    Dimension.PLACE: "未写明",
    Dimension.COMMITTEE: "未归属",
    Dimension.STUDIO: "未分派",
    Dimension.KIND: "未判定",
}
_LABELS = {
    Dimension.CHANNEL: {one.value: one.label_zh for one in Channel},
    Dimension.KIND: {one.value: one.label_zh for one in Kind},
}


@dataclass(frozen=True, slots=True)
class CountRow:
    """One key of a dimension: code or name, shown name, figures, history of the messages."""

    key: str
    name: str
    tally: Tally
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class CountTable:
    """All rows of one dimension, most messages first; their messages add up to the whole.

    A row without messages stands only where a count fell to nothing.
    """

    dimension: Dimension
    rows: tuple[CountRow, ...]

    @property
    def risen(self) -> tuple[CountRow, ...]:
        """The rows whose count the test calls risen."""
        return tuple(row for row in self.rows if row.comparison.change is Change.RISE)


@dataclass(frozen=True, slots=True)
class Window:
    """The messages of the period and of each earlier period, the nearest first."""

    current: tuple[MessageFact, ...]
    before: tuple[tuple[MessageFact, ...], ...]


def lay_window(messages: Sequence[MessageFact], base: Base) -> Window:
    """Sort messages into the periods they were sent in; those of no period are left out."""
    ordered = sorted(messages, key=lambda message: message.id)
    return Window(
        tuple(message for message in ordered if base.period.has(message.sent_on)),
        tuple(
            tuple(message for message in ordered if earlier.has(message.sent_on))
            for earlier in base.periods
        ),
    )


def count_table(window: Window, dimension: Dimension, base: Base, names: Names) -> CountTable:
    """Count the window's messages by ``dimension``."""
    now = group(window.current, dimension)
    before = [group(messages, dimension) for messages in window.before]
    keys = sorted({key for groups in (now, *before) for key in groups})
    history = [
        (len(now.get(key, ())), [len(groups.get(key, ())) for groups in before]) for key in keys
    ]
    rows = [
        CountRow(key, name_of(dimension, key, names), tally(now.get(key, ())), comparison)
        for key, comparison in zip(keys, compare_all(history, base), strict=True)
        if key in now or comparison.change is Change.FALL
    ]
    rows.sort(key=lambda row: (-row.tally.messages.value, -row.tally.people.value, row.key))
    return CountTable(dimension, tuple(rows))


def name_of(dimension: Dimension, key: str, names: Names) -> str:
    """The Chinese name of a dimension's key."""
    if not key:
        return UNKNOWN_NAMES[dimension]
    known = _LABELS.get(dimension) or _given(dimension, names)
    return fit(known.get(key, key))


def _given(dimension: Dimension, names: Names) -> Mapping[str, str]:
    """The caller's names for codes; a dimension of plain names has none."""
    if dimension in (Dimension.TOPIC_L1, Dimension.TOPIC):
        return names.topics
    if dimension is Dimension.STUDIO:
        return names.studios
    return names.committees if dimension is Dimension.COMMITTEE else {}
