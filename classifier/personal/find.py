"""Personal data in a text: found by form, checksum and context, and masked.

Each kind of data has a finder of its own (numbers, addresses, names); here they are put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter

from classifier.personal.addresses import find_addresses
from classifier.personal.bare_names import find_bare_names
from classifier.personal.data import PersonalData, PersonalKind
from classifier.personal.names import find_names
from classifier.personal.numbers import find_numbers
from classifier.personal.sender import find_sender
from classifier.spans import Span

__all__ = ["PersonalData", "PersonalKind", "find_personal_data", "mask"]

_BY_SPAN = attrgetter("span")


def find_personal_data(text: str, sender_name: str = "") -> list[PersonalData]:
    """Find personal data in plain text (see ``classifier.text.clean``).

    Parameters
    ----------
    text
        Plain text of any length.
    sender_name
        The sender's own name in plain form: wherever it stands it is found. A name that only
        says what kind of person writes (网友, 业主代表, 某村村民) names nobody.

    Returns
    -------
    list of PersonalData
        In order, without overlap. Finds that overlap become one, under the kind of the first.
    """
    found = [*find_numbers(text), *find_addresses(text), *find_names(text), *find_bare_names(text)]
    if len(sender_name) >= 2:
        found += find_sender(text, sender_name)
    if not found:
        return found
    return _without_overlap(found + _again(text, found))


def _again(text: str, found: list[PersonalData]) -> list[PersonalData]:
    """Other places where a name stands that was found by its context in one."""
    names = {
        text[item.span.start : item.span.end] for item in found if item.kind is PersonalKind.NAME
    }
    return [
        PersonalData(Span(*match.span()), PersonalKind.NAME)
        for name in sorted(names)
        if len(name) >= 2
        for match in re.finditer(re.escape(name), text)
    ]


def _without_overlap(found: list[PersonalData]) -> list[PersonalData]:
    found.sort(key=_BY_SPAN)
    kept = found[:1]
    for item in found[1:]:
        last = kept[-1]
        if item.span.start >= last.span.end:
            kept.append(item)
        elif item.span.end > last.span.end:
            kept[-1] = PersonalData(Span(last.span.start, item.span.end), last.kind)
    return kept


def mask(text: str, spans: Iterable[tuple[Span, PersonalKind]]) -> str:
    """Put each kind's placeholder in the place of its span. Spans are in order, disjoint."""
    pieces: list[str] = []
    end = 0
    for span, kind in spans:
        pieces += (text[end : span.start], kind.value)
        end = span.end
    pieces.append(text[end:])
    return "".join(pieces)
