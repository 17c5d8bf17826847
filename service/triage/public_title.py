"""Which titles and sentences others may read: those in which nobody is named, nor perhaps named."""

from __future__ import annotations

from classifier.personal.data import PersonalKind
from classifier.reading.reader import Reader
from classifier.reading.unsure_names import unsure_names

_MASKS = frozenset(kind.value for kind in PersonalKind)


def is_fit_for_all(masked_title: str, reader: Reader) -> bool:
    """Whether a masked title can be shown to people without a login.

    A doubt is enough: a title is not fit where something was masked in it, where masking it again
    finds more, or where what reads as a person's name is neither an ordinary word nor a place. An
    empty title is not fit either.
    """
    if not masked_title.strip() or any(mask in masked_title for mask in _MASKS):
        return False
    return names_nobody(masked_title, reader)


def names_nobody(masked: str, reader: Reader) -> bool:
    """Whether a line that was masked surely names nobody any more; masks themselves name nobody."""
    line = masked
    for mask in _MASKS:
        line = line.replace(mask, "，") if len(mask) > 1 else line
    reading = reader.read(line, "")
    return not reading.personal and not unsure_names(
        reading.title.plain, reading.title_tokens, reading.places
    )
