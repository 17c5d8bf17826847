"""Match: does a message belong to a matter that is already there?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.matching.doubt import SAME_TEXT, Doubt
from classifier.matching.pair_model import PairModel, PairScore
from classifier.matching.profile import Records
from service.domain.relation import Relation
from service.triage.exemplar_index import ExemplarIndex, Keys

_SUGGESTED = 3
AGREEMENT = 0.2  # mean probability over a matter's exemplars from which they agree


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
    found = _matters_found(profile, keys, index, model)
    if not found:
        return OWN_MATTER
    joined = max((each for each in found if each.joins(join_at)), key=_fits_best, default=None)
    others = sorted((each for each in found if each is not joined), key=_best_first)
    suggestions = tuple(
        Suggestion(each.matter_id, each.told.same, model.reasons(each.told))
        for each in others
        if each.told.same >= suggest_at
    )[:_SUGGESTED]
    if joined is None:
        return Match(None, Relation.FIRST, others[0].told.same, (), suggestions)
    relation, because = _relation(joined.scores), model.reasons(joined.best)
    return Match(joined.matter_id, relation, joined.best.same, because, suggestions)


@dataclass(frozen=True, slots=True)
class _Found:
    """A matter that was found: how a message stands to its exemplars, the best first.

    ``exemplars`` counts those that were found, looked at closely or not.
    """

    matter_id: int
    scores: tuple[PairScore, ...]
    exemplars: int

    @property
    def best(self) -> PairScore:
        return self.scores[0]

    @property
    def told(self) -> PairScore:
        """The score that counts: the best, unless a message of the matter objects to all others.

        Whoever wants the market kept is not joined to those who want it closed by a third who
        wants neither; nor is a form letter by what somebody wrote in his own words. The very text
        of a message goes where that is.
        """
        objections = (score for score in self.scores if _objects(score))
        return self.best if self.best.likeness == 1.0 else next(objections, self.best)

    @property
    def agreement(self) -> float:
        """The sum of probabilities over the exemplars: many that agree weigh more than one."""
        return sum(score.same for score in self.scores)

    @property
    def is_same_text(self) -> bool:
        return any(score.is_same_text for score in self.scores)

    def joins(self, join_at: float) -> bool:
        """One exemplar is sure enough, and the others don't speak against it on the whole.

        Without the second, chains of matters would grow in which the ends have nothing in common,
        others in each order of arrival. A copy always goes where its original is.
        """
        if self.told.doubt or self.told.same < join_at:
            return False
        return self.is_same_text or self.agreement / self.exemplars >= AGREEMENT


def _matters_found(
    profile: Records, keys: Keys, index: ExemplarIndex, model: PairModel
) -> list[_Found]:
    """The matters that a message may belong to, with the scores of their exemplars."""
    owners, profiles = index.profiles_of(index.candidates(keys))
    if not owners:
        return []
    scores: defaultdict[int, list[PairScore]] = defaultdict(list)
    for place, score in model.compare(profile, profiles):
        scores[owners[place]].append(score)
    return [
        _Found(matter_id, tuple(sorted(of_matter, key=_surest_first)), owners.count(matter_id))
        for matter_id, of_matter in scores.items()
    ]


def _surest_first(score: PairScore) -> float:
    return -score.same


def _objects(score: PairScore) -> bool:
    is_form_letter = score.doubt is Doubt.ELSEWHERE and score.likeness >= SAME_TEXT
    return is_form_letter or score.doubt is Doubt.OPPOSITE


def _best_first(found: _Found) -> tuple[float, int]:
    return -found.told.same, found.matter_id


def _fits_best(found: _Found) -> tuple[bool, float, int]:
    """The same text before agreement before age.

    The surest single exemplar is no good guide: of two matters that are one, whichever it stands
    in would grow, and both would stay halves.
    """
    return found.is_same_text, found.agreement, -found.matter_id


def _relation(scores: Sequence[PairScore]) -> Relation:
    """Copy before resubmission before voice, judged against each message of the matter."""
    if any(score.is_same_text for score in scores):
        return Relation.COPY
    if any(score.is_same_sender for score in scores):
        return Relation.RESUBMISSION
    return Relation.VOICE
