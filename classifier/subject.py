"""Subject words: what a message is about, apart from where it is and who writes.

Two letters from one village share the village's name, two letters of one person the signature;
neither makes them one matter. So words of places and of persons are told from the others: by the
spans in which they were found, and by the endings that names of villages, estates and roads bear.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from classifier.reading import Reading

_ENDINGS = frozenset("省市区县镇乡村组路街巷苑湾坪沟寨屯庄坝")
_LONG_ENDINGS = ("小区", "社区", "花园", "家园", "大道", "公寓", "街道", "新村")
_ENDING_WORDS = _ENDINGS.union(_LONG_ENDINGS)
_SHORTEST_NAME = 3


def content_words(tokens: Iterable[str]) -> list[str]:
    """Tokens that carry content: longer than one character, or Latin letters and digits."""
    # Said in place, here and below: a function's call a token costs more than all else here.
    return [token for token in tokens if len(token) > 1 or (token.isalnum() and token.isascii())]


def subject_words(reading: Reading) -> list[str]:
    """The content words of title and body that name neither a place nor a person, in order."""
    tokens = (*reading.title_tokens, "\n", *reading.body_tokens)
    is_named = _is_named(reading, tokens)
    following = (*tokens[1:], "")
    return [
        token
        for token, after, named in zip(tokens, following, is_named, strict=True)
        if (len(token) > 1 or (token.isalnum() and token.isascii()))
        and not named
        and not _is_place_name(token, after)
    ]


def _is_named(reading: Reading, tokens: Sequence[str]) -> Sequence[bool]:
    """For each token whether it touches a place or personal data that was found."""
    spans = [place.span for place in reading.places]
    spans += [item.span for item in reading.personal]
    if not spans:
        return (False,) * len(tokens)
    ends = np.fromiter(map(len, tokens), np.int64, len(tokens)).cumsum()
    starts: npt.NDArray[np.int64] = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
    named = np.zeros(len(tokens), bool)
    for span in spans:
        named |= (starts < span.end) & (ends > span.start)
    is_named: list[bool] = named.tolist()
    return is_named


def _is_place_name(token: str, after: str) -> bool:
    if after in _ENDING_WORDS:
        return True
    if len(token) < _SHORTEST_NAME:
        return False
    return token[-1] in _ENDINGS or token.endswith(_LONG_ENDINGS)
