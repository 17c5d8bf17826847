"""词语上升: words that were said before, and are said by more people than their share allows.

Given how many of the messages read have a word, now and in the periods before, the first is
binomial with the period's share of all messages read (the exact conditional test). Benjamini and
Hochberg's step-up procedure over all words keeps the share ``FALSE_RATE`` false.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.digest.compare import FALSE_RATE, step_up_limit, two_sided_p
from service.digest.counts import Figure
from service.digest.new_words import LEAST_PEOPLE, MOST_WORDS, Tokens, may_be_word

_LEAST_MESSAGES = 5  # fewer of both times together tell nothing


@dataclass(frozen=True, slots=True)
class RisenWord:
    """A word, who used it in which messages, in how many before, how improbable that is."""

    word: str
    people: Figure
    earlier_count: int
    p_value: float


def find_risen_words(
    now: Sequence[Tokens], before: Sequence[Tokens], may_tell: Callable[[str], bool]
) -> tuple[RisenWord, ...]:
    """The words that rose, the least probable first, at most ``MOST_WORDS``.

    Parameters
    ----------
    now, before
        The period's messages, and those of the periods before; in any order.
    may_tell
        Whether a word surely names nobody; others are left out.
    """
    if not now or not before:
        return ()
    used, earlier = _messages_of(now), _messages_of(before)
    share = len(now) / (len(now) + len(before))
    tested = {
        word: (len(used.get(word, ())), len(earlier.get(word, ())))
        for word in sorted(used.keys() | earlier.keys())
    }
    p_values = {
        word: two_sided_p(*counts, share)
        for word, counts in tested.items()
        if sum(counts) >= _LEAST_MESSAGES
    }
    limit = step_up_limit(list(p_values.values()), FALSE_RATE)
    senders = {one.message_id: one.sender for one in now}
    found = []
    for word, p_value in p_values.items():
        count, earlier_count = tested[word]
        is_risen = count > (count + earlier_count) * share
        if p_value <= limit and is_risen and earlier_count:
            people = len({senders[each] for each in used[word]})
            figure = Figure(people, tuple(sorted(used[word])))
            found.append(RisenWord(word, figure, earlier_count, p_value))
    found.sort(key=lambda one: (one.p_value, one.word))
    told = [one for one in found if one.people.value >= LEAST_PEOPLE and may_tell(one.word)]
    return tuple(told[:MOST_WORDS])


def _messages_of(texts: Iterable[Tokens]) -> Mapping[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for text in texts:
        for word in text.words:
            if may_be_word(word):
                found[word].add(text.message_id)
    return found
