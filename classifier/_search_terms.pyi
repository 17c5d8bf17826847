"""What the compiled part offers; it is there only where a C compiler was when Minqing was built."""

from collections.abc import Callable, Iterable

class SearchTerms:
    """Makes the terms of texts.

    Parameters
    ----------
    stop_words
        Those of ``search_terms``, of one or two characters.
    of_one
        Gives the terms of a token that is not all Chinese characters, none of them a stop word.
    most
        How many terms at most.

    Raises
    ------
    ValueError
        A stop word is longer.
    """

    def __init__(
        self, stop_words: frozenset[str], of_one: Callable[[str], Iterable[str]], most: int
    ) -> None: ...
    def joined(self, cuts: list[tuple[list[str], list[str]]]) -> str:
        """What ``search_terms.joined_terms`` says.

        Raises
        ------
        ValueError
            A token has more characters in its terms than it has itself.
        """
