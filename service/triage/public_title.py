"""Which titles anyone may read: those in which nobody is named, nor perhaps named."""

from __future__ import annotations

from classifier.name_forms import is_name, surname_length
from classifier.ordinary import ordinary_words
from classifier.personal_data import PersonalKind
from classifier.reading import Reader, Reading
from classifier.surnames import CLEAR_SURNAMES

_MASKS = frozenset(kind.value for kind in PersonalKind)
_LONGEST_NAME = 4  # two characters of surname, two of given name


def is_fit_for_all(masked_title: str, reader: Reader) -> bool:
    """Whether a masked title can be shown to people without a login.

    Masking finds the names that something beside them gives away. Here a doubt is enough: a
    title is not fit where something was masked in it, or where what reads as a person's name is
    neither an ordinary word nor a place. An empty title is not fit either.
    """
    if not masked_title.strip() or any(mask in masked_title for mask in _MASKS):
        return False
    reading = reader.read(masked_title, "")
    return not reading.personal and not _perhaps_names(reading)


def _perhaps_names(reading: Reading) -> set[str]:
    """Words of the title that may be a person's name."""
    title = reading.title.plain
    found: set[str] = set()
    place = 0
    for token in reading.title_tokens:
        start = title.index(token, place)
        place = start + len(token)
        if _is_within_a_place(reading, start, place):
            continue
        found.update(_name_at(title, start, place))
    return found - ordinary_words(found)


def _is_within_a_place(reading: Reading, start: int, end: int) -> bool:
    return any(
        mention.span.start <= start and end <= mention.span.end for mention in reading.places
    )


def _name_at(title: str, start: int, end: int) -> set[str]:
    """What stands at a word's place and can be a name; the given name may be a word of its own."""
    surname = surname_length(title, start)
    if not surname or end - start > _LONGEST_NAME:
        return set()
    if end - start == surname:
        is_followed = "\u4e00" <= title[end : end + 1] <= "\u9fff"
        is_clear = surname > 1 or title[start] in CLEAR_SURNAMES
        return {title[start : end + 1]} if is_followed and is_clear else set()
    is_telling = title[start] in CLEAR_SURNAMES or is_name(title, start, end)
    return {title[start:end]} if is_telling else set()
