"""What the compiled part offers; it is there only where a C compiler was when Minqing was built."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from classifier.matching.heaviest import Parts

PROFILE_BYTES: int

def compare(
    one: bytes,
    many: npt.NDArray[np.uint8],
    word_rarity: npt.NDArray[np.float32],
    name_rarity: npt.NDArray[np.float32],
    damped: npt.NDArray[np.float32],
) -> npt.NDArray[np.float64]:
    """The columns of ``agreement.Agreement``, shape (columns, n).

    Parameters
    ----------
    one
        A profile as stored.
    many
        Profiles as stored, shape (n, bytes of a profile).
    word_rarity, name_rarity
        As of ``TermStatistics``.
    damped
        What a term said 0, 1, 2 … times weighs.

    Raises
    ------
    ValueError
        A profile or a table is of another size.
    """

def shortlist(
    one: bytes,
    many: npt.NDArray[np.uint8],
    word_rarity: npt.NDArray[np.float32],
    damped: npt.NDArray[np.float32],
    most: int,
    fewest: float,
) -> list[int]:
    """What ``agreement.shortlist`` says; arrays and errors as of ``compare``."""

def rarest(
    keys: Sequence[tuple[int, float]], counts: dict[int, int], room: int
) -> list[tuple[int, float]]:
    """What ``heaviest.rarest`` says."""

def heaviest(found: list[Parts], weights: list[float], most: int) -> list[tuple[float, int]]:
    """What ``heaviest.heaviest`` says. Raises ValueError where the parts don't fit together."""
