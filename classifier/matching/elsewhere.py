"""Elsewhere: whether two people's letters name different places, however alike their words are.

What one estate wrote is sent for the next one too, with the name changed; and one village's broken
well is told in the words of another's. Each is a matter of its own.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from classifier.matching.profile import EMPTY_SHORT, Records
from classifier.matching.term_statistics import TermStatistics, weigh
from classifier.matching.terms import EMPTY, hashes_of, is_in_subject, is_in_title, term_hashes
from classifier.reading.subject import LONG_ENDINGS

_RARE = 5.0  # rarity of a name that few matters have
_WORDS_OF_A_NAME = 3  # at most, as it is segmented


class _Named(NamedTuple):
    """Hashes of a message's words, of those of its title that are no subject, of its rare names."""

    words: frozenset[int]
    title_places: frozenset[int]
    names: frozenset[int]


def titles_name_elsewhere(one: Records, other: Records) -> bool:
    """Whether both titles name a place or a person, and neither says what the other's names."""
    return _are_apart(_words(one), _words(other))


def is_form_letter(
    one: Records, other: Records, statistics: TermStatistics, *, is_other_district: bool
) -> bool:
    """Whether two texts that are nearly the same name different estates, roads or villages.

    Parameters
    ----------
    one, other
        Profiles, shape (), of texts that are much alike.
    statistics
        Those that both were made with.
    is_other_district
        Whether they name districts, each another one.
    """
    mine, theirs = _named(one, statistics), _named(other, statistics)
    gone, come = len(mine.words - theirs.words), len(theirs.words - mine.words)
    # Where more than a name is other, typing errors or edits may have spoilt the name as well.
    if gone > _WORDS_OF_A_NAME or come > _WORDS_OF_A_NAME:
        return False
    if is_other_district or _are_apart(mine, theirs):
        return True
    is_renamed = bool(mine.names - theirs.names and theirs.names - mine.names)
    # Of what looks like a name some is none, and stays: one word alone says it as well.
    return is_renamed and (not mine.names & theirs.names or gone == come == 1)


def _are_apart(mine: _Named, theirs: _Named) -> bool:
    are_told = bool(mine.title_places and theirs.title_places)
    return are_told and not (mine.title_places & theirs.words or theirs.title_places & mine.words)


def _words(profile: Records) -> _Named:
    terms = profile["words"]
    terms = terms[terms != EMPTY]
    places = terms[is_in_title(terms) & ~is_in_subject(terms)]
    words, title_places = (frozenset(hashes_of(each).tolist()) for each in (terms, places))
    return _Named(words, title_places - _kinds_of_place(), frozenset())


@cache
def _kinds_of_place() -> frozenset[int]:
    """Hashes of words for a kind of place (小区), which name none."""
    return frozenset(term_hashes(list(LONG_ENDINGS)).tolist())


def _named(profile: Records, statistics: TermStatistics) -> _Named:
    names = profile["names"]
    names = names[(names != EMPTY_SHORT) & (weigh(names, statistics.names) >= np.float32(_RARE))]
    return _words(profile)._replace(names=frozenset(names.tolist()))
