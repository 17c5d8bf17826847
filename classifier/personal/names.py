"""Names of persons, told by what stands beside them.

「我叫…」 and words like it come before a name; a title stands behind a surname (王主任) or a
name (张建国局长), or before a name (书记张建国). All such words are found in one pass by their
last two characters; then the text beside each is read.
"""

from __future__ import annotations

import re

from classifier.personal.bare_names import cued_name_end
from classifier.personal.data import PersonalData, PersonalKind
from classifier.personal.name_forms import (
    NAME_CHARACTERS,
    SURNAMES,
    full_name_end,
    introduced_name_end,
    is_name,
    surname_length,
)
from classifier.personal.name_words import (
    BEFORE_NAME,
    FORMS_OF_ADDRESS,
    INTRODUCTIONS,
    NOT_NAMES,
    ROLES,
    TITLES,
)
from classifier.spans import Span
from classifier.text.spots import PairFinder
from classifier.text.surnames import CLEAR_SURNAMES, COMPOUND_SURNAMES

# Behind a title's characters these begin another word: 书记载, 局长期, 会计划.
_OTHER_WORD = re.compile(
    "(?<=长)(?:[期久时达远途沙春度此效官]|安[镇街区县路])"
    "|(?<=书记)[载录]|(?<=主管)部|(?<=会计)[划算]|(?<=生)[产活病育效成]"
)
_WORDS = PairFinder(TITLES | ROLES | INTRODUCTIONS)
_BEFORE_INTRODUCED = re.compile("(?:是|为|叫|系|作)?[: 、(]{0,2}")
_RANKS = "副总大"
_CHAIRS = "董理监"  # of 事长
_GAPS = (" ", ":")  # between a word and the name behind it
_BEGIN_BEHIND = frozenset((*_GAPS, *SURNAMES, *(name[0] for name in COMPOUND_SURNAMES)))
_PREPOSITIONS = frozenset("向任于")
_LONGEST_NAME = 4
_CALLED = re.compile("(?<=姓).(?=的)")
_SIGNATURE_LENGTH = 40
_SIGNATURE = re.compile("[ 。!,;:](?=[\u4e00-\u9fff]{2,4} ?(?:$|[(0-9二]|敬上|叩上|手书))")


def find_names(text: str) -> list[PersonalData]:
    """Names of persons in plain text, in no order; they may overlap."""
    found: list[PersonalData | None] = []
    for place in _WORDS.places(text):
        end = place + 2
        word = text[place:end]
        if _OTHER_WORD.match(text, end):
            continue
        if word in INTRODUCTIONS:
            found.append(_introduced(text, end))
        elif text[end : end + 1] in _BEGIN_BEHIND:  # seldom: that saves a call
            found.append(_behind(text, end))
        if word in TITLES:
            found.append(_before(text, _title_start(text, place)))
    for mark in _SIGNATURE.finditer(text, max(0, len(text) - _SIGNATURE_LENGTH)):
        found.append(_behind(text, mark.end()))
    if "姓" in text:
        found += [
            PersonalData(Span(*surname.span()), PersonalKind.OFFICIAL)
            for surname in _CALLED.finditer(text)
            if surname.group() in SURNAMES
        ]
    return [item for item in found if item]


def _introduced(text: str, place: int) -> PersonalData | None:
    """The name at a place where words have just said that one comes."""
    skipped = _BEFORE_INTRODUCED.match(text, place)
    start = skipped.end() if skipped else place
    return _full_name(text, start, introduced_name_end(text, start))


def _behind(text: str, place: int) -> PersonalData | None:
    """The full name that begins at a place behind a word."""
    start = place + text.startswith(_GAPS, place)
    if not surname_length(text, start):
        return None
    return _full_name(text, start, full_name_end(text, start)) or _full_name(
        text, start, cued_name_end(text, start)
    )


def _full_name(text: str, start: int, end: int) -> PersonalData | None:
    if end > start and text[start : start + 2] not in NOT_NAMES:
        return PersonalData(Span(start, end), PersonalKind.NAME)
    return None


def _before(text: str, title: int) -> PersonalData | None:
    """The name, or only the surname, before a title; the longest that reads as one."""
    if text[title - 1 : title] not in NAME_CHARACTERS:
        return None
    for start in range(max(0, title - _LONGEST_NAME), title):
        if is_name(text, start, title) and _reads_as_name(text, start, title):
            return PersonalData(Span(start, title), PersonalKind.OFFICIAL)
    return None


def _title_start(text: str, start: int) -> int:
    """Where the title begins whose last word begins at ``start``: 副, 常务副, 董 belong to it."""
    before = text[max(0, start - 1) : start]
    if before in (_CHAIRS if text.startswith("事", start) else _RANKS):
        start -= len(before)
    return start - 2 if text.endswith("常务", 0, start) else start


def _reads_as_name(text: str, start: int, end: int) -> bool:
    """Whether what stands before and within a possible name leaves it a name."""
    before = text[start - 1] if start else "\n"
    if before + text[start] in NOT_NAMES or text[start : start + 2] in NOT_NAMES:
        return False
    is_surname_only = end - start == surname_length(text, start)
    if text[start] in CLEAR_SURNAMES or surname_length(text, start) == 2:
        return True
    if is_surname_only and text[end : end + 2] in FORMS_OF_ADDRESS:
        return True
    if is_surname_only and text[start] in _PREPOSITIONS:
        return before in BEFORE_NAME or (text[start] == "于" and not _is_chinese(before))
    return before in BEFORE_NAME or not _is_chinese(before)


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
