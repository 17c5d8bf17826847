"""What the compiled part offers; it is there only where a C compiler was when Minqing was built."""

from collections.abc import Sequence

from classifier.hashing import Positions
from classifier.judging.features import Window
from classifier.judging.weights import F32, I8, RowNumbers

class TextScores:
    """The scores of texts by the weights of one model, which are checked to fit together.

    Parameters
    ----------
    table, strengths, rows, columns
        As of ``weights.Weights``.
    families
        Of each family of n-grams: characters (0) or words (1), their order, and the multipliers
        of their hashes in the whole text and in the opening.
    bits
        The table has ``2**bits`` entries.
    opening_factor
        What the opening's part in a score is multiplied with.

    Raises
    ------
    ValueError
        Something does not fit together.
    """

    def __init__(
        self,
        table: RowNumbers,
        strengths: F32,
        rows: I8,
        columns: F32,
        families: Sequence[tuple[int, int, tuple[int, int]]],
        bits: int,
        opening_factor: float,
    ) -> None: ...
    def of(self, windows: list[Window]) -> tuple[F32, list[float]]:
        """What ``Weights.scores_many`` says of the texts of some windows, one or more.

        With more than one other threads run meanwhile. Raises IndexError where the table names
        a row that is none, or words are longer than their text.
        """

def word_ends(title_tokens: Sequence[str], body_tokens: Sequence[str]) -> Positions:
    """What ``features.word_ends`` says."""

def likeliest(shares: F32, runs: list[tuple[int, int]], count: int) -> list[list[list[int]]]:
    """The places of the greatest shares, for each row of ``shares`` within each run of columns.

    Parameters
    ----------
    shares
        Shape (n, columns), no NaN.
    runs
        The first column of each run and one behind its last.
    count
        How many places at most (1–8).

    Returns
    -------
    list of list of list of int
        Counted from the beginning of the run, greatest first; of equal shares the first.
    """
