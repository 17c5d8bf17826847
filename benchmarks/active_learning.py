"""How many labels asking saves, against labelling messages at random.

Usage: ``python benchmarks/active_learning.py DATA``, the folder of the shared data. For each seed a
quarter of the labelled messages is kept to measure on (near copies on one side); 200 others are
labelled at random, with no model before, then 100 at a time: at random, or those that
``classifier.matching.asking`` asks for. Ridge regression over hashed n-grams is fitted after each;
labels are first-level topics. ``share`` is how many labels asking needs, for each number at random,
to reach the same accuracy (means of all seeds). Prints JSON.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from classifier.judging.calibration import Groups, softmax
from classifier.judging.features import FeatureScheme, Text
from classifier.judging.model import shipped_path
from classifier.matching.asking import ask_order, directions
from classifier.matching.pair_model import PairModel
from classifier.matching.profile import make_profile
from classifier.modelfile import read_model_file
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader, Reading
from classifier.text.segment import Segmenter
from training.near_copies import folds, group_near_copies
from training.ridge import fit_ridge
from training.vocabulary import count_slots, fit_vocabulary

F64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Choose = Callable[[F64, Places, Places], Places]

SEEDS = 3
START, BATCH, END = 200, 100, 2000
PENALTY, SCALE, LEAST_TEXTS = 0.5, 5.0, 3
TOLD_AT = (500, 1000, 1500, 2000)


def main() -> None:
    """Label by both ways, and compare."""
    readings, labels = read_messages(Path(sys.argv[1]))
    texts = [Text.of(reading) for reading in readings]
    with threadpool_limits(1):
        scheme = FeatureScheme()
        counts = count_slots(texts, scheme)
        vectors = fit_vocabulary(counts, LEAST_TEXTS).vectors(counts, scheme.opening_share)
        groups = group_near_copies(texts)
        ways = {"random": at_random, "asked": asker(readings)}
        curves = {
            name: np.mean([curve(vectors, labels, groups, way, s) for s in range(SEEDS)], axis=0)
            for name, way in ways.items()
        }
    numbers = np.arange(START, END + 1, BATCH)
    print(
        json.dumps(
            {
                "messages": len(texts),
                "seeds": SEEDS,
                "labels": numbers.tolist(),
                **{name: found.round(4).tolist() for name, found in curves.items()},
                **{f"share_of_{n}": share(numbers, curves, n) for n in TOLD_AT},
            }
        )
    )


def read_messages(folder: Path) -> tuple[list[Reading], npt.NDArray[np.str_]]:
    """The labelled messages as read, and their first-level topics."""
    texts = dict(read_texts(folder))
    reader = Reader(Segmenter(), Gazetteer((), ()))
    readings, labels = [], []
    for name in ("annotated_dev.csv", "annotated_more.csv"):
        for row in rows_of(folder / name):
            readings.append(reader.read(*texts[row["id"]]))
            labels.append(row["level1"])
    return readings, np.array(labels)


def read_texts(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Title and text of the shared messages, by id."""
    for letter, name in (("h", "stream.csv"), ("r", "replies.csv")):
        for row in rows_of(folder / name):
            yield letter + row["留言编号"], (row["留言主题"], row["留言详情"])
    for row in rows_of(folder / "topics_train.csv"):
        yield f"t{row['id']}", ("", row["text"])


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def at_random(scores: F64, pool: Places, labelled: Places) -> Places:
    """The next of the pool, which is in random order."""
    return pool[:BATCH]


def asker(readings: list[Reading]) -> Choose:
    """Asks as the desk does: by the margin of the probabilities, and by profiles."""
    statistics = PairModel.from_sections(
        read_model_file(shipped_path()).sections.__getitem__
    ).statistics
    profiles = np.array([make_profile(one, statistics, 0, 0) for one in readings])
    vectors = directions(profiles, statistics)

    def ask(scores: F64, pool: Places, labelled: Places) -> Places:
        shares = np.sort(softmax(scores * SCALE, Groups.of_sizes([scores.shape[1]])), axis=1)
        margins = shares[:, -1] - shares[:, -2]
        return pool[ask_order(margins.tolist(), vectors[pool], vectors[labelled], BATCH)]

    return ask


def curve(
    vectors: csr_array, labels: npt.NDArray[np.str_], groups: Places, choose: Choose, seed: int
) -> F64:
    """Accuracy on the messages kept apart, after each batch."""
    kept = folds(groups, 4, seed) == 0
    test = np.flatnonzero(kept)
    pool = np.random.default_rng(seed).permutation(np.flatnonzero(~kept))
    labelled, pool = pool[:START], pool[START:]
    kinds, place = np.unique(labels, return_inverse=True)
    found: list[float] = []
    while True:
        targets = np.where(place[labelled][:, None] == np.arange(len(kinds)), 1.0, -1.0)
        linear = fit_ridge(vectors[labelled], targets, np.ones(targets.shape), PENALTY)
        right = linear.scores(vectors[test]).argmax(axis=1) == place[test]
        found.append(float(right.mean()))
        if len(labelled) >= END:
            return np.array(found)
        chosen = choose(linear.scores(vectors[pool]), pool, labelled)
        labelled = np.concatenate([labelled, chosen])
        pool = pool[~np.isin(pool, chosen)]


def share(numbers: Places, curves: dict[str, F64], number: int) -> float:
    """The labels that asking needs for the accuracy of so many random ones, over their number."""
    wanted = float(curves["random"][numbers == number][0])
    return round(
        float(np.interp(wanted, np.maximum.accumulate(curves["asked"]), numbers)) / number, 3
    )


if __name__ == "__main__":
    main()
