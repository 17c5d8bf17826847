"""新词: words and phrases of a period that the periods before it did not have.

By the log-odds of the messages that have a word, with an informative Dirichlet prior, over their
standard deviation (Monroe, Colaresi and Quinn 2008, "Fightin' Words"). A phrase is two adjacent
words most of whose messages have them together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

from service.digest.counts import Figure

LEAST_Z = 1.64  # one-sided, 5 %
LEAST_PEOPLE = 2
MOST_WORDS = 10
_PRIOR_SHARE = 0.1  # of all that was counted, so much is the prior
_COHESION = 0.6  # a phrase has at least this share of the messages of either of its words
_WORD = re.compile(r"[\u4e00-\u9fff]{2,8}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of one masked text in order; ``sender`` is equal for messages of one person."""

    message_id: int
    sender: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word or phrase, how unlike the time before it is, and who used it in which messages."""

    word: str
    z_score: float
    people: Figure


def find_new_words(
    now: Sequence[Tokens], before: Sequence[Tokens], may_tell: Callable[[str], bool]
) -> tuple[NewWord, ...]:
    """The words and phrases of several people now that nobody used before, the newest first.

    Parameters
    ----------
    now, before
        The period's messages, and those of the periods before; in any order.
    may_tell
        Whether a word is no ordinary one and surely names nobody; others are left out.
    """
    used, earlier = _messages_of(now), _messages_of(before)
    now_total = sum(map(len, used.values()))
    before_total = sum(map(len, earlier.values()))
    senders = {one.message_id: one.sender for one in now}
    found = []
    for word in sorted(used.keys() - earlier.keys()):
        ids = used[word]
        people = len({senders[each] for each in ids})
        z_score = _z_score(len(ids), now_total, before_total)
        if people >= LEAST_PEOPLE and z_score >= LEAST_Z:
            found.append(NewWord(word, round(z_score, 2), Figure(people, tuple(sorted(ids)))))
    found.sort(key=lambda one: (-one.z_score, -len(one.word), one.word))
    return _without_pieces(one for one in found if may_tell(one.word))


def _messages_of(texts: Iterable[Tokens]) -> Mapping[str, set[int]]:
    """The messages that have each word or phrase."""
    words: defaultdict[str, set[int]] = defaultdict(set)
    phrases: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for text in texts:
        for word in text.words:
            if _WORD.fullmatch(word):
                words[word].add(text.message_id)
        for one, other in pairwise(text.words):
            if _WORD.fullmatch(one) and _WORD.fullmatch(other):
                phrases[one, other].add(text.message_id)
    for (one, other), ids in phrases.items():
        if len(ids) >= _COHESION * max(len(words[one]), len(words[other])):
            words[one + other] |= ids
    return words


def _z_score(count: int, now_total: int, before_total: int) -> float:
    """Of a word with so many of the messages counted now, and none of those before."""
    prior_total = _PRIOR_SHARE * (now_total + before_total)
    prior = _PRIOR_SHARE * count
    now_odds = (count + prior) / (now_total + prior_total - count - prior)
    before_odds = prior / (before_total + prior_total - prior)
    return (log(now_odds) - log(before_odds)) / sqrt(1 / (count + prior) + 1 / prior)


def _without_pieces(words: Iterable[NewWord]) -> tuple[NewWord, ...]:
    """The first of them, without those that are part of one told before, or hold it."""
    told: list[NewWord] = []
    for one in words:
        if len(told) < MOST_WORDS and not any(
            one.word in other.word or other.word in one.word for other in told
        ):
            told.append(one)
    return tuple(told)
