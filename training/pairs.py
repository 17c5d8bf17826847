"""The pair model: fitted on judged pairs of messages, so that matters find their own.

Input are messages (for document frequencies) and pairs of them judged D (the same submission
again), S (the same concrete matter), R (related, another matter) or N (neither). Two logistic
regressions over ``classifier.similarity.EVIDENCE`` are fitted: D and S against the rest, and D
against the rest.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from classifier.modelfile import Section
from classifier.pair_evidence import EVIDENCE, F32, pair_evidence
from classifier.places import Gazetteer
from classifier.profile import PROFILE, Records, make_profile
from classifier.reading import Reader, Reading
from classifier.segment import Segmenter
from classifier.term_statistics import TermStatistics, compress
from training.term_statistics import fit_term_statistics

_STRENGTH = 0.3
_FOLDS = 10
SAME, COPY = frozenset("DS"), frozenset("D")


@dataclass(frozen=True, slots=True)
class PairText:
    """A message as the pair model learns from it. ``sender`` is 0 where unknown."""

    reading: Reading
    sender: int
    sent_at: int


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two messages by id, and what a reader said of them: D, S, R or N."""

    query: str
    candidate: str
    label: str


def read_judged_pairs(path: Path) -> list[JudgedPair]:
    """Read a tab-separated file with the columns query, candidate, label."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return [JudgedPair(row["query"], row["candidate"], row["label"]) for row in rows]


def parse_stream_time(text: str) -> datetime:
    """A time in either spelling of the shared stream."""
    return datetime.fromisoformat(_iso(text))


def _iso(text: str) -> str:
    day, _, clock = text.replace("/", "-").partition(" ")
    year, month, date = day.split("-")
    hour, minute, second = (clock or "0:0:0").split(":")
    return (
        f"{year}-{int(month):02d}-{int(date):02d}"
        f"T{int(hour):02d}:{int(minute):02d}:{int(second):02d}+08:00"
    )


def evidence_of_pairs(
    texts: Mapping[str, PairText], pairs: Sequence[JudgedPair], statistics: TermStatistics
) -> F32:
    """Evidence of each pair: shape (len(pairs), len(EVIDENCE))."""
    profiles: dict[str, Records] = {}
    for identity in {i for pair in pairs for i in (pair.query, pair.candidate)}:
        text = texts[identity]
        body_start = len(text.reading.title.plain)
        places = [(m.name, m.span.start < body_start) for m in text.reading.places]
        profiles[identity] = make_profile(
            text.reading, statistics, text.sender, text.sent_at, places
        )
    rows = [
        pair_evidence(
            profiles[pair.query], np.array([profiles[pair.candidate]], PROFILE), statistics
        )
        for pair in pairs
    ]
    return np.concatenate(rows)


def fit_pair_sections(
    texts: Mapping[str, PairText], pairs: Sequence[JudgedPair]
) -> dict[str, Section]:
    """Fit everything and give it as sections of a model file."""
    statistics = fit_term_statistics(text.reading for text in texts.values())
    evidence = evidence_of_pairs(texts, pairs, statistics)
    weights = np.stack([_fit(evidence, _is_any_of(pairs, wanted)) for wanted in (SAME, COPY)])
    return {
        "pairs.idf.words": Section(compress(statistics.words)),
        "pairs.idf.grams": Section(compress(statistics.grams)),
        "pairs.weights": Section(weights, {"evidence": list(EVIDENCE)}),
    }


def _is_any_of(pairs: Sequence[JudgedPair], wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
    return np.array([pair.label in wanted for pair in pairs])


def _model() -> LogisticRegression:
    return make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=5000))


def _fit(evidence: F32, is_wanted: npt.NDArray[np.bool_]) -> F32:
    """Intercept and weights on the evidence as it comes, not as standardised."""
    scaler, regression = _model().fit(evidence, is_wanted)
    weights = regression.coef_[0] / scaler.scale_
    intercept = regression.intercept_[0] - weights @ scaler.mean_
    return np.concatenate(([intercept], weights)).astype(np.float32)


def evaluate_pairs(
    texts: Mapping[str, PairText], pairs: Sequence[JudgedPair]
) -> dict[str, dict[str, float]]:
    """Cross-validated quality, with all messages of one matter on the same side.

    Returns
    -------
    dict
        For "same" and "copy": average precision, best F1, recall at precision 0.95, the
        probability from which precision is 0.95, and average precision of the words' cosine.
    """
    statistics = fit_term_statistics(text.reading for text in texts.values())
    evidence = evidence_of_pairs(texts, pairs, statistics)
    groups = _matters_of(pairs)
    results = {}
    for name, wanted in (("same", SAME), ("copy", COPY)):
        truth = _is_any_of(pairs, wanted)
        found = cross_val_predict(
            _model(), evidence, truth, groups=groups, cv=GroupKFold(_FOLDS), method="predict_proba"
        )[:, 1]
        plain = average_precision_score(truth, evidence[:, EVIDENCE.index("words")])
        results[name] = {**_quality(truth, found), "average_precision_of_cosine": float(plain)}
    return results


def _matters_of(pairs: Sequence[JudgedPair]) -> list[str]:
    """For each pair the name of the group of messages that its query belongs to."""
    above: dict[str, str] = {}

    def top(identity: str) -> str:
        while above.setdefault(identity, identity) != identity:
            identity = above[identity]
        return identity

    for pair in pairs:
        if pair.label in SAME:
            above[top(pair.query)] = top(pair.candidate)
    return [top(pair.query) for pair in pairs]


def _quality(truth: npt.NDArray[np.bool_], found: F32) -> dict[str, float]:
    precision, recall, thresholds = precision_recall_curve(truth, found)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    sure = np.flatnonzero(precision >= 0.95)
    best = sure[np.argmax(recall[sure])]
    return {
        "average_precision": float(average_precision_score(truth, found)),
        "best_f1": float(f1.max()),
        "recall_at_precision_95": float(recall[best]),
        "probability_at_precision_95": float(thresholds[min(best, len(thresholds) - 1)]),
    }


def read_shared_texts(shared: Path) -> dict[str, PairText]:
    """The messages of ``stream.csv`` by number, ready to learn pairs from."""
    reader = Reader(Segmenter(), Gazetteer((), ()))
    senders: dict[str, int] = {}
    texts: dict[str, PairText] = {}
    with (shared / "stream.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            texts[row["留言编号"]] = PairText(
                reading=reader.read(row["留言主题"], row["留言详情"].strip()),
                sender=senders.setdefault(row["留言用户"], len(senders) + 1),
                sent_at=int(parse_stream_time(row["留言时间"]).timestamp()),
            )
    return texts
