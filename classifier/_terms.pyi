"""What the compiled part offers; it is there only where a C compiler was when Minqing was built."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from classifier.spans import Span

def word_hashes(words: Sequence[str]) -> npt.NDArray[np.uint32]:
    """What ``hashing.word_hashes`` says."""

def sketch(text: str) -> npt.NDArray[np.uint8]:
    """What ``sketch.sketch`` says."""

def weighed_terms(
    title_tokens: tuple[str, ...],
    body_tokens: tuple[str, ...],
    spans: list[Span],
    endings: str,
    long_endings: tuple[str, ...],
    ending_words: frozenset[str],
    rarity: npt.NDArray[np.float32],
    damped: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
    """What ``terms.weighed_terms`` says.

    Parameters
    ----------
    title_tokens, body_tokens
        As of ``Reading``.
    spans
        Where its places and personal data are.
    endings, long_endings, ending_words
        As of ``subject``.
    rarity
        As of ``TermStatistics.words``.
    damped
        What a term said 0, 1, 2 … times weighs.

    Raises
    ------
    ValueError
        A table is of another size.
    """

def weighed_keys(
    words: npt.NDArray[np.uint32],
    rarity: npt.NDArray[np.float32],
    damped: npt.NDArray[np.float32],
    most: int,
    mark: int,
) -> list[tuple[int, float]]:
    """What ``lookup_keys.keys_of_words`` says.

    Parameters
    ----------
    words
        As in a profile.
    rarity, damped
        As of ``weighed_terms``.
    most
        How many keys at most.
    mark
        Bits that every key has besides its word's hash.

    Raises
    ------
    ValueError
        A table is of another size.
    """
