"""Which matters of a period are spoken of as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import isqrt

from classifier.matching.profile import Records, as_records, is_current
from service.digest.facts import MessageFact
from service.domain.pair_state import PairState
from service.storage.database import Connection
from service.storage.matching.exemplars import read_exemplars_of
from service.triage.concerns import Link, find_concerns, heaviest_links, links_between
from service.usecases.context import Context
from service.usecases.matters.similar_matters import find_pairs_of

_MOST_CLUSTERS = 50  # five for each place among the hot matters
_MOST_HELD = 40  # matters that are held against each other, whether anybody suggested it or not


def concerns_of(
    context: Context, connection: Connection, messages: Iterable[MessageFact]
) -> tuple[tuple[int, ...], ...]:
    """The matters of these messages that are spoken of as one, in groups; none without a model."""
    model = context.triage.pair_model
    weight = _weights(messages)
    if model is None:
        return ()
    links, apart = _known(connection, sorted(weight))
    kept = heaviest_links(links, weight, _MOST_CLUSTERS)
    linked = {each for link in kept for each in (link.low_id, link.high_id)}
    held = sorted(weight, key=lambda each: (-weight[each], each))[:_MOST_HELD]
    profiles = _profiles(connection, sorted(linked.union(held)))
    found = links_between({each: profiles[each] for each in held if each in profiles}, model)
    return find_concerns((*kept, *found), apart, profiles, model)


def _weights(messages: Iterable[MessageFact]) -> dict[int, int]:
    """What of a matter's heat its messages and votes make, about."""
    count: Counter[int] = Counter()
    votes: Counter[int] = Counter()
    for each in messages:
        if each.matter_id is not None:
            count[each.matter_id] += 1
            votes[each.matter_id] += each.like_count + each.dislike_count
    return {each: 10 * count[each] + 2 * isqrt(max(0, votes[each])) for each in count}


def _known(
    connection: Connection, matter_ids: Sequence[int]
) -> tuple[list[Link], frozenset[tuple[int, int]]]:
    """What is suggested between these matters, and which a person said are two."""
    links: list[Link] = []
    apart: set[tuple[int, int]] = set()
    wanted = set(matter_ids)
    for one, others in find_pairs_of(connection, matter_ids).items():
        for other, pair in others.items():
            if one < other and other in wanted:
                if pair.state == PairState.SUGGESTED.value:
                    links.append(Link(one, other, pair.probability))
                else:
                    apart.add((one, other))
    return links, frozenset(apart)


def _profiles(connection: Connection, matter_ids: Sequence[int]) -> Mapping[int, Records]:
    stored: defaultdict[int, list[bytes]] = defaultdict(list)
    for exemplar in read_exemplars_of(connection, matter_ids):
        if is_current(exemplar.profile):
            stored[exemplar.matter_id].append(exemplar.profile)
    return {matter_id: as_records(profiles) for matter_id, profiles in stored.items()}
