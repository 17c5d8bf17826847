"""The names people use for a member's employer."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LEGAL_FORM = re.compile("(?:集团)?(?:有限责任公司|股份有限公司|有限公司)(?=工会$|$)|工会$")
_RETIRED = re.compile("^(?:退休|离休|无$|自由职业)")
_DIVISION = re.compile("(?:省|市|区|县|镇|乡|街道)$")
_LEAST = 5
_SYNONYMS = (("村民委员会", ("村委会", "村委")), ("居民委员会", ("居委会", "居委")))


def employer_names(
    employers: Iterable[str], place_names: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """For each employer the spellings that mean it, its own first; none for a retired person.

    Besides the full name: without the places in front (``place_names``, with or without
    their 县, 镇 …), without the legal form at the end, with 村委会 for 村民委员会. What is left
    of a name must have at least five characters: shorter ones mean too many things.
    """
    fronts = _fronts(place_names)
    return {employer: tuple(dict.fromkeys(_spellings(employer, fronts))) for employer in employers}


def _fronts(place_names: Iterable[str]) -> frozenset[str]:
    names = set(place_names)
    return frozenset(names | {_DIVISION.sub("", name) for name in names if len(name) > 2})


def _spellings(employer: str, fronts: frozenset[str]) -> Iterable[str]:
    if _RETIRED.match(employer):
        return
    yield employer
    local = _without_places(employer, fronts)
    for name in (local, _LEGAL_FORM.sub("", employer), _LEGAL_FORM.sub("", local)):
        if len(name) >= _LEAST:
            yield name
            yield from _synonymous(name)


def _synonymous(name: str) -> Iterable[str]:
    for long, shorts in _SYNONYMS:
        if name.endswith(long):
            yield from (name.removesuffix(long) + short for short in shorts)


def _without_places(name: str, fronts: frozenset[str]) -> str:
    """The name without the longest place in front, and so on."""
    for length in range(min(len(name), 12), 1, -1):
        if name[:length] in fronts:
            return _without_places(name[length:], fronts)
    return name
