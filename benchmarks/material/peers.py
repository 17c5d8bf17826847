"""Peers: other people's indexes of near copies, each as its authors recommend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import rjieba

_SHINGLE = 3
_RAREST, _BEST = 16, 10


class Peer(Protocol):
    """An index of texts by number."""

    def add(self, number: int, text: str) -> None:
        """Take a text in."""

    def finish(self) -> None:
        """All texts are there."""

    def find(self, text: str) -> Iterable[int]:
        """Numbers of the texts like this one."""


def _shingles(text: str) -> set[str]:
    return {text[i : i + _SHINGLE] for i in range(max(len(text) - _SHINGLE + 1, 1))}


class Datasketch:
    """MinHash with banding for a resemblance of 0.3, then the exact resemblance."""

    def __init__(self, folder: Path) -> None:
        datasketch = import_module("datasketch")
        self._minhash = datasketch.MinHash
        self._lsh = datasketch.MinHashLSH(threshold=0.3, num_perm=128)
        self._shingles: dict[int, set[str]] = {}

    def add(self, number: int, text: str) -> None:
        """Take a text in."""
        self._shingles[number] = _shingles(text)
        self._lsh.insert(number, self._sketch(text), check_duplication=False)

    def finish(self) -> None:
        """Nothing is left to do."""

    def find(self, text: str) -> list[int]:
        """Numbers of the texts like this one."""
        mine = _shingles(text)
        found = self._lsh.query(self._sketch(text))
        return [each for each in found if self._resemblance(mine, self._shingles[each]) >= 0.2]

    def _sketch(self, text: str) -> object:
        sketch = self._minhash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in _shingles(text)])
        return sketch

    @staticmethod
    def _resemblance(one: set[str], other: set[str]) -> float:
        return len(one & other) / len(one | other)


class Gaoya:
    """MinHash in Rust with 42 bands of 3, checked by the whole signature."""

    def __init__(self, folder: Path) -> None:
        self._index = import_module("gaoya.minhash").MinHashStringIndex(
            32, 0.2, 42, 3, None, "char", False, (_SHINGLE, _SHINGLE), id_container="vec"
        )

    def add(self, number: int, text: str) -> None:
        """Take a text in."""
        self._index.insert_document(number, text)

    def finish(self) -> None:
        """Nothing is left to do."""

    def find(self, text: str) -> list[int]:
        """Numbers of the texts like this one."""
        return list(self._index.query(text))


class Tantivy:
    """A search engine's index of jieba's words, asked for the rarest, ranked by BM25."""

    def __init__(self, folder: Path) -> None:
        tantivy = import_module("tantivy")
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True)
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        self._tantivy = tantivy
        self._index = tantivy.Index(builder.build(), path=str(folder))
        self._writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        self._frequency: dict[str, int] = {}

    def add(self, number: int, text: str) -> None:
        """Take a text in."""
        words = self._words(text)
        for word in set(words):
            self._frequency[word] = self._frequency.get(word, 0) + 1
        self._writer.add_document(self._tantivy.Document(number=number, words=" ".join(words)))

    def finish(self) -> None:
        """Write what is still in memory, and let segments be merged."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, text: str) -> list[int]:
        """Numbers of the texts like this one."""
        known = {word for word in self._words(text) if word in self._frequency}
        rarest = sorted(known, key=lambda word: (self._frequency[word], word))[:_RAREST]
        query = self._tantivy.Query
        terms = [
            (self._tantivy.Occur.Should, query.term_query(self._index.schema, "words", word))
            for word in rarest
        ]
        hits = self._searcher.search(query.boolean_query(terms), _BEST).hits
        return [self._searcher.doc(address)["number"][0] for _, address in hits]

    @staticmethod
    def _words(text: str) -> Sequence[str]:
        return [word for word in rjieba.cut(text) if len(word) > 1]


PEERS: Mapping[str, Callable[[Path], Peer]] = {
    "datasketch": Datasketch,
    "gaoya": Gaoya,
    "tantivy": Tantivy,
}


def is_installed(peer: str) -> bool:
    """Whether a peer's package is there; ``pip install minqing[benchmarks]`` brings them."""
    return find_spec(peer) is not None


def release(peer: str) -> str:
    """The release of an installed peer."""
    return version(peer)
