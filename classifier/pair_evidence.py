"""Pair evidence: what speaks for and against two messages being about the same matter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifier.agreement import Agreement, agreement, words_cosine
from classifier.profile import Records
from classifier.term_statistics import TermStatistics

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

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
    "said_again",
)
# Where likeness begins to tell a copy from a letter in its writer's own words.
_COVERED_MOST, _WORDS_MOST, _RESEMBLANCE_MUCH = 0.5, 0.6, 0.3
_JUDGED = 2  # questions whose labels a profile keeps: topic and department
_TINY = 1e-6


def resemblance(found: Agreement) -> F64:
    """The share of both texts' runs of letters that is common to both, shape (n,); 1 for copies.

    An estimate from the filled bins, with a standard error of 0.05 at most.
    """
    return found.same_bins / np.maximum(found.filled_bins, 1.0)


def topic_affinity(found: Agreement) -> F64:
    """How alike both were judged: the affinity of their likeliest topics' and departments' shares.

    1 where they were surely judged alike, 0 where they have no likely label in common or nobody
    judged (Bhattacharyya's coefficient, the mean of both questions); shape (n,).
    """
    return found.labels / (255 * 255 * _JUDGED)


def _covered(one: Records, many: Records, alike: F64) -> F64:
    """How much of the shorter text stands in the other, from resemblance and lengths."""
    length, their = float(one["length"]) + 1.0, many["length"] + 1.0
    common = alike * (length + their) / (1.0 + alike)
    covered: F64 = np.minimum(common / np.minimum(length, their), 1.0)
    return covered


def _later_says_again(one: Records, many: Records) -> npt.NDArray[np.bool_]:
    """Whether the later of two letters says that its writer wrote before; either, at one time."""
    mine = (many["sent_at"] <= one["sent_at"]) & (one["says_again"] != 0)
    theirs = (many["sent_at"] >= one["sent_at"]) & (many["says_again"] != 0)
    later: npt.NDArray[np.bool_] = mine | theirs
    return later


def pair_evidence(
    one: Records, many: Records, statistics: TermStatistics, found: Agreement | None = None
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
    found
        What they have in common, where that is known already.

    Returns
    -------
    array of float32, shape (n, len(EVIDENCE))
        The columns are named by ``EVIDENCE``.
    """
    found = agreement(one, many, statistics) if found is None else found
    words = words_cosine(one, many, found)
    title_share = found.title_found / np.maximum(found.title, _TINY)
    their_title_share = found.their_title_found / np.maximum(found.their_title, _TINY)
    title_norms = np.sqrt(found.title_squares * found.their_title_squares)
    alike = resemblance(found)
    covered = _covered(one, many, alike)
    topic = topic_affinity(found)
    same_sender = (many["sender"] == one["sender"]) & (one["sender"] != 0)
    days = np.abs(many["sent_at"].astype(np.float64) - float(one["sent_at"])) / 86_400.0
    lengths = np.log((many["length"] + 20.0) / (float(one["length"]) + 20.0))
    columns = (
        words,
        found.both_titles / np.maximum(title_norms, _TINY),
        np.maximum(title_share, their_title_share),
        np.minimum(title_share, their_title_share),
        found.title_hit,
        found.title_miss,
        found.rarest,
        found.second_rarest,
        found.third_rarest,
        found.rare_sum,
        found.name,
        found.name * words,
        topic,
        words * topic,
        found.name * topic,
        alike,
        covered,
        np.maximum(covered - _COVERED_MOST, 0.0),
        np.maximum(words - _WORDS_MOST, 0.0),
        np.maximum(alike - _RESEMBLANCE_MUCH, 0.0),
        same_sender,
        words * same_sender,
        found.same_place,
        found.other_place,
        found.other_title_place,
        found.other_district,
        np.log1p(days),
        np.abs(lengths),
        np.abs(lengths) * same_sender,
        _later_says_again(one, many) & same_sender,
    )
    return np.stack(columns, axis=1).astype(np.float32)
