"""新词: words and phrases of a period that the periods before it did not have.

By the log-odds of the messages that have a word, with an informative Dirichlet prior, over their
standard deviation (Monroe, Colaresi and Quinn 2008, "Fightin' Words"). What no dictionary knows is
cut into pieces: so up to four adjacent tokens are one word too, where most of the messages that
have the rarest of them have all together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from service.digest.counts import Figure

LEAST_Z = 1.96  # two-sided, 5 %
LEAST_PEOPLE = 3  # some rare word of two people turns up in any week
MOST_WORDS = 10
_PRIOR_SHARE = 0.1  # of all that was counted, so much is the prior
_COHESION = 0.6  # a word of several pieces has this share of its rarest piece's messages
_MOST_PIECES, _LONGEST = 4, 8
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
# What holds a sentence together, or a division's name: no piece of a new word.
_FUNCTION_WORDS = """
我们 你们 他们 咱们 大家 自己 本人 这个 那个 什么 怎么 如何 一个 一些 关于 对于 以及 因为 所以
没有 可以 不能 应该 希望 请问 已经 现在 目前 开始 一直 非常 进一步
"""
_FUNCTION = frozenset(
    "的了是在我有和就不都一也很到说要去你会着没好自这那他她它们个为与及或被把对从向让给等吗呢吧啊之"
    "其而且但于以可能请望将已还再又才只更最该此所如若因并则至由跟比当应内上下中里外前后时年月日省市区县"
).union(_FUNCTION_WORDS.split())


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
    used = _messages_of(now)
    totals = [sum(len(set(one.words)) for one in part) for part in (now, before)]
    earlier = "\n".join("".join(one.words) for one in before)
    senders = {one.message_id: one.sender for one in now}
    found = []
    for word in sorted(used):
        ids = used[word]
        people = len({senders[each] for each in ids})
        z_score = _z_score(len(ids), *totals)
        if people >= LEAST_PEOPLE and z_score >= LEAST_Z and word not in earlier:
            found.append(NewWord(word, round(z_score, 2), Figure(people, tuple(sorted(ids)))))
    found.sort(key=lambda one: (-one.z_score, -len(one.word), one.word))
    return _without_pieces(one for one in found if may_tell(one.word))


def _messages_of(texts: Iterable[Tokens]) -> Mapping[str, set[int]]:
    """The messages that have each word, of one token or of several that keep together."""
    tokens: defaultdict[str, set[int]] = defaultdict(set)
    several: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for text in texts:
        for pieces in _runs(text.words):
            found = tokens[pieces[0]] if len(pieces) == 1 else several[pieces]
            found.add(text.message_id)
    words = {word: ids for word, ids in tokens.items() if 2 <= len(word) <= _LONGEST}
    for pieces, ids in several.items():
        if len(ids) >= _COHESION * min(len(tokens[piece]) for piece in pieces):
            words["".join(pieces)] = ids | words.get("".join(pieces), set())
    return words


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """One to ``_MOST_PIECES`` adjacent tokens that can be a word together."""
    fits = [_is_piece(word) for word in words]
    for start in range(len(words)):
        length = 0
        for end in range(start, min(start + _MOST_PIECES, len(words))):
            length += len(words[end])
            if not fits[end] or length > _LONGEST:
                break
            yield tuple(words[start : end + 1])


def may_be_word(token: str) -> bool:
    """Whether one token is a word that can be told: Chinese, no function word, 2–8 characters."""
    return 2 <= len(token) <= _LONGEST and _is_piece(token)


@lru_cache(maxsize=2**16)  # the same words come again and again
def _is_piece(token: str) -> bool:
    return bool(_CHINESE.fullmatch(token)) and token not in _FUNCTION


def _z_score(count: int, now_total: int, before_total: int) -> float:
    """Of a word with so many of the messages counted now, and none of those before."""
    prior_total = _PRIOR_SHARE * (now_total + before_total)
    prior = _PRIOR_SHARE * count
    now_odds = (count + prior) / (now_total + prior_total - count - prior)
    before_odds = prior / (before_total + prior_total - prior)
    return (log(now_odds) - log(before_odds)) / sqrt(1 / (count + prior) + 1 / prior)


def _without_pieces(words: Iterable[NewWord]) -> tuple[NewWord, ...]:
    """The first of them, without those that are part of one told before, or hold it.

    Of several that stand in the very same messages one is told: they are one text's.
    """
    told: list[NewWord] = []
    for one in words:
        if len(told) < MOST_WORDS and not any(
            one.word in other.word
            or other.word in one.word
            or one.people.message_ids == other.people.message_ids
            for other in told
        ):
            told.append(one)
    return tuple(told)
