"""Search terms: by what a text is found again, made of the tokens that all other steps read.

A token of up to two characters is a term as it is. Of a longer one each two neighbouring
characters are a term, so that a part of it is found too and a new word of the county's changes
nothing in what older texts are found by. Runs of ASCII letters and digits stay whole. As a word
can be cut apart by its neighbours, every known word in a text counts as well, and the two
characters where a single one, which may belong to an unknown word, meets the next token. (Of the
places where a dictionary word stands, tokens with their parts found 95 %, these all; every two
characters of a text would do the same at three times the cost.)

Where the compiled part was built it makes the terms of texts, otherwise Python does, with the
same result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from operator import add

from classifier.compiled import find_compiled
from classifier.text.clean import clean
from classifier.text.segment import Segmenter

# The compiled part; None where there is none, and then Python does all.
compiled = find_compiled("_search_terms")

# A text's tokens, and every known word in it, which overlap.
Cut = tuple[list[str], list[str]]

# Words that nearly every text has and that tell nothing of what it is about.
STOP_WORDS = frozenset(
    (
        *"的了是在和与及或等吗呢吧啊呀我你您他她它们这那此其之有也就都而且但被把让给对从到为以于个着过很再还又不没",
        *"要会能可上下中里后前",
        *("我们", "你们", "他们", "这个", "那个", "这些", "那些", "什么", "怎么"),
        *("因为", "所以", "但是", "如果", "就是", "还是", "以及", "并且"),
    )
)
_WORD_CHARS, _ASCII_CHARS = 2, 32
# A tsvector of PostgreSQL holds 1 MB: this many terms of the longest kind.
_MOST_TERMS = 30_000
_PIECE = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
_DOTTED = "\u0130"  # the one capital whose small form is two characters


def fold(plain: str) -> str:
    """A plain text in small letters; every character keeps its place."""
    return plain.replace(_DOTTED, "I").lower()


def terms_of(tokens: Iterable[str]) -> set[str]:
    """The terms that tokens of a plain text stand for; stop words are none."""
    return set().union(*map(_terms_of_one, set(tokens)))


@lru_cache(1 << 16)  # most tokens of a text stand in many others too
def _terms_of_one(token: str) -> tuple[str, ...]:
    terms: list[str] = []
    for piece in _PIECE.findall(fold(token)):
        if piece.isascii():
            terms.append(piece[:_ASCII_CHARS])
        elif len(piece) <= _WORD_CHARS:
            terms.append(piece)
        else:
            terms.extend(map(add, piece, piece[1:]))
    return tuple(term for term in terms if term not in STOP_WORDS)


_compiled_terms = compiled and compiled.SearchTerms(STOP_WORDS, _terms_of_one, _MOST_TERMS)


def query_terms(segmenter: Segmenter, text: str) -> set[str]:
    """The terms that a text has if these words, plain and folded, stand in it as they are.

    Known words lead; where there is none, what the segmenter takes for one. A single character
    at either end leads nowhere: in a text it may belong to a longer token.
    """
    known = [token for token in segmenter.cut_known(text) if len(token) > 1 or token.isascii()]
    tokens = segmenter.cut(text)
    first, last = (int(len(token) == 1) for token in (tokens[0], tokens[-1]))
    within = tokens[first : len(tokens) - last]
    return terms_of(known) or terms_of(within) or terms_of(tokens)


def index_terms(segmenter: Segmenter, *texts: str) -> str:
    """The terms of texts, in order, with a space between each two.

    A text of more than 30,000 different terms is found by the first of them only.
    """
    plains = (clean(text).plain for text in texts)
    return joined_terms([(segmenter.cut(plain), segmenter.every_word(plain)) for plain in plains])


def index_terms_of_cut(segmenter: Segmenter, cuts: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The same for plain texts whose tokens are known already."""
    return joined_terms([(list(tokens), segmenter.every_word(plain)) for plain, tokens in cuts])


def joined_terms(cuts: list[Cut]) -> str:
    """The terms of texts that were cut, each once, in order, with a space between each two."""
    if _compiled_terms is None:
        return joined_terms_by_python(cuts)
    found: str = _compiled_terms.joined(cuts)
    return found


def joined_terms_by_python(cuts: list[Cut]) -> str:
    """The same without the compiled part."""
    terms: set[str] = set()
    for tokens, words in cuts:
        long_words = (word for word in words if len(word) > 1)
        terms |= terms_of(chain(tokens, long_words, _bridges(tokens)))
    return " ".join(sorted(terms)[:_MOST_TERMS])


def _bridges(tokens: Sequence[str]) -> Iterator[str]:
    """The two characters on either side of each border at a single one that tells something."""
    for left, right in pairwise(tokens):
        if _is_lone(left) or _is_lone(right):
            pair = left[-1] + right[0]
            if not (pair[0].isascii() or pair[1].isascii()):
                yield pair


def _is_lone(token: str) -> bool:
    return len(token) == 1 and token not in STOP_WORDS
