"""What the compiled part offers; it is there only where a C compiler was when Minqing was built."""

from collections.abc import Callable, Iterable

def sorted_terms(
    cuts: list[tuple[list[str], list[str]]],
    stop_words: frozenset[str],
    of_one: Callable[[str], Iterable[str]],
) -> list[str]:
    """What ``search_terms.sorted_terms`` says.

    Parameters
    ----------
    cuts
        As there.
    stop_words
        Those of ``search_terms``.
    of_one
        Gives the terms of a token that is not all Chinese characters.
    """
