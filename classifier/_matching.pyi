"""What the compiled part offers; it is there only where a C compiler was when Minqing was built."""

import numpy as np
import numpy.typing as npt

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

def heaviest(
    ids: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    most: int,
) -> list[tuple[float, int]]:
    """What ``heaviest.heaviest`` says. Raises ValueError where the arrays don't fit together."""
