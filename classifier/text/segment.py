"""Segmentation: jieba's tokens, at the speed of its Rust port.

rjieba cuts as jieba does but for two things, which are put right here. Runs of ASCII jieba splits
by ``([a-zA-Z0-9]+(?:\\.\\d+)?%?)`` unless its dictionary holds the whole. Han characters outside
U+4E00–9FD5 are for jieba no part of a word, each is a token. Words of the county (studios,
departments, places) are added with the frequency that jieba's own ``suggest_freq`` rule would
give them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import MappingProxyType, ModuleType

_ASCII_RUN = re.compile(r"[\x21-\x7e]{2,}")
_JIEBA_SKIP = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_WHOLE = frozenset({"C#", "AT&T", "c++", "c#", "C++"})
_RARE = "\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f\U00030000-\U000323af"
_RARE_HAN = re.compile(f"([{_RARE}])")
# A text without any of these rjieba cuts as jieba does: no other mark is part of a run of ASCII.
_SPECIAL = re.compile(f"[+#&._%{_RARE}-]")


@cache
def _rjieba() -> ModuleType:
    """The compiled part of rjieba alone: its package reads the dictionary when it is imported.

    The dictionary costs a tenth of a second and 30 MB each time it is read.
    """
    package = find_spec("rjieba")
    folders = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec("rjieba.rjieba", folders or ())
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("rjieba", name="rjieba")
    module = sys.modules.get(spec.name) or module_from_spec(spec)
    spec.loader.exec_module(module)
    return sys.modules.setdefault(spec.name, module)


class Segmenter:
    """Cuts plain text into tokens whose concatenation is the text.

    Parameters
    ----------
    words
        Words to know beside jieba's dictionary.
    frequencies
        The frequency (1 or more) of those of them that don't take the one jieba suggests.
    """

    def __init__(
        self, words: Iterable[str] = (), frequencies: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self.words = tuple(words)
        self._jieba = _rjieba().Jieba()
        for word in self.words:
            frequency = frequencies.get(word) or self._jieba.suggest_freq(word)
            self._jieba.add_word(word, frequency, "n")

    def cut(self, text: str) -> list[str]:
        """The tokens of ``text`` in order."""
        if _SPECIAL.search(text):
            # Every second piece is a rare character.
            return [token for piece in _RARE_HAN.split(text) for token in self._put_right(piece)]
        tokens: list[str] = self._jieba.cut(text)
        return tokens

    def cut_known(self, text: str) -> list[str]:
        """The tokens of ``text`` in order, none of them a guess: what no word is, is cut up."""
        tokens: list[str] = self._jieba.cut(text, hmm=False)
        return tokens

    def every_word(self, text: str) -> list[str]:
        """Each known word that stands in ``text``, however the others are cut; they overlap."""
        words: list[str] = self._jieba.cut_all(text)
        return words

    def _put_right(self, text: str) -> list[str]:
        """jieba's tokens of a text without rare characters."""
        tokens: list[str] = self._jieba.cut(text)
        places = [
            place
            for place, token in enumerate(tokens)
            if len(token) > 1 and token.isascii() and not token.isalnum()
        ]
        for place in reversed(places):
            if _needs_split(tokens[place]):
                tokens[place : place + 1] = _split_ascii(tokens[place])
        return tokens


def _needs_split(token: str) -> bool:
    return token not in _WHOLE and _ASCII_RUN.fullmatch(token) is not None


def _split_ascii(run: str) -> list[str]:
    return [piece for piece in _JIEBA_SKIP.split(run) if piece]
