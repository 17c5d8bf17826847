"""What can be a person's name, by its form: a surname, then one or two characters."""

from __future__ import annotations

import re

from classifier.text.surnames import (
    CLEAR_SURNAMES,
    COMPOUND_SURNAMES,
    GIVEN_NAME_CHARACTERS,
    WORDLIKE_SURNAMES,
)

SURNAMES = CLEAR_SURNAMES | WORDLIKE_SURNAMES
_COMPOUND_SURNAMES = frozenset(COMPOUND_SURNAMES)
NAME_CHARACTERS = SURNAMES | GIVEN_NAME_CHARACTERS | frozenset("".join(COMPOUND_SURNAMES))
_NOT_IN_A_NAME = frozenset("的是在了我你他她这那没不也就都和与被把请要有女先师同已应无须")
# What may follow a name at once: no character of a word that goes on.
_AFTER = re.compile(
    "[^\u4e00-\u9fff]|$|[住是在来和与的系男女于因从向说也同把将带等及拿对被给到]|家住|今年|现[年在]|电话|联系|手机|身份|证件"
)


def surname_length(text: str, at: int) -> int:
    """The number of characters (0, 1 or 2) of the surname that may begin at a place."""
    if text[at : at + 2] in _COMPOUND_SURNAMES:
        return 2
    return 1 if text[at : at + 1] in SURNAMES else 0


def is_name(text: str, start: int, end: int) -> bool:
    """Whether a surname and at most two characters of given names fill a span."""
    given = start + surname_length(text, start)
    return start < given <= end <= given + 2 and GIVEN_NAME_CHARACTERS.issuperset(text[given:end])


def full_name_end(text: str, start: int) -> int:
    """The end of the full name at a place, by what given names are made of; ``start`` if none."""
    given = start + surname_length(text, start)
    if given > start:
        for end in (given + 2, given + 1):
            if end <= len(text) and is_name(text, start, end) and _AFTER.match(text, end):
                return end
    return start


def introduced_name_end(text: str, start: int) -> int:
    """The end of a name at a place where one is expected; ``start`` where none can be.

    Behind a surname that is no other word any characters may be the given name.
    """
    usual = full_name_end(text, start)
    given = start + surname_length(text, start)
    if usual > start or (given < start + 2 and text[start : start + 1] not in CLEAR_SURNAMES):
        return usual
    longest = given
    while longest < given + 2 and is_given(text[longest : longest + 1]):
        longest += 1
    if longest == given:
        return start
    ends = (end for end in range(longest, given, -1) if _AFTER.match(text, end))
    return next(ends, longest)


def is_given(character: str) -> bool:
    """Whether a character may stand in a given name at all."""
    return "\u4e00" <= character <= "\u9fff" and character not in _NOT_IN_A_NAME
