"""What may be a person's name and was not masked: a doubt, for where a doubt is enough.

Masking finds the names that something beside them gives away. Here whatever reads as a name and
is neither an ordinary word nor within a place nor what a thing is called (扬帆小区) counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from classifier.personal.name_forms import is_name, surname_length
from classifier.reading.places import PlaceMention
from classifier.text.names import is_thing_at
from classifier.text.ordinary import ordinary_words
from classifier.text.surnames import CLEAR_SURNAMES

_LONGEST_NAME = 4  # two characters of surname, two of given name


def unsure_names(
    text: str, tokens: Iterable[str], places: Sequence[PlaceMention]
) -> frozenset[str]:
    """Words of a plain text that may be a person's name.

    ``tokens`` are the text's, in order; ``places`` stand where they were found in it.
    """
    found: set[str] = set()
    place = 0
    for token in tokens:
        start = text.index(token, place)
        place = start + len(token)
        if not _is_within_a_place(places, start, place) and not is_thing_at(text, place):
            found.update(_name_at(text, start, place))
    return frozenset(found - ordinary_words(found))


def _is_within_a_place(places: Sequence[PlaceMention], start: int, end: int) -> bool:
    return any(mention.span.start <= start and end <= mention.span.end for mention in places)


def _name_at(text: str, start: int, end: int) -> set[str]:
    """What stands at a word's place and can be a name; the given name may be a word of its own."""
    surname = surname_length(text, start)
    if not surname or end - start > _LONGEST_NAME:
        return set()
    if end - start == surname:
        is_followed = "\u4e00" <= text[end : end + 1] <= "\u9fff"
        is_clear = surname > 1 or text[start] in CLEAR_SURNAMES
        return {text[start : end + 1]} if is_followed and is_clear else set()
    is_telling = text[start] in CLEAR_SURNAMES or is_name(text, start, end)
    return {text[start:end]} if is_telling else set()
