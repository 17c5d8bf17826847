"""What a desk's model learns from corrections of real messages: champion and challenger.

Usage: ``python benchmarks/learning.py DATA``, the folder of the shared data. A base is trained as
the shipped model is, without 1,600 messages of the city and whatever is much like them. Up to 800
of these are decided by a person (their shared labels), ``minqing learn``'s own function learns
from them, and both models judge the 800 others, which neither has seen. Prints JSON: for each
number of decisions the mean accuracy of both over five questions and each question's, and whether
it would be promoted.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from material.bases import DATA, train_without

from classifier.judging.model import Model
from classifier.judging.taxonomy import Taxonomy
from training.comparison import Comparison, compare
from training.default import Sources, read_examples
from training.examples import Example
from training.learn import learn
from training.lessons import Lesson
from training.near_copies import group_near_copies

MEASURED, DECIDED = 800, (100, 200, 400, 800)
HELD_OUT, MARGIN = 0.3, 0.1
SEED = 3


def main() -> None:
    """Train a base, let it learn from more and more decisions, and measure."""
    shared, taxonomy = Path(sys.argv[1]), Taxonomy.load()
    messages, _ = read_examples(Sources(shared, DATA), taxonomy)
    city = [example for example in messages if not example.is_distant]
    groups = group_near_copies([example.text for example in city])
    measured, decided = divide(groups)
    with TemporaryDirectory() as temporary:
        path = Path(temporary) / "base.mqm"
        train_without([city[place].text for place in [*measured, *decided]], shared, path)
        base = Model.load(path)
        tests = [city[place] for place in measured]
        lessons = [Lesson(city[place], int(groups[place]), is_new=True) for place in decided]
        figures: dict[str, object] = {"messages": len(tests)}
        for count in DECIDED:
            figures[f"of_{count}"] = one_round(base, lessons[:count], tests)
            print(json.dumps(figures, ensure_ascii=False), file=sys.stderr)
    print(json.dumps(figures, ensure_ascii=False))


def divide(groups: np.ndarray) -> tuple[list[int], list[int]]:
    """Places of the measured and of the decided messages; near copies on one side."""
    order = np.random.default_rng(SEED).permutation(len(groups))
    measured = order[:MEASURED]
    apart = order[~np.isin(groups[order], groups[measured])]
    return measured.tolist(), apart[: DECIDED[-1]].tolist()


def one_round(base: Model, lessons: list[Lesson], tests: list[Example]) -> dict[str, object]:
    """Learn from decisions, and judge what neither model has seen."""
    learned = learn(base, base, lessons, HELD_OUT, lambda *told: None)
    challenger = Model(learned.file, base.taxonomy)
    found = compare(base, challenger, tests)
    return {
        "champion": round(found.champion, 4),
        "challenger": round(found.challenger, 4),
        "would_be_promoted": is_promoted(learned.comparison),
        **{
            question.name: {
                "champion": round(question.whole.champion, 4),
                "challenger": round(question.whole.challenger, 4),
            }
            for question in found.questions
        },
    }


def is_promoted(comparison: Comparison) -> bool:
    """Whether the desk's own trial would promote the challenger."""
    return comparison.is_better and not comparison.falls(MARGIN)


if __name__ == "__main__":
    main()
