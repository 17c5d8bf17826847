"""Pair evidence: what speaks for and against two messages being about the same matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.matching.agreement import Agreement, agreement, words_cosine
from classifier.matching.profile import SAYS_AGAIN, Records
from classifier.matching.term_statistics import TermStatistics

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


def _resemblance(found: Agreement[float]) -> float:
    """The share of both texts' runs of letters that is common to both; 1 for copies.

    An estimate from the filled bins, with a standard error of 0.05 at most.
    """
    return found.same_bins / max(found.filled_bins, 1.0)


def _topic_affinity(found: Agreement[float]) -> float:
    """How alike both were judged: the affinity of their likeliest topics' and departments' shares.

    1 where they were surely judged alike, 0 where they have no likely label in common or nobody
    judged (Bhattacharyya's coefficient, the mean of both questions).
    """
    return found.labels / (255 * 255 * _JUDGED)


def _covered(length: int, their_length: int, alike: float) -> float:
    """How much of the shorter text stands in the other, from resemblance and lengths."""
    length, their_length = length + 1, their_length + 1
    common = alike * (length + their_length) / (1.0 + alike)
    return min(common / min(length, their_length), 1.0)


class _Message(NamedTuple):
    """What a profile says of its message in one number each."""

    sender: int
    sent_at: int
    length: int
    says: int


def _later_says_again(mine: _Message, their: _Message) -> bool:
    """Whether the later of two letters says that its writer wrote before; either, at one time."""
    i_do = their.sent_at <= mine.sent_at and mine.says & SAYS_AGAIN != 0
    return i_do or (their.sent_at >= mine.sent_at and their.says & SAYS_AGAIN != 0)


def pair_evidence(
    one: Records, many: Records, statistics: TermStatistics, found: Agreement[F64] | None = None
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
    mine = _Message(*(int(one[name]) for name in _Message._fields))
    theirs = (many[name] for name in _Message._fields)
    days = np.abs(many["sent_at"].astype(np.float64) - mine.sent_at) / 86_400.0
    lengths = np.log((many["length"] + 20.0) / (mine.length + 20.0))
    measured = words_cosine(one, many, found), np.log1p(days), np.abs(lengths)
    pairs = zip(*map(_by_pair, (found, theirs, measured)), strict=True)
    # For the few others that a message is likened to, numpy takes three times as long.
    rows = [
        _of_pair(Agreement(*alike), mine, _Message(*other), *rest) for alike, other, rest in pairs
    ]
    return np.array(rows, np.float32).reshape(len(many), len(EVIDENCE))


def _by_pair(columns: Iterable[npt.NDArray[Any]]) -> Iterator[tuple[Any, ...]]:
    """What arrays of shape (n,) hold of each of n pairs, as Python's own numbers."""
    return zip(*(column.tolist() for column in columns), strict=True)


def _of_pair(
    found: Agreement[float],
    mine: _Message,
    their: _Message,
    words: float,
    log_days: float,
    log_lengths: float,
) -> tuple[float, ...]:
    """The row of one pair."""
    title_share = found.title_found / max(found.title, _TINY)
    their_title_share = found.their_title_found / max(found.their_title, _TINY)
    title_norms = sqrt(found.title_squares * found.their_title_squares)
    alike = _resemblance(found)
    covered = _covered(mine.length, their.length, alike)
    topic = _topic_affinity(found)
    same_sender = their.sender == mine.sender != 0
    return (
        words,
        found.both_titles / max(title_norms, _TINY),
        max(title_share, their_title_share),
        min(title_share, their_title_share),
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
        max(covered - _COVERED_MOST, 0.0),
        max(words - _WORDS_MOST, 0.0),
        max(alike - _RESEMBLANCE_MUCH, 0.0),
        same_sender,
        words * same_sender,
        found.same_place,
        found.other_place,
        found.other_title_place,
        found.other_district,
        log_days,
        log_lengths,
        log_lengths * same_sender,
        same_sender and _later_says_again(mine, their),
    )
