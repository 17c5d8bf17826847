"""Which names are ordinary words as well: by how often jieba's dictionary counts them."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

ORDINARY_FROM = 100


def ordinary_words(names: Iterable[str]) -> frozenset[str]:
    """Those of ``names``, Chinese words, that the dictionary counts ``ORDINARY_FROM`` times or up.

    「文明」 and 「热水」 are towns, but hardly ever meant; 「庄里」 means nothing else.
    The dictionary's file is searched without importing jieba, which takes half a second.
    """
    return frozenset(name for name in names if word_count(name) >= ORDINARY_FROM)


@lru_cache(maxsize=16_384)
def word_count(word: str) -> int:
    """How often the dictionary counts a Chinese word, 0 where it is missing."""
    lines = _dictionary()
    return 0 if lines is None else _count(lines, word)


@cache
def _dictionary() -> mmap.mmap | None:
    """The dictionary's file, mapped once; None where jieba is not installed."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        return None
    with (Path(spec.origin).parent / "dict.txt").open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _count(lines: mmap.mmap, word: str) -> int:
    """The count of a word, 0 where it is missing: its Chinese words stand in order."""
    key = word.encode()
    low, high = lines.find("\n一".encode()) + 1, len(lines)
    while low < high:
        middle = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = lines.find(b"\n", middle)
        found, count, _ = lines[middle:end].split(b" ")
        if found == key:
            return int(count)
        if found < key:
            low = end + 1
        else:
            high = middle
    return 0
