"""Segmentation: jieba's tokens, at the speed of its Rust port.

rjieba cuts as jieba does except for runs of ASCII, which jieba splits by
``([a-zA-Z0-9]+(?:\\.\\d+)?%?)`` unless its dictionary holds the whole; those runs are split
again here the same way. Words of the county (studios, departments, places) are added with
the frequency that jieba's own ``suggest_freq`` rule would give them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import rjieba

_ASCII_RUN = re.compile(r"[\x21-\x7e]{2,}")
_JIEBA_SKIP = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_WHOLE = frozenset({"C#", "AT&T", "c++", "c#", "C++"})


class Segmenter:
    """Cuts plain text into tokens whose concatenation is the text.

    Parameters
    ----------
    words
        Words to know beside jieba's dictionary.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = tuple(words)
        self._jieba = rjieba.Jieba()
        for word in self.words:
            self._jieba.add_word(word, self._jieba.suggest_freq(word), "n")

    def cut(self, text: str) -> list[str]:
        """The tokens of ``text`` in order."""
        tokens: list[str] = []
        for token in self._jieba.cut(text):
            if len(token) > 1 and token[0] < "\x7f" and _needs_split(token):
                tokens.extend(_split_ascii(token))
            else:
                tokens.append(token)
        return tokens


def _needs_split(token: str) -> bool:
    return token not in _WHOLE and _ASCII_RUN.fullmatch(token) is not None


def _split_ascii(run: str) -> list[str]:
    return [piece for piece in _JIEBA_SKIP.split(run) if piece]
