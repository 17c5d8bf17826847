"""Pair evidence: what speaks for and against two messages being about the same matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.profile import (
    EMPTY,
    EMPTY_SHORT,
    Records,
    hashes_of,
    is_in_subject,
    is_in_title,
    strengths,
)
from classifier.term_statistics import TermStatistics, weigh

F32 = npt.NDArray[np.float32]
Found = npt.NDArray[np.bool_]

EVIDENCE = (
    "words",
    "title_words",
    "title_in_other",
    "title_in_other_both",
    "title_hit",
    "title_miss",
    "rarest",
    "second_rarest",
    "third_rarest",
    "rare_sum",
    "name",
    "name_words",
    "topic",
    "words_topic",
    "name_topic",
    "resemblance",
    "covered",
    "covered_most",
    "words_most",
    "resemblance_much",
    "same_sender",
    "words_by_same_sender",
    "same_place",
    "other_place",
    "other_title_place",
    "other_district",
    "log_days",
    "log_length_ratio",
    "length_ratio_by_same_sender",
)
_RARE = 5.0
# Where likeness begins to tell a copy from a letter in its writer's own words.
_COVERED_MOST, _WORDS_MOST, _RESEMBLANCE_MUCH = 0.5, 0.6, 0.3
_JUDGED = 2  # questions whose labels a profile keeps: topic and department


@dataclass(frozen=True, slots=True)
class CommonWords:
    """Where the words of one profile and of each of many meet.

    ``mine`` has shape (n, WORDS) over the one's words, ``theirs`` over each one's own; ``rarity``
    and ``strength`` are those of the one's words, ``their_rarity`` and ``their_strength`` of
    theirs; ``my_strength_met`` is that of the one's word which each of theirs met, 0 where none.
    """

    mine: Found
    theirs: Found
    rarity: F32
    their_rarity: F32
    their_strength: F32
    my_strength_met: F32

    @classmethod
    def of(cls, one: Records, many: Records, statistics: TermStatistics) -> CommonWords:
        """Compare the words of one profile with those of each of many."""
        rarity, strength = strengths(one["words"], statistics)
        their_rarity, their_strength = strengths(many["words"], statistics)
        terms, their_terms = hashes_of(one["words"]), hashes_of(many["words"])
        place = np.searchsorted(terms, their_terms)
        np.minimum(place, len(terms) - 1, out=place)
        theirs = (terms[place] == their_terms) & (many["words"] != EMPTY)
        mine = np.zeros(theirs.shape, bool)
        row, column = np.nonzero(theirs)
        mine[row, place[row, column]] = True
        return cls(mine, theirs, rarity, their_rarity, their_strength, strength[place] * theirs)

    def cosine(self, one: Records, many: Records) -> F32:
        """Of the two whole texts' weighted words, shape (n,)."""
        products = np.einsum("ij,ij->i", self.my_strength_met, self.their_strength)
        cosine: F32 = products / (one["word_norm"] * many["word_norm"])
        return cosine


def subject_cosine(one: Records, many: Records, common: CommonWords) -> F32:
    """The part of the words' cosine that words of the subject make, shape (n,)."""
    is_subject = is_in_subject(many["words"])
    products = np.einsum(
        "ij,ij,ij->i", common.my_strength_met, common.their_strength, is_subject, dtype=np.float32
    )
    cosine: F32 = products / (one["word_norm"] * many["word_norm"])
    return cosine


def resemblance(one: Records, many: Records) -> F32:
    """The share of both texts' runs of letters that is common to both, shape (n,); 1 for copies.

    An estimate from the filled bins, with a standard error of 0.05 at most.
    """
    same = ((many["bins"] == one["bins"]) & (one["bins"] != 0)).sum(axis=1)
    filled = ((many["bins"] != 0) | (one["bins"] != 0)).sum(axis=1)
    found: F32 = (same / np.maximum(filled, 1)).astype(np.float32)
    return found


def _covered(one: Records, many: Records, alike: F32) -> F32:
    """How much of the shorter text stands in the other, from resemblance and lengths."""
    length, their = float(one["length"]) + 1.0, many["length"] + 1.0
    common = alike * (length + their) / (1.0 + alike)
    covered: F32 = np.minimum(common / np.minimum(length, their), 1.0)
    return covered


def _titles(one: Records, many: Records, common: CommonWords) -> tuple[F32, ...]:
    """What each side's title words find in the other.

    Returns the share found by rarity (the greater, the lesser of both sides), the rarest word
    found and the rarest missing (of either side), and the share of words that both titles say.
    """
    mine = is_in_title(one["words"]) * common.rarity
    theirs = is_in_title(many["words"]) * common.their_rarity
    found, their_found = mine * common.mine, theirs * common.theirs
    share = found.sum(axis=1) / max(float(mine.sum()), 1e-6)
    their_share = their_found.sum(axis=1) / np.maximum(theirs.sum(axis=1), 1e-6)
    return (
        np.maximum(share, their_share),
        np.minimum(share, their_share),
        np.maximum(found.max(axis=1), their_found.max(axis=1)),
        np.maximum(
            (mine * ~common.mine).max(axis=1),
            (theirs * ~common.theirs).max(axis=1),
        ),
    )


def _title_cosine(one: Records, many: Records, common: CommonWords) -> F32:
    """Of both titles' words by rarity, shape (n,)."""
    mine = np.square(is_in_title(one["words"]) * common.rarity)
    in_their_title = is_in_title(many["words"])
    theirs = np.square(in_their_title * common.their_rarity)
    title = hashes_of(one["words"])[is_in_title(one["words"])]
    is_both = in_their_title & np.isin(hashes_of(many["words"]), title)
    norms = np.sqrt(float(mine.sum()) * theirs.sum(axis=1))
    cosine: F32 = (theirs * is_both).sum(axis=1) / np.maximum(norms, 1e-6)
    return cosine


def _rarest_name(one: Records, many: Records, statistics: TermStatistics) -> F32:
    """The rarity of the rarest name that both name, 0 where there is none; shape (n,)."""
    is_met = (many["names"][:, :, None] == one["names"]).any(axis=2)
    is_met &= many["names"] != EMPTY_SHORT
    found: F32 = (weigh(many["names"], statistics.names) * is_met).max(axis=1)
    return found


def topic_affinity(one: Records, many: Records) -> F32:
    """How alike both were judged: the affinity of their likeliest topics' and departments' shares.

    1 where they were surely judged alike, 0 where they have no likely label in common or nobody
    judged (Bhattacharyya's coefficient, the mean of both questions); shape (n,).
    """
    is_met = many["labels"][:, :, None] == one["labels"]
    products = many["label_shares"][:, :, None] * one["label_shares"].astype(np.float32)
    affinity: F32 = (products * is_met).sum(axis=(1, 2)) / np.float32(255 * 255 * _JUDGED)
    return affinity


def _places_agree(one: Records, many: Records, field: str) -> tuple[F32, F32]:
    """1 where a place is shared; 1 where both name places and share none."""
    met = (many[field][:, :, None] == one[field]) & (one[field] != EMPTY_SHORT)
    agree = met.any(axis=(1, 2))
    both = (many[field] != EMPTY_SHORT).any(axis=1) & bool((one[field] != EMPTY_SHORT).any())
    return agree.astype(np.float32), (both & ~agree).astype(np.float32)


def pair_evidence(
    one: Records, many: Records, statistics: TermStatistics, common: CommonWords | None = None
) -> F32:
    """What speaks for and against ``one`` standing in the same matter as each of ``many``.

    Parameters
    ----------
    one
        A profile, shape ().
    many
        Profiles, shape (n,).
    statistics
        The statistics both were made with.
    common
        Their common words, where they are known already.

    Returns
    -------
    array of float32, shape (n, len(EVIDENCE))
        The columns are named by ``EVIDENCE``.
    """
    common = CommonWords.of(one, many, statistics) if common is None else common
    words = common.cosine(one, many)
    shared = common.their_rarity * common.theirs
    rarest = -np.partition(-shared, 2, axis=1)[:, :3]
    rarest.sort(axis=1)
    alike = resemblance(one, many)
    covered = _covered(one, many, alike)
    name = _rarest_name(one, many, statistics)
    topic = topic_affinity(one, many)
    same_sender = (many["sender"] == one["sender"]) & (one["sender"] != 0)
    same_place, other_place = _places_agree(one, many, "places")
    _, other_title_place = _places_agree(one, many, "title_places")
    _, other_district = _places_agree(one, many, "districts")
    days = np.abs(many["sent_at"].astype(np.float64) - float(one["sent_at"])) / 86_400.0
    lengths = np.log((many["length"] + 20.0) / (float(one["length"]) + 20.0))
    columns = (
        words,
        _title_cosine(one, many, common),
        *_titles(one, many, common),
        rarest[:, 2],
        rarest[:, 1],
        rarest[:, 0],
        np.where(shared > _RARE, shared, 0.0).sum(axis=1),
        name,
        name * words,
        topic,
        words * topic,
        name * topic,
        alike,
        covered,
        np.maximum(covered - _COVERED_MOST, 0.0),
        np.maximum(words - _WORDS_MOST, 0.0),
        np.maximum(alike - _RESEMBLANCE_MUCH, 0.0),
        same_sender,
        words * same_sender,
        same_place,
        other_place,
        other_title_place,
        other_district,
        np.log1p(days),
        np.abs(lengths),
        np.abs(lengths) * same_sender,
    )
    return np.stack(columns, axis=1).astype(np.float32)
