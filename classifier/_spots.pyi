"""What the compiled part offers; it is there only where a C compiler was when Minqing was built."""

import re
from collections.abc import Callable

Match = Callable[[str, int], re.Match[str] | None]

class Spots:
    """Where in a text a pattern may match.

    Parameters
    ----------
    before, here, behind
        As of ``spots.SpottedPattern``.

    Raises
    ------
    ValueError
        A character is above U+FFFF.
    """

    def __init__(self, before: str | None, here: str, behind: str | None) -> None: ...
    def all(self, text: str, match: Match) -> list[re.Match[str]]:
        """What ``match`` finds at the spots of a text, in order, disjoint."""

    def first(self, text: str, match: Match) -> re.Match[str] | None:
        """The first of them, None where there is none."""

class Pairs:
    """Finds pairs of characters.

    Raises
    ------
    ValueError
        What should be found is no pair, or a character of it is U+0000 or above U+FFFF.
    """

    def __init__(self, pairs: list[str]) -> None: ...
    def places(self, text: str) -> list[int]:
        """Where in a text one of them begins, in order."""
