"""检索文档: what full-text search finds, and the number that gives it its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.domain.labels import Labelled

_ITEM_BITS, _KIND_BITS = 39, 1
_DAY_SHIFT = _ITEM_BITS + _KIND_BITS
KIND_MASK = (1 << _KIND_BITS) - 1  # which bits of a key tell the kind: 0 is a message


class DocumentKind(Labelled):
    """Whether a citizen wrote it, or it was the answer to one."""

    MESSAGE = "message", "来信"
    REPLY = "reply", "答复"


_KINDS = tuple(DocumentKind)


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be found.

    Parameters
    ----------
    kind, item_id
        What it is, and its own id among those of its kind (below 2**39).
    message_id
        The message that it is, or that it answers; where it is shown follows from that.
    day
        When it was written, in Asia/Shanghai.
    terms
        See ``classifier.text.search_terms.index_terms``.
    text
        Its masked words; None of a message, whose words stand in its own row.
    """

    kind: DocumentKind
    item_id: int
    message_id: int
    day: date
    terms: str
    text: str | None = None

    @property
    def key(self) -> int:
        """Its place among all documents: by day, within a day by arrival."""
        low_bits = self.item_id << _KIND_BITS | _KINDS.index(self.kind)
        return first_key(self.day) + low_bits


def first_key(day: date) -> int:
    """The lowest key of a day's documents."""
    return day.toordinal() << _DAY_SHIFT


def day_of(key: int) -> date:
    """The day of the document with this key."""
    return date.fromordinal(key >> _DAY_SHIFT)


def kind_of(key: int) -> DocumentKind:
    """The kind of the document with this key."""
    return _KINDS[key & KIND_MASK]
