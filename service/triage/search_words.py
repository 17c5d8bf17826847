"""The words of a search: what a clerk types, read as what must and what must not be found.

Words must all occur, those in quotes one after the other, those behind a minus not at all. There
is nothing else in the language: every other character is data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from classifier.text.clean import CleanText, clean
from classifier.text.search_terms import STOP_WORDS, fold, query_terms
from classifier.text.segment import Segmenter
from service.errors import InvalidInputError

MAX_CHARS = 200
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』〝〞", '"'))
_PART = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
_RUN = re.compile(r"[^\W_]+")
_GAP = r"[\W_]+"


@dataclass(frozen=True, slots=True)
class SearchWord:
    """Something that must, or must not, stand in a text as it is; ``terms`` lead to it."""

    text: str
    pattern: re.Pattern[str]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class SearchWords:
    """What to search for.

    ``terms`` are all in whatever has the words, ``barred`` in nothing that is wanted. What they
    lead to is sure to have the words only where ``is_exact``.
    """

    wanted: tuple[SearchWord, ...]
    excluded: tuple[SearchWord, ...]
    terms: tuple[str, ...]
    barred: tuple[str, ...]
    is_exact: bool

    def are_in(self, title: CleanText, text: CleanText) -> bool:
        """Whether title and text have all words that they must and none that they must not."""
        plain = fold(title.plain), fold(text.plain)

        def has(word: SearchWord) -> bool:
            return any(word.pattern.search(each) for each in plain)

        return all(map(has, self.wanted)) and not any(map(has, self.excluded))


def read_words(typed: str, segmenter: Segmenter) -> SearchWords:
    """Read what a clerk typed; outside quotes it is cut into words as messages are.

    Raises
    ------
    InvalidInputError
        It is too long, or no word remains that could be searched for.
    """
    if len(typed) > MAX_CHARS:
        raise InvalidInputError(f"检索内容不超过 {MAX_CHARS} 字")
    wanted: dict[str, SearchWord] = {}
    excluded: dict[str, SearchWord] = {}
    plain = fold(clean(typed.translate(_QUOTES)).plain)
    for minus, phrase, word in _PART.findall(plain):
        texts = [phrase or word] if minus or phrase else segmenter.cut(word)
        for text in texts:
            read = _as_word(text, segmenter)
            if read is not None:
                (excluded if minus else wanted).setdefault(read.text, read)
    told = [word for word in wanted.values() if word.terms or len(word.text) > 1]
    terms = _leading({term for word in told for term in word.terms})
    if not terms:
        raise InvalidInputError("请写出要找的词语（“的”“我们”一类的词不能单独检索）")
    barred = sorted(word.text for word in excluded.values() if _is_one_term(word))
    is_exact = all(_is_one_term(word) and word.text in terms for word in told)
    return SearchWords(
        wanted=tuple(told),
        excluded=tuple(excluded.values()),
        terms=terms,
        barred=tuple(barred),
        is_exact=is_exact and len(barred) == len(excluded),
    )


def _as_word(text: str, segmenter: Segmenter) -> SearchWord | None:
    """A word or phrase; None where no letter is in it, or it is a word that tells nothing."""
    runs = _RUN.findall(text)
    if not runs or (len(runs) == 1 and runs[0] in STOP_WORDS):
        return None
    terms = {term for run in runs for term in query_terms(segmenter, run)}
    pattern = _GAP.join(map(_as_pattern, runs))
    return SearchWord(" ".join(runs), re.compile(pattern), frozenset(terms))


def _as_pattern(run: str) -> str:
    """A run of letters and digits; a number or a Latin word is not found within a longer one."""
    before = "(?<![0-9a-z])" if run[0].isascii() else ""
    after = "(?![0-9a-z])" if run[-1].isascii() else ""
    return f"{before}{run}{after}"


def _is_one_term(word: SearchWord) -> bool:
    """Whether a text has the word if it has the term; a single character may be part of others."""
    return word.terms == {word.text} and len(word.text) > 1


def _leading(terms: Iterable[str]) -> tuple[str, ...]:
    """The terms to look up: a single character is one only where it stands by itself in a text."""
    long = sorted(term for term in terms if len(term) > 1)
    return tuple(long or sorted(terms))
