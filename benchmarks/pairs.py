"""How well pairs of messages on the same matter are told apart, cross-validated.

Usage: ``python benchmarks/pairs.py DATA``, the folder of the shared data: judged pairs of
``matters_dev.tsv`` over ``stream.csv``, ten folds, all messages of one matter on one side.
Prints JSON: for the same matter and for the same submission average precision, best F1, recall
at a precision of 0.95, and the average precision of the plain cosine of words.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from training.pairs import evaluate_pairs, read_judged_pairs, read_shared_texts


def main() -> None:
    """Measure and print."""
    shared = Path(sys.argv[1])
    pairs = read_judged_pairs(shared / "matters_dev.tsv")
    found = evaluate_pairs(read_shared_texts(shared), pairs)
    rounded = {
        name: {key: round(value, 4) for key, value in values.items()}
        for name, values in found.items()
    }
    print(json.dumps({"pairs": len(pairs), **rounded}))


if __name__ == "__main__":
    main()
