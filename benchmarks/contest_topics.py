"""Contest topics, seven classes: macro-F1, cross-validated or on a held-out file.

Usage: ``python benchmarks/contest_topics.py DATA [HELDOUT.csv]``, the folder of the shared data.
Trained as ``minqing train`` does, on ``topics_train.csv`` and ``topics_train_tokenised.csv``.
Without a held-out file five folds of the first are measured; what is a near copy of a held-out
message, also among the segmented texts, is not learned from. With one (columns label, text),
trained on all and measured there. Prints JSON, with bootstrap intervals, beside a plain SVM of
character n-grams on the same texts in the same run.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, diags_array
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from classifier.hashing import ngram_hashes
from classifier.judging.features import Text
from classifier.text.segment import Segmenter
from service.intake.tables import joined
from training.evaluation import macro_f1
from training.examples import Example, make_text
from training.heads_fit import fit_heads, prepare
from training.near_copies import folds, group_near_copies
from training.own import own_plan
from training.own_heads import answered, cross_scaled, own_heads, scale_head
from training.rows import LabelledRow

HEAD = "label"
FOLDS = 5
SEED = 7
DRAWS = 1000
SHARED = 0.5  # of a segmented text's pairs of characters, by their weight, makes a near copy


class Side(NamedTuple):
    """Some labelled rows."""

    rows: list[LabelledRow]

    @property
    def labels(self) -> np.ndarray:
        """The label of each row."""
        return np.array([row.labels[HEAD] for row in self.rows])

    @property
    def texts(self) -> list[str]:
        """The text of each row."""
        return [row.text.body for row in self.rows]

    def of(self, places: np.ndarray) -> Side:
        """Some of the rows."""
        return Side([self.rows[place] for place in places.tolist()])


def main() -> None:
    """Measure on the held-out file, or on five folds."""
    folder, segmenter = Path(sys.argv[1]), Segmenter()
    plain = read(folder / "topics_train.csv", "text", segmenter)
    cut = read(folder / "topics_train_tokenised.csv", "tokens", segmenter)
    fold = folds(group_near_copies([row.text for row in plain.rows]), FOLDS, SEED)
    copies = find_copies(plain, cut, fold)
    scores = np.empty((len(plain.rows), len(set(plain.labels.tolist()))))
    svm = np.empty(len(plain.rows), object)
    heads = own_heads(plain.rows, [HEAD])
    for number in range(FOLDS):
        held_out = np.flatnonzero(fold == number)
        learned = Side(
            plain.of(np.flatnonzero(fold != number)).rows
            + cut.of(np.flatnonzero(~copies[:, number])).rows
        )
        scores[held_out] = scored(learned, plain.of(held_out), heads)
        if len(sys.argv) == 2:
            svm[held_out] = by_svm(learned, plain.of(held_out))
        print(f"fold {number + 1}/{FOLDS}", file=sys.stderr)
    if len(sys.argv) == 2:
        found = answered(cross_scaled(scores, fold, plain.rows, heads[0]), plain.rows, heads[0])
        tell(plain.labels, found.found, svm.astype(str))
        return
    held_out, learned = read(Path(sys.argv[2]), "text", segmenter), Side(plain.rows + cut.rows)
    factors, offsets = scale_head(scores, plain.rows, heads[0])
    scaled = scored(learned, held_out, heads) * factors + offsets
    tell(
        held_out.labels,
        answered(scaled, held_out.rows, heads[0]).found,
        by_svm(learned, held_out),
    )


def read(path: Path, column: str, segmenter: Segmenter) -> Side:
    """The labelled rows of a file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    labelled = []
    for row in rows:
        text = joined(row[column])
        is_cut = text != row[column]
        plain = make_text("", text, segmenter)
        labelled.append(LabelledRow("", plain, {HEAD: row[HEAD]}, is_cut=is_cut))
    return Side(labelled)


def find_copies(plain: Side, cut: Side, fold: np.ndarray) -> np.ndarray:
    """Which segmented texts are near copies of a held-out one: shape (segmented, folds).

    Segmenting left words out, so runs of characters are no help; of a copy's pairs of characters
    most stand in the plain text all the same.
    """
    pairs = [pairs_of(row.text) for row in (*cut.rows, *plain.rows)]
    kinds, columns = np.unique(np.concatenate(pairs), return_inverse=True)
    ends = np.concatenate(([0], np.cumsum([len(each) for each in pairs])))
    every = csr_array((np.ones(len(columns)), columns, ends), (len(pairs), len(kinds)))
    border = len(cut.rows)
    frequency = np.bincount(every[:border].indices, minlength=len(kinds))
    weights = np.log(border / np.maximum(frequency, 1)) * (frequency > 0)
    total = every[:border] @ weights
    shared = (every[:border] @ diags_array(weights) @ every[border:].T).toarray()
    is_copy = shared > SHARED * np.maximum(total, 1e-9)[:, None]
    found = np.stack([is_copy[:, fold == number].any(axis=1) for number in range(FOLDS)], axis=1)
    groups = group_near_copies([row.text for row in cut.rows])
    for number in range(FOLDS):
        found[:, number] |= np.isin(groups, groups[found[:, number]])
    return found


def pairs_of(text: Text) -> np.ndarray:
    """The different pairs of characters of a text."""
    return np.unique(ngram_hashes(text.body, 2)[0])


def scored(learned: Side, held_out: Side, heads: tuple[object, ...]) -> np.ndarray:
    """Scores of held-out rows, shape (rows, labels)."""
    plan = own_plan(len(learned.rows))
    examples = [Example(row.text, row.labels, is_cut=row.is_cut) for row in learned.rows]
    vocabulary, linear = fit_heads(prepare(examples, heads, plan), plan)
    examples = [Example(row.text, row.labels) for row in held_out.rows]
    counts = prepare(examples, heads, plan).counts
    return linear.scores(vocabulary.vectors(counts, plan.scheme.opening_share))


def by_svm(learned: Side, held_out: Side) -> np.ndarray:
    """What a plain SVM finds."""
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
    svm = LinearSVC().fit(vectorizer.fit_transform(learned.texts), learned.labels)
    return np.asarray(svm.predict(vectorizer.transform(held_out.texts)))


def tell(truth: np.ndarray, minqing: np.ndarray, svm: np.ndarray) -> None:
    """Print the figures."""
    figures = {"messages": len(truth)}
    for name, found in (("minqing", minqing), ("svm", svm)):
        low, high = interval(truth, found)
        figures |= {
            f"{name}_macro_f1": round(macro_f1(truth, found), 4),
            f"{name}_low": round(low, 4),
            f"{name}_high": round(high, 4),
            f"{name}_accuracy": round(float((truth == found).mean()), 4),
        }
    print(json.dumps(figures))


def interval(truth: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    """The 95 % bootstrap interval of macro-F1."""
    random = np.random.default_rng(0)
    drawn = [random.integers(0, len(truth), len(truth)) for _ in range(DRAWS)]
    low, high = np.quantile([macro_f1(truth[each], found[each]) for each in drawn], (0.025, 0.975))
    return float(low), float(high)


if __name__ == "__main__":
    main()
