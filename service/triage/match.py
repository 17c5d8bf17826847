"""Match: does a message belong to a matter that is already there?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.pair_model import SAME_TEXT, PairModel, PairScore
from classifier.profile import PROFILE, Records
from service.domain.relation import Relation

CANDIDATES = 24
EXEMPLARS = 6

Keys = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a message belongs. ``matter_id`` is None for one that opens a matter of its own.

    ``probability`` is that of the best matter found, joined or not.
    """

    matter_id: int | None
    relation: Relation
    probability: float
    because: tuple[str, ...]


OWN_MATTER = Match(None, Relation.FIRST, 0.0, ())


class MatterIndex:
    """Matters by the keys of their messages, with the profiles of a few of these.

    A matter costs the same however many messages it holds: at most ``EXEMPLARS`` profiles.
    """

    def __init__(self) -> None:
        self._matters: defaultdict[int, set[int]] = defaultdict(set)
        self._profiles: defaultdict[int, list[Records]] = defaultdict(list)

    def add_key(self, key: int, matter_id: int) -> None:
        """Let a matter be found under a key."""
        self._matters[key].add(matter_id)

    def add_profile(self, matter_id: int, profile: Records) -> bool:
        """Keep a profile as an exemplar; False where the matter has enough of them."""
        profiles = self._profiles[matter_id]
        if len(profiles) >= EXEMPLARS:
            return False
        profiles.append(profile)
        return True

    def candidates(self, keys: Keys) -> list[int]:
        """Ids of the matters that share the most weight of keys, best first."""
        weights: defaultdict[int, float] = defaultdict(float)
        for key, weight in keys:
            for matter_id in self._matters.get(key, ()):
                weights[matter_id] += weight
        ranked = sorted(weights, key=lambda matter_id: (-weights[matter_id], matter_id))
        return ranked[:CANDIDATES]

    def profiles_of(self, matter_ids: Iterable[int]) -> tuple[list[int], Records]:
        """Exemplars of these matters: for each its matter's id, and all as one array."""
        owners = [(m, profile) for m in matter_ids for profile in self._profiles[m]]
        return [m for m, _ in owners], np.array([p for _, p in owners], dtype=PROFILE)


def match(
    profile: Records, keys: Keys, index: MatterIndex, model: PairModel, join_at: float
) -> Match:
    """Find the matter a message belongs to.

    Parameters
    ----------
    profile, keys
        The message's profile and its look-up keys.
    index
        The matters to look among.
    model
        Scores pairs.
    join_at
        Probability (0–1) from which the message joins.
    """
    owners, profiles = index.profiles_of(index.candidates(keys))
    if not owners:
        return OWN_MATTER
    shortlist = model.shortlist(profile, profiles)
    if not shortlist:
        return OWN_MATTER
    scores = model.score(profile, profiles[shortlist])
    ranked = sorted(zip((owners[i] for i in shortlist), scores, strict=True), key=_best_first)
    matter_id, best = ranked[0]
    if best.same < join_at:
        return Match(None, Relation.FIRST, best.same, ())
    of_matter = [score for owner, score in ranked if owner == matter_id]
    return Match(matter_id, _relation(of_matter), best.same, model.reasons(best))


def _best_first(item: tuple[int, PairScore]) -> tuple[float, int]:
    matter_id, score = item
    return -score.same, matter_id


def _relation(scores: Sequence[PairScore]) -> Relation:
    """Copy before resubmission before voice, judged against each message of the matter."""
    if any(score.likeness >= SAME_TEXT for score in scores):
        return Relation.COPY
    if any(score.is_same_sender for score in scores):
        return Relation.RESUBMISSION
    return Relation.VOICE
