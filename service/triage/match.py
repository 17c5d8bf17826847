"""Match: does a message belong to a matter that is already there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifier.pair_model import SAME_TEXT, PairModel, PairScore
from classifier.profile import Records
from service.domain.relation import Relation
from service.triage.exemplar_index import ExemplarIndex, Keys

_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A matter that a message may be about as well, with the probability (0–1) of that."""

    matter_id: int
    probability: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a message belongs. ``matter_id`` is None for one that opens a matter of its own.

    ``probability`` is that of the best matter found, joined or not. ``suggestions`` are other
    matters that a person should look at, best first: a message that fits two matters joins one
    and says so of the other, it never makes one of both.
    """

    matter_id: int | None
    relation: Relation
    probability: float
    because: tuple[str, ...]
    suggestions: tuple[Suggestion, ...] = ()


OWN_MATTER = Match(None, Relation.FIRST, 0.0, ())


def match(
    profile: Records,
    keys: Keys,
    index: ExemplarIndex,
    model: PairModel,
    join_at: float,
    suggest_at: float,
) -> Match:
    """Find the matter a message belongs to.

    Parameters
    ----------
    profile, keys
        The message's profile and its look-up keys.
    index
        The exemplars of matters to look among.
    model
        Scores pairs.
    join_at
        Probability (0–1) from which the message joins.
    suggest_at
        Probability (0–1) from which a matter that it does not join is suggested.
    """
    owners, profiles = index.profiles_of(index.candidates(keys))
    if not owners:
        return OWN_MATTER
    shortlist = model.shortlist(profile, profiles)
    if not shortlist:
        return OWN_MATTER
    scores = model.score(profile, profiles[shortlist])
    ranked = sorted(zip((owners[i] for i in shortlist), scores, strict=True), key=_best_first)
    best_of: dict[int, PairScore] = {}
    for owner, score in ranked:
        best_of.setdefault(owner, score)
    matter_id, best = next(iter(best_of.items()))
    joins = best.same >= join_at
    if joins:
        del best_of[matter_id]
    suggestions = tuple(
        Suggestion(owner, score.same, model.reasons(score))
        for owner, score in best_of.items()
        if score.same >= suggest_at
    )[:_SUGGESTED]
    if not joins:
        return Match(None, Relation.FIRST, best.same, (), suggestions)
    of_matter = [score for owner, score in ranked if owner == matter_id]
    because = model.reasons(best)
    return Match(matter_id, _relation(of_matter), best.same, because, suggestions)


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
