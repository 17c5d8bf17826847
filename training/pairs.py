"""The pair model: fitted on judged pairs of messages, so that matters find their own.

Input are messages (for document frequencies) and pairs of them judged D (the same submission
again), S (the same concrete matter), R (related, another matter) or N (neither). Two logistic
regressions over ``classifier.matching.pair_evidence.EVIDENCE`` are fitted: D and S against the
rest, and D against the rest.
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
from sklearn.preprocessing import StandardScaler

from classifier.judging.heads import DEPARTMENT, TOPIC
from classifier.judging.taxonomy import Taxonomy
from classifier.matching.pair_evidence import F32, pair_evidence
from classifier.matching.profile import PROFILE, Records, make_profile
from classifier.matching.term_statistics import TermStatistics
from classifier.reading.places import Gazetteer
from classifier.reading.reader import Reader, Reading
from classifier.text.segment import Segmenter
from training.examples import Example, read_rows
from training.pair_verdicts import Shares, cross_fitted_shares
from training.shared import read_shared_examples

SAME, COPY = frozenset("DS"), frozenset("D")
# How freely each question is fitted: there are fewer pairs of the same submission.
_STRENGTH = {SAME: 0.05, COPY: 0.02}


@dataclass(frozen=True, slots=True)
class PairText:
    """A message as the pair model learns from it.

    ``sender`` is 0 where unknown; ``judged`` are the likeliest labels, see ``make_profile``.
    """

    reading: Reading
    sender: int
    sent_at: int
    judged: Shares = ()


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
    return evidence_of(profiles_of_pairs(texts, pairs, statistics), statistics)


def profiles_of_pairs(
    texts: Mapping[str, PairText], pairs: Sequence[JudgedPair], statistics: TermStatistics
) -> list[tuple[Records, Records]]:
    """Of each pair the query's profile, shape (), and the candidate's, shape (1,)."""
    profiles: dict[str, Records] = {}
    for identity in {i for pair in pairs for i in (pair.query, pair.candidate)}:
        text = texts[identity]
        profiles[identity] = make_profile(
            text.reading, statistics, text.sender, text.sent_at, text.judged
        )
    return [(profiles[pair.query], np.array([profiles[pair.candidate]], PROFILE)) for pair in pairs]


def evidence_of(profiles: Sequence[tuple[Records, Records]], statistics: TermStatistics) -> F32:
    """Evidence of each pair of such profiles: shape (len(profiles), len(EVIDENCE))."""
    return np.concatenate([pair_evidence(one, other, statistics) for one, other in profiles])


def fit_weights(evidence: F32, pairs: Sequence[JudgedPair]) -> F32:
    """Weights of both questions, as ``PairModel`` takes them; ``evidence`` is that of the pairs."""
    return np.stack(
        [_fit(evidence, is_any_of(pairs, wanted), _STRENGTH[wanted]) for wanted in (SAME, COPY)]
    )


def is_any_of(pairs: Sequence[JudgedPair], wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Which pairs have one of these labels; shape (len(pairs),)."""
    return np.array([pair.label in wanted for pair in pairs])


def _fit(evidence: F32, is_wanted: npt.NDArray[np.bool_], strength: float) -> F32:
    """Intercept and weights on the evidence as it comes, not as standardised."""
    scaler = StandardScaler().fit(evidence)
    regression = LogisticRegression(C=strength, max_iter=5000)
    regression.fit(scaler.transform(evidence), is_wanted)
    weights = regression.coef_[0] / scaler.scale_
    intercept = regression.intercept_[0] - weights @ scaler.mean_
    return np.concatenate(([intercept], weights)).astype(np.float32)


def matters_of(pairs: Sequence[JudgedPair]) -> list[str]:
    """For each pair the name of the group of messages that its query belongs to.

    Messages judged the same stand in one group, and so do those judged in both directions.
    """
    above: dict[str, str] = {}

    def top(identity: str) -> str:
        while above.setdefault(identity, identity) != identity:
            identity = above[identity]
        return identity

    both = {(pair.query, pair.candidate) for pair in pairs}
    for pair in pairs:
        if pair.label in SAME or (pair.candidate, pair.query) in both:
            above[top(pair.query)] = top(pair.candidate)
    return [top(pair.query) for pair in pairs]


def read_shared_texts(shared: Path) -> dict[str, PairText]:
    """The messages of ``stream.csv`` by number, ready to learn pairs from.

    They are judged by what was learned from the other labelled messages of the folder.

    Raises
    ------
    TrainingError
        A file or column is missing, or a label has no message or no code in the taxonomy.
    """
    segmenter = Segmenter()
    reader = Reader(segmenter, Gazetteer((), ()))
    rows = list(read_rows(shared / "stream.csv"))
    readings = [reader.read(row["留言主题"], row["留言详情"].strip()) for row in rows]
    examples = read_shared_examples(shared, Taxonomy.load(), segmenter)
    judged = _judge_unseen([f"h{row['留言编号']}" for row in rows], readings, examples)
    senders: dict[str, int] = {}
    return {
        row["留言编号"]: PairText(
            reading=reading,
            sender=senders.setdefault(row["留言用户"], len(senders) + 1),
            sent_at=int(parse_stream_time(row["留言时间"]).timestamp()),
            judged=shares,
        )
        for row, reading, shares in zip(rows, readings, judged, strict=True)
    }


def _judge_unseen(
    identities: Sequence[str], readings: Sequence[Reading], examples: Mapping[str, Example]
) -> list[Shares]:
    """The likeliest topics and departments of each message, cross-fitted."""
    own = set(identities)
    others = {i: example for i, example in examples.items() if i not in own}
    texts = [reading.whole for reading in readings]
    texts += [f"{example.text.title}\n{example.text.body}" for example in others.values()]
    labels = {
        head: [
            examples[identity].labels.get(head) if identity in examples else None
            for identity in (*identities, *others)
        ]
        for head in (TOPIC, DEPARTMENT)
    }
    return cross_fitted_shares(texts, labels, len(identities))
