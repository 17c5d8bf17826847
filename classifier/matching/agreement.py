"""Agreement: what two profiles have in common, counted and added up.

Pair evidence is made of it. Where the compiled part was built it does the counting, otherwise
numpy does; rarities and the weights of counts have few binary digits, so that sums are exact and
both ways give the same numbers to the last bit.
"""

from __future__ import annotations

import sys
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from classifier.compiled import find_compiled
from classifier.matching.profile import EMPTY_SHORT, PROFILE, Records
from classifier.matching.term_statistics import TermStatistics, weigh
from classifier.matching.terms import (
    DAMPED,
    EMPTY,
    hashes_of,
    is_in_subject,
    is_in_title,
    strengths,
)

# The compiled part; None where there is none, or one of profiles of another form that was left from
# an older version, and then numpy does all.
compiled = find_compiled("_matching")
if compiled is not None and PROFILE.itemsize != compiled.PROFILE_BYTES:
    compiled = None

F64 = npt.NDArray[np.float64]
N = TypeVar("N")
Found = npt.NDArray[np.bool_]

RARE = 5.0
_SAME = 2.0  # more than any cosine: the very text


class Agreement(NamedTuple, Generic[N]):
    """What one profile has in common with each of n others; every field has shape (n,).

    Or what it has in common with one of them: then every field is a number.

    A word's rarity is its inverse matter frequency, its strength the rarity times the weight of
    its count.

    words, subject
        Sum over common words of both strengths' product; the part of it that words of the
        subject make.
    title_found, their_title_found, title, their_title
        Rarity of the one's title words that the other says anywhere, of the other's title words
        that the one says, of all the one's title words and of all the other's.
    title_hit, title_miss
        The rarest title word of either that its counterpart says, and that it does not say.
    rarest, second_rarest, third_rarest, rare_sum
        The rarest common words; sum of all that are rarer than ``RARE``.
    both_titles, title_squares, their_title_squares
        Squares of rarities: of words that both titles say, of the one's and of the other's title.
    name
        Rarity of the rarest name that both name.
    labels
        Sum over common labels of the product of both shares' square roots, 255² for certainty.
    same_bins, filled_bins
        Bins of the sketch that are alike, and that are not empty in both.
    same_place, other_place, other_title_place, other_district
        1 where a place is shared; 1 where both name some and share none.
    """

    words: N
    subject: N
    title_found: N
    their_title_found: N
    title: N
    their_title: N
    title_hit: N
    title_miss: N
    rarest: N
    second_rarest: N
    third_rarest: N
    rare_sum: N
    both_titles: N
    title_squares: N
    their_title_squares: N
    name: N
    labels: N
    same_bins: N
    filled_bins: N
    same_place: N
    other_place: N
    other_title_place: N
    other_district: N


def agreement(one: Records, many: Records, statistics: TermStatistics) -> Agreement[F64]:
    """What a profile, shape (), has in common with each of others, shape (n,).

    ``statistics`` are those that both were made with.
    """
    if compiled is None or sys.byteorder != "little":
        return agreement_by_numpy(one, many, statistics)
    tables = statistics.words, statistics.names
    return Agreement(*compiled.compare(one.tobytes(), _as_stored(many), *tables, DAMPED))


def _as_stored(many: Records) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(many).view(np.uint8).reshape(len(many), PROFILE.itemsize)


def shortlist(
    one: Records, many: Records, statistics: TermStatistics, most: int, fewest: float
) -> list[int]:
    """The places of those among many profiles whose words are the most like one's, best first.

    Parameters
    ----------
    one, many, statistics
        As of ``agreement``.
    most
        How many at most. One with the very text of ``one`` comes before all others, and of equal
        ones the first.
    fewest
        The least cosine of both texts' weighted words.
    """
    if compiled is None or sys.byteorder != "little":
        return shortlist_by_numpy(one, many, statistics, most, fewest)
    found: list[int] = compiled.shortlist(
        one.tobytes(), _as_stored(many), statistics.words, DAMPED, most, fewest
    )
    return found


def shortlist_by_numpy(
    one: Records, many: Records, statistics: TermStatistics, most: int, fewest: float
) -> list[int]:
    """The same without the compiled part."""
    words = words_cosine(one, many, agreement_by_numpy(one, many, statistics))
    words[many["digest"] == one["digest"]] = _SAME
    best = np.argsort(-words, kind="stable")[:most]
    places: list[int] = best[words[best] >= fewest].tolist()
    return places


def words_cosine(one: Records, many: Records, found: Agreement[F64]) -> F64:
    """The cosine of two whole texts' weighted words, shape (n,)."""
    return _over_norms(found.words, one, many)


def subject_cosine(one: Records, many: Records, found: Agreement[F64]) -> F64:
    """The part of the words' cosine that words of the subject make, shape (n,)."""
    return _over_norms(found.subject, one, many)


def _over_norms(products: F64, one: Records, many: Records) -> F64:
    cosine: F64 = products / (float(one["word_norm"]) * many["word_norm"].astype(np.float64))
    return cosine


def agreement_by_numpy(one: Records, many: Records, statistics: TermStatistics) -> Agreement[F64]:
    """The same without the compiled part."""
    met = _CommonWords.of(one, many)
    rarity, strength = _as_doubles(strengths(one["words"], statistics))
    their_rarity, their_strength = _as_doubles(strengths(many["words"], statistics))
    products = met.at_theirs(strength) * their_strength
    title = is_in_title(one["words"]) * rarity
    their_title = is_in_title(many["words"]) * their_rarity
    hit = np.maximum(_greatest(title * met.mine), _greatest(their_title * met.theirs))
    miss = np.maximum(_greatest(title * ~met.mine), _greatest(their_title * ~met.theirs))
    shared = their_rarity * met.theirs
    rarest = np.sort(shared, axis=1)[:, :-4:-1]
    same_place, other_place = _places_agree(one, many, "places")
    in_both_titles = met.at_theirs(is_in_title(one["words"])) * np.square(their_title)
    return Agreement(
        words=products.sum(axis=1),
        subject=(products * is_in_subject(many["words"])).sum(axis=1),
        title_found=(title * met.mine).sum(axis=1),
        their_title_found=(their_title * met.theirs).sum(axis=1),
        title=np.full(len(many), title.sum()),
        their_title=their_title.sum(axis=1),
        title_hit=hit,
        title_miss=miss,
        rarest=rarest[:, 0],
        second_rarest=rarest[:, 1],
        third_rarest=rarest[:, 2],
        rare_sum=np.where(shared > RARE, shared, 0.0).sum(axis=1),
        both_titles=in_both_titles.sum(axis=1),
        title_squares=np.full(len(many), np.square(title).sum()),
        their_title_squares=np.square(their_title).sum(axis=1),
        name=_rarest_name(one, many, statistics),
        labels=_label_products(one, many),
        same_bins=((many["bins"] == one["bins"]) & (one["bins"] != 0)).sum(axis=1).astype(float),
        filled_bins=((many["bins"] != 0) | (one["bins"] != 0)).sum(axis=1).astype(float),
        same_place=same_place,
        other_place=other_place,
        other_title_place=_places_agree(one, many, "title_places")[1],
        other_district=_places_agree(one, many, "districts")[1],
    )


class _CommonWords(NamedTuple):
    """Where the words of one profile and of each of many meet.

    ``mine`` has shape (n, WORDS) over the one's words, ``theirs`` over each one's own; ``place``
    is that of the one's word which each of theirs met.
    """

    mine: Found
    theirs: Found
    place: npt.NDArray[np.intp]

    @classmethod
    def of(cls, one: Records, many: Records) -> _CommonWords:
        terms, their_terms = hashes_of(one["words"]), hashes_of(many["words"])
        place = np.minimum(np.searchsorted(terms, their_terms), len(terms) - 1)
        is_there = (many["words"] != EMPTY) & (one["words"][place] != EMPTY)
        theirs = (terms[place] == their_terms) & is_there
        mine = np.zeros(theirs.shape, bool)
        row, column = np.nonzero(theirs)
        mine[row, place[row, column]] = True
        return cls(mine, theirs, place)

    def at_theirs(self, mine: F64 | Found) -> F64:
        """What the one's words have, at those of theirs that met them; elsewhere 0."""
        found: F64 = np.where(self.theirs, mine[self.place], 0.0)
        return found


def _as_doubles(arrays: tuple[npt.NDArray[np.float32], ...]) -> tuple[F64, ...]:
    return tuple(each.astype(np.float64) for each in arrays)


def _greatest(values: F64) -> F64:
    greatest: F64 = values.max(axis=1)
    return greatest


def _rarest_name(one: Records, many: Records, statistics: TermStatistics) -> F64:
    is_met = (many["names"][:, :, None] == one["names"]).any(axis=2)
    is_met &= many["names"] != EMPTY_SHORT
    rarity = weigh(many["names"], statistics.names).astype(np.float64)
    return _greatest(rarity * is_met)


def _label_products(one: Records, many: Records) -> F64:
    is_met = many["labels"][:, :, None] == one["labels"]
    products = many["label_shares"][:, :, None] * one["label_shares"].astype(np.float64)
    total: F64 = (products * is_met).sum(axis=(1, 2))
    return total


def _places_agree(one: Records, many: Records, field: str) -> tuple[F64, F64]:
    """1 where a place is shared; 1 where both name places and share none."""
    met = (many[field][:, :, None] == one[field]) & (one[field] != EMPTY_SHORT)
    agree = met.any(axis=(1, 2))
    both = (many[field] != EMPTY_SHORT).any(axis=1) & bool((one[field] != EMPTY_SHORT).any())
    return agree.astype(np.float64), (both & ~agree).astype(np.float64)
