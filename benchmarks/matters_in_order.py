"""How well messages find their matters, fed one after the other.

Usage: ``python benchmarks/matters_in_order.py DATA``, the folder of the shared data. The whole
stream goes through the real look-up keys, index and matching, in memory, in the order of sending.
For each judged query precision and recall of its matter among its judged candidates are taken and
averaged, over queries with a candidate joined and over queries with one that should be. The pair
model is fitted without the query's own matter, so the stream is fed once a fold; topics are
cross-fitted as in ``benchmarks/pairs.py``.

Then the stream is fed in other orders to the model fitted on all pairs: as in the file, shuffled
within a week, backwards, and at random. Two orders agree by the F1 of pairs of messages in one
matter. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import comb
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.matching.lookup_keys import lookup_keys
from classifier.matching.pair_model import PairModel
from classifier.matching.profile import Records, make_profile
from classifier.matching.term_statistics import TermStatistics
from service.domain.relation import Relation
from service.settings import Settings
from service.triage.exemplar_index import ExemplarIndex, Keys
from service.triage.match import match
from training.pair_evaluation import cross_fitted_weights, fold_of_pairs
from training.pairs import (
    SAME,
    JudgedPair,
    PairText,
    evidence_of_pairs,
    fit_weights,
    read_judged_pairs,
    read_shared_texts,
)
from training.term_statistics import fit_term_statistics

WEEK = 7 * 86_400
_AT_RANDOM = 4

Stream = Mapping[str, tuple[Records, Keys]]
Matters = dict[str, int]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    pairs = read_judged_pairs(data / "matters_dev.tsv")
    texts = read_shared_texts(data)
    statistics = fit_term_statistics(text.reading for text in texts.values())
    evidence = evidence_of_pairs(texts, pairs, statistics)
    stream = {i: _profiled(text, statistics) for i, text in texts.items()}
    by_time = sorted(texts, key=lambda identity: (texts[identity].sent_at, identity))
    fold = fold_of_pairs(pairs)
    fed = [
        feed(by_time, stream, PairModel(statistics, weights))[0]
        for weights in cross_fitted_weights(evidence, pairs, fold)
    ]
    fold_of = {pair.query: int(number) for pair, number in zip(pairs, fold, strict=True)}
    model = PairModel(statistics, fit_weights(evidence, pairs))
    print(
        json.dumps(
            {
                "messages": len(stream),
                **precision_and_recall(pairs, {q: fed[n] for q, n in fold_of.items()}),
                **_orders(by_time, texts, stream, model),
            }
        )
    )


def _profiled(text: PairText, statistics: TermStatistics) -> tuple[Records, Keys]:
    profile = make_profile(text.reading, statistics, text.sender, text.sent_at, text.judged)
    return profile, lookup_keys(profile, statistics)


def feed(order: Sequence[str], stream: Stream, model: PairModel) -> tuple[Matters, Counter[str]]:
    """The matter of each message after all came in this order, and what was suggested how often."""
    settings = Settings()
    thresholds = settings.auto_join_probability, settings.suggest_probability
    index, matters, counts = ExemplarIndex(), Matters(), Counter[str]()
    for number, identity in enumerate(order):
        profile, keys = stream[identity]
        found = match(profile, keys, index, model, *thresholds)
        matter = number if found.matter_id is None else found.matter_id
        matters[identity] = matter
        if found.relation is not Relation.COPY and index.has_room(matter):
            index.remember(number, matter, profile, keys)
        counts["suggestions"] += len(found.suggestions)
        is_bridge = found.matter_id is not None and any(
            each.probability >= thresholds[0] for each in found.suggestions
        )
        counts["bridges"] += is_bridge
    return matters, counts


def precision_and_recall(
    pairs: Sequence[JudgedPair], matters: Mapping[str, Matters]
) -> dict[str, float]:
    """Averages over the queries; ``matters`` gives for each query those it is measured in."""
    judged: defaultdict[str, list[JudgedPair]] = defaultdict(list)
    for pair in pairs:
        judged[pair.query].append(pair)
    precisions, recalls = [], []
    for query, candidates in judged.items():
        own = matters[query]
        joined = {each.candidate for each in candidates if own[each.candidate] == own[query]}
        truth = {each.candidate for each in candidates if each.label in SAME}
        if joined:
            precisions.append(len(joined & truth) / len(joined))
        if truth:
            recalls.append(len(joined & truth) / len(truth))
    return {
        "precision": round(float(np.mean(precisions)), 4),
        "recall": round(float(np.mean(recalls)), 4),
        "queries_with_a_candidate_joined": len(precisions),
        "queries_with_one_to_join": len(recalls),
    }


def _orders(
    by_time: Sequence[str], texts: Mapping[str, PairText], stream: Stream, model: PairModel
) -> dict[str, object]:
    first, counts = feed(by_time, stream, model)
    draw = np.random.default_rng(0)
    orders = {
        "file": list(texts),
        "within_a_week": _nearly(by_time, texts, draw.uniform(0, WEEK, len(by_time))),
        "backwards": by_time[::-1],
    }
    for number in range(_AT_RANDOM):
        orders[f"at_random_{number + 1}"] = [by_time[p] for p in draw.permutation(len(by_time))]
    agreement = {
        name: round(agree(first, feed(o, stream, model)[0]), 4) for name, o in orders.items()
    }
    sizes = Counter(first.values())
    return {
        "matters": len(sizes),
        "largest": [size for _, size in sizes.most_common(5)],
        **counts,
        "agreement_with_order_of_sending": agreement,
    }


def _nearly(
    by_time: Sequence[str], texts: Mapping[str, PairText], late: npt.NDArray[np.float64]
) -> list[str]:
    """The order of arrival where each message comes later than it was sent, by these seconds."""
    arrival = {i: texts[i].sent_at + delay for i, delay in zip(by_time, late.tolist(), strict=True)}
    return sorted(by_time, key=arrival.__getitem__)


def agree(one: Matters, other: Matters) -> float:
    """The F1 of pairs of messages that stand in one matter, 1 where there is none."""
    both = Counter((one[identity], other[identity]) for identity in one)
    sizes = _pairs(Counter(one.values())) + _pairs(Counter(other.values()))
    return 2 * _pairs(both) / sizes if sizes else 1.0


def _pairs(sizes: Counter[int] | Counter[tuple[int, int]]) -> int:
    return sum(comb(size, 2) for size in sizes.values())


if __name__ == "__main__":
    main()
