"""How well a county's own list is learned from its duties alone, then from few and many labels.

Usage: ``python benchmarks/agency_functions.py DATA [HELDOUT.csv] [--shuffled SEED]``, the folder of
the shared data.
Letters to Shanghai (``agency_train.csv``) without 街道和乡镇, 16 functions, with the own-written
``data/duties/shanghai_functions.csv``. Without a held-out file learned on the earlier 70 %,
without near copies of what is measured, and measured on the later 30 %; with one of the same
columns, learned on all and measured there. Shuffled, a fifth of all letters drawn at random is
measured instead of the later ones. Few labels are drawn five times. Prints JSON: accuracy
by labels a function, over all measured letters and over one of each group of near copies, beside a
plain SVM of character n-grams on the same.

The shipped base was trained with our labels (topic, department; never function) on the shared
letters. Where later ones of these are measured, a base is therefore trained without them; for a
held-out file it is the shipped one, as a county would use it.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from material.bases import DATA, train_without
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from classifier.judging.model import open_model, shipped_path
from classifier.judging.taxonomy import Taxonomy
from classifier.text.segment import Segmenter
from service.intake.duties import read_duties
from training.duties import Duty
from training.examples import make_text
from training.ground import Ground
from training.near_copies import group_near_copies

DUTIES = DATA / "duties" / "shanghai_functions.csv"
LEFT_OUT = "街道和乡镇"
EARLIER = 0.7
LEARNED_AT_RANDOM = 0.8
DRAWS = 5
LABELS = (0, 5, 20, None)
Learner = Callable[[np.ndarray], np.ndarray]


def main() -> None:
    """Learn and measure with each number of labels."""
    asked, segmenter = read_arguments(), Segmenter()
    folder = asked.data
    rows = read_letters(folder / "agency_train.csv")
    if asked.heldout is not None:
        letters = Letters(rows, read_letters(asked.heldout), segmenter)
        print(json.dumps(measure(letters, shipped_path()), ensure_ascii=False))
        return
    border = int(EARLIER * len(rows))
    if asked.shuffled is not None:
        order = np.random.default_rng(asked.shuffled).permutation(len(rows))
        rows, border = [rows[place] for place in order], int(LEARNED_AT_RANDOM * len(rows))
    letters = Letters(rows[:border], rows[border:], segmenter)
    with TemporaryDirectory() as temporary:
        base = Path(temporary) / "base.mqm"
        train_without([letters.texts[place] for place in letters.measured], folder, base)
        print(json.dumps(measure(letters, base), ensure_ascii=False))


def read_arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("heldout", type=Path, nargs="?")
    parser.add_argument("--shuffled", type=int, metavar="SEED")
    return parser.parse_args()


def read_letters(path: Path) -> list[dict[str, str]]:
    """The rows of a file of letters, by date."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["function"] != LEFT_OUT]
    return sorted(rows, key=lambda row: row["sent"])


class Letters:
    """Letters to learn from and letters to measure, and what the base sees in them."""

    def __init__(
        self, learned: list[dict[str, str]], measured: list[dict[str, str]], segmenter: Segmenter
    ) -> None:
        rows = [*learned, *measured]
        self.duties = [
            Duty.of(row.label, row.names, row.duties, segmenter)
            for row in read_duties(DUTIES, "function")
        ]
        self.labels = [duty.label for duty in self.duties]
        self.truth = np.array([self.labels.index(row["function"]) for row in rows])
        self.texts = [make_text(row["title"], row["content"], segmenter) for row in rows]
        self.groups = group_near_copies(self.texts)
        places = np.arange(len(rows))
        self.measured = places[len(learned) :]
        is_close = np.isin(self.groups, self.groups[self.measured])
        self.learned = places[~is_close]

    def see(self, base: Path) -> None:
        """Look at all letters by a base."""
        self.ground = Ground(open_model(base, Taxonomy.load()))
        self.seen = self.ground.see(self.texts)

    def by_minqing(self, drawn: np.ndarray) -> np.ndarray:
        """What is found for the measured letters with labels of the drawn ones."""
        known = np.searchsorted(self.learned, drawn)
        start = self.ground.prior(self.duties, self.labels)
        seen = self.seen.of(self.learned)
        linear = self.ground.learn(seen, known, np.eye(len(self.labels))[self.truth[drawn]], start)
        return np.asarray(linear.scores(self.seen.vectors[self.measured]).argmax(axis=1))

    def by_svm(self, drawn: np.ndarray) -> np.ndarray:
        """The same by a plain SVM of character n-grams, which has no use for duties."""
        texts = [f"{text.title}\n{text.body}" for text in self.texts]
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        vectors = vectorizer.fit_transform([texts[place] for place in drawn])
        svm = LinearSVC().fit(vectors, self.truth[drawn])
        found = svm.predict(vectorizer.transform([texts[place] for place in self.measured]))
        return np.asarray(found)

    def draw(self, count: int | None, seed: int) -> np.ndarray:
        """Places of ``count`` letters a function, of all where it is None; ascending."""
        random = np.random.default_rng(seed)
        truth = self.truth[self.learned]
        parts = [
            random.permutation(self.learned[truth == label])[:count]
            for label in range(len(self.labels))
        ]
        return np.sort(np.concatenate(parts))

    def accuracy(self, found: np.ndarray) -> tuple[float, float]:
        """Over all measured letters, and over the first of each group of near copies."""
        is_right = found == self.truth[self.measured]
        first = np.unique(self.groups[self.measured], return_index=True)[1]
        return float(is_right.mean()), float(is_right[first].mean())


def measure(letters: Letters, base: Path) -> dict[str, object]:
    """The mean figures of all draws on top of a base, by number of labels."""
    letters.see(base)
    figures: dict[str, object] = {
        "letters_learned": len(letters.learned),
        "letters_measured": len(letters.measured),
        "letters_measured_groups": len(np.unique(letters.groups[letters.measured])),
    }
    for count in LABELS:
        draws = [letters.draw(count, seed) for seed in range(DRAWS if count else 1)]
        name = "all" if count is None else str(count)
        for way, learner in (("minqing", letters.by_minqing), ("svm", letters.by_svm)):
            if count == 0 and way == "svm":
                continue
            found = np.mean([letters.accuracy(learner(drawn)) for drawn in draws], axis=0)
            figures[f"{way}_{name}"] = round(float(found[0]), 4)
            figures[f"{way}_{name}_groups"] = round(float(found[1]), 4)
        print(json.dumps(figures, ensure_ascii=False), file=sys.stderr)
    return figures


if __name__ == "__main__":
    main()
