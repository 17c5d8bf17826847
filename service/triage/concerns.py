"""Concerns: matters that people speak of as one, though each stays a matter of its own.

A leader asks what people talk about. One estate's smoke may be five matters that nobody was sure
enough to make one; counted apart, none of them is hot. What was suggested between two matters is
followed here: they are counted together where they agree on the whole, as match demands it of a
message and a matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from itertools import product
from typing import NamedTuple

import numpy as np

from classifier.matching.agreement import RARE
from classifier.matching.pair_evidence import EVIDENCE
from classifier.matching.pair_model import PairModel, PairScore
from classifier.matching.profile import Records
from service.triage.match import AGREEMENT

_NAME, _PLACE, _OTHER_PLACE, _TITLE_HIT, _THIRD_RAREST, _TOPIC = map(
    EVIDENCE.index,
    ("name", "same_place", "other_title_place", "title_hit", "third_rarest", "topic"),
)
_SAME_TOPIC = 0.6  # affinity of the likeliest topics and departments, 0–1
_NAMED_AGREEMENT = AGREEMENT / 2


class Link(NamedTuple):
    """Two matters of which nobody has decided whether they are one; the probability is 0–1."""

    low_id: int
    high_id: int
    probability: float


def find_concerns(
    links: Sequence[Link],
    apart: Set[tuple[int, int]],
    profiles: Mapping[int, Records],
    model: PairModel,
) -> tuple[tuple[int, ...], ...]:
    """Group matters, the surest link first.

    Two groups become one along a link if the mean probability over all pairs of their exemplars
    is at least ``AGREEMENT`` (agglomeration by average linkage, tried along single links):
    without that, chains would grow whose ends have nothing in common. Half of that is enough where
    half of the pairs are on one topic and say the same rare word of a title and the same name, or
    several rare words: people who speak of one estate's smoke do so in words of their own. Two
    exemplars whose titles name different places count as nothing alike unless both name something
    rare, and where different people's titles name different districts even then: schools are
    short in many places, each is a matter of its own.

    Parameters
    ----------
    links
        What was suggested, in any order.
    apart
        Pairs (lower id, higher id) that a person said are not one: never in one group.
    profiles
        The exemplars of every matter in a link, shape (n,) each; a matter without any stays alone.
    model
        Scores pairs.

    Returns
    -------
    tuple of tuples of int
        Matter ids, ascending in each group; groups of two matters up, by their first.
    """
    likeness = _Likeness(profiles, model)
    group_of = {each: [each] for link in links for each in (link.low_id, link.high_id)}
    for link in sorted(links, key=lambda link: (-link.probability, link)):
        one, other = group_of[link.low_id], group_of[link.high_id]
        if one is not other and _agree(one, other, apart, likeness):
            one.extend(other)
            group_of.update((each, one) for each in other)
    found = {min(group): tuple(sorted(group)) for group in group_of.values() if len(group) > 1}
    return tuple(found[first] for first in sorted(found))


def links_between(profiles: Mapping[int, Records], model: PairModel) -> tuple[Link, ...]:
    """The matters of which some exemplars name the same thing, though nobody suggested it.

    Parameters
    ----------
    profiles
        The exemplars of each matter, shape (n,) each.
    model
        Scores pairs.

    Returns
    -------
    tuple of Link
        With the greatest probability over their exemplars.
    """
    owners = [each for each in sorted(profiles) for _ in range(len(profiles[each]))]
    if not owners:
        return ()
    every = np.concatenate([profiles[each] for each in sorted(profiles)])
    best: dict[tuple[int, int], float] = {}
    for place, (owner, one) in enumerate(zip(owners, every, strict=True), start=1):
        for other, score in zip(owners[place:], model.score(one, every[place:]), strict=True):
            if other != owner and _is_named(score) and not _is_elsewhere(score):
                best[owner, other] = max(score.same, best.get((owner, other), 0.0))
    return tuple(Link(*pair, probability) for pair, probability in best.items())


def _agree(
    one: Sequence[int], other: Sequence[int], apart: Set[tuple[int, int]], likeness: _Likeness
) -> bool:
    pairs = [(min(pair), max(pair)) for pair in product(one, other)]
    if any(pair in apart for pair in pairs):
        return False
    count = sum(likeness.count(*pair) for pair in pairs)
    if not count:
        return False
    found = [likeness.of(*pair) for pair in pairs]
    is_named = 2 * sum(each.named for each in found) >= count
    needed = _NAMED_AGREEMENT if is_named else AGREEMENT
    return sum(each.total for each in found) / count >= needed


class _Sums(NamedTuple):
    """Over the pairs of exemplars of two matters: probabilities, and how many name one thing."""

    total: float
    named: int


class _Likeness:
    """Sums over the exemplars of two matters, each worked out once."""

    def __init__(self, profiles: Mapping[int, Records], model: PairModel) -> None:
        self._profiles = profiles
        self._model = model
        self._sums: dict[tuple[int, int], _Sums] = {}

    def count(self, low: int, high: int) -> int:
        """How many pairs of exemplars the two matters have."""
        return len(self._profiles.get(low, ())) * len(self._profiles.get(high, ()))

    def of(self, low: int, high: int) -> _Sums:
        """The sums over these pairs."""
        if not self.count(low, high):
            return _Sums(0.0, 0)
        if (low, high) not in self._sums:
            many = self._profiles[high]
            scores = [
                score for one in self._profiles[low] for score in self._model.score(one, many)
            ]
            total = sum(0.0 if _is_elsewhere(score) else score.same for score in scores)
            self._sums[low, high] = _Sums(total, sum(map(_is_named, scores)))
        return self._sums[low, high]


def _is_elsewhere(score: PairScore) -> bool:
    evidence = score.evidence
    is_other_place = bool(evidence[_OTHER_PLACE]) and not evidence[_PLACE]
    return is_other_place and (evidence[_NAME] < RARE or score.names_elsewhere)


def _is_named(score: PairScore) -> bool:
    evidence = score.evidence
    is_said = evidence[_NAME] >= RARE or evidence[_THIRD_RAREST] >= RARE
    return bool(is_said and evidence[_TITLE_HIT] >= RARE and evidence[_TOPIC] >= _SAME_TOPIC)


def heaviest_links(links: Sequence[Link], weight: Mapping[int, int], most: int) -> tuple[Link, ...]:
    """The links within the ``most`` heaviest clusters that the links make, in their order.

    No concern reaches beyond its cluster, so that none in the others can weigh more than these do;
    without this bound a year of a large county would be compared for the sake of ten hot matters.

    Parameters
    ----------
    weight
        What each matter weighs, e.g. its messages; 0 where it is missing.
    """
    cluster_of = _clusters(links)
    total: Counter[int] = Counter()
    for each, cluster in cluster_of.items():
        total[cluster] += weight.get(each, 0)
    ranked = sorted(total, key=lambda cluster: (-total[cluster], cluster))
    kept = set(ranked[:most])
    return tuple(link for link in links if cluster_of[link.low_id] in kept)


def _clusters(links: Sequence[Link]) -> dict[int, int]:
    """Each matter's cluster, told by its least matter."""
    neighbours: defaultdict[int, list[int]] = defaultdict(list)
    for link in links:
        neighbours[link.low_id].append(link.high_id)
        neighbours[link.high_id].append(link.low_id)
    found: dict[int, int] = {}
    for first in sorted(neighbours):
        frontier = [first] if first not in found else []
        while frontier:
            each = frontier.pop()
            if each not in found:
                found[each] = first
                frontier += neighbours[each]
    return found
