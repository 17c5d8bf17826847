"""Subject words: what a message is about, apart from where it is and who writes.

Two letters from one village share the village's name, two letters of one person the signature;
neither makes them one matter. So words of places and of persons are told from the others: by the
spans in which they were found, and by the endings that names of villages, estates and roads bear.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.reading.reader import Reading
from classifier.spans import Span

ENDINGS = "省市区县镇乡村组路街巷苑湾坪沟寨屯庄坝"
LONG_ENDINGS = (
    *("小区", "社区", "花园", "家园", "大道", "公寓", "街道", "新村", "佳园", "佳苑"),
    *("嘉园", "新城", "国际城", "公馆", "山庄", "华府", "豪庭", "华庭", "广场", "大厦"),
)
ENDING_WORDS = frozenset((*ENDINGS, *LONG_ENDINGS))
_SHORTEST_NAME = 3


def content_words(tokens: Iterable[str]) -> list[str]:
    """Tokens that carry content: longer than one character, or Latin letters and digits."""
    # Said in place, here and below: a function's call a token costs more than all else.
    return [token for token in tokens if len(token) > 1 or (token.isalnum() and token.isascii())]


class ContentWords(NamedTuple):
    """The content words of a message.

    ``words`` are those of the title and then those of the body; the first ``title_count`` are the
    title's; ``is_subject``, shape (words,), tells which name neither a place nor a person.
    """

    words: list[str]
    title_count: int
    is_subject: npt.NDArray[np.bool_]


def content_of(reading: Reading) -> ContentWords:
    """The content words of a message's title and body."""
    tokens = (*reading.title_tokens, "\n", *reading.body_tokens)
    words: list[str] = []
    places: list[int] = []
    is_subject: list[bool] = []
    for place, (token, after) in enumerate(zip(tokens, (*tokens[1:], ""), strict=True)):
        if len(token) > 1 or (token.isalnum() and token.isascii()):
            words.append(token)
            places.append(place)
            is_subject.append(not (after in ENDING_WORDS or _ends_as_a_place(token)))
    flags = np.array(is_subject, bool)
    spans = spans_of_names(reading)
    if spans:
        flags &= ~_touched(tokens, spans)[places]
    return ContentWords(words, bisect_left(places, len(reading.title_tokens)), flags)


def spans_of_names(reading: Reading) -> list[Span]:
    """Where in the whole text places and personal data stand."""
    return [place.span for place in reading.places] + [item.span for item in reading.personal]


def _ends_as_a_place(token: str) -> bool:
    if token in LONG_ENDINGS:  # 翠屏|花园: neither half of an estate's name is what happens there
        return True
    if len(token) < _SHORTEST_NAME:
        return False
    return token[-1] in ENDINGS or token.endswith(LONG_ENDINGS)


def _touched(tokens: Sequence[str], spans: Iterable[Span]) -> npt.NDArray[np.bool_]:
    """For each token whether one of the spans touches it."""
    ends = np.fromiter(map(len, tokens), np.int64, len(tokens)).cumsum()
    starts: npt.NDArray[np.int64] = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
    touched = np.zeros(len(tokens), bool)
    for span in spans:
        touched |= (starts < span.end) & (ends > span.start)
    return touched
