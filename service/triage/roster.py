"""Who within a studio knows a topic best."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum

from service.domain.organisation import Member, Organisation, Studio
from service.triage.sectors import sector_topics
from service.triage.topics import Depth, Topics


class Fit(IntEnum):
    """How a member fits a topic; a higher value goes first."""

    NONE = 0
    SECTOR = 1
    SIBLING = 2
    LEVEL_1 = 3
    LEVEL_2 = 4


_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Roster:
    """A studio's members, the convener and deputies first, then by code.

    ``weights`` holds for each second-level topic the places of members in ``members`` with
    what they score if the message has that topic.
    """

    members: tuple[Member, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]

    def ranked(self, mix: Mapping[str, float], on_duty: Collection[str] = ()) -> list[Member]:
        """All members, the one with the highest expected score first.

        Between equals those whose codes are among ``on_duty`` go first.
        """
        scores = [0.0] * len(self.members)
        for topic, probability in mix.items():
            for place, weight in self.weights.get(topic, ()):
                scores[place] += probability * weight

        def rank(place: int) -> tuple[float, bool]:
            return round(scores[place], 9), self.members[place].code in on_duty

        places = sorted(range(len(scores)), key=rank, reverse=True)
        return [self.members[place] for place in places]


def make_roster(
    studio: Studio,
    organisation: Organisation,
    fits: Mapping[str, Mapping[str, Fit]],
) -> Roster:
    """The roster of a studio, given each member's fits.

    The members who fit a topic best share one point for it: they are who the directory means.
    The others get a little by their fit, so that they follow in order.
    """
    members = _members(studio, organisation)
    fitting: dict[str, list[tuple[int, Fit]]] = {}
    for place, member in enumerate(members):
        for topic, fit in fits[member.code].items():
            fitting.setdefault(topic, []).append((place, fit))
    return Roster(members, {topic: _weights(found) for topic, found in fitting.items()})


def _members(studio: Studio, organisation: Organisation) -> tuple[Member, ...]:
    known = organisation.member_by_code
    leaders = [known[c] for c in (studio.convener, *studio.deputies) if c in known]
    others = sorted(organisation.members_of.get(studio.code, ()), key=lambda m: m.code)
    return tuple({member.code: member for member in (*leaders, *others)}.values())


def _weights(found: list[tuple[int, Fit]]) -> tuple[tuple[int, float], ...]:
    best = max(fit for _, fit in found)
    share = 1.0 / sum(fit == best for _, fit in found)
    return tuple((place, _STEP * fit + (share if fit == best else 0.0)) for place, fit in found)


def member_fits(member: Member, topics: Topics) -> dict[str, Fit]:
    """How a member fits each second-level topic, by code; topics that don't fit are left out."""
    fits = dict.fromkeys(topics.covered(sector_topics(member.sector)), Fit.SECTOR)
    known = topics.covered(member.specialties)
    for code, depth in known.items():
        if depth is Depth.LEVEL_2:
            fits.update(dict.fromkeys(topics.siblings(code), Fit.SIBLING))
    for code, depth in known.items():
        fits[code] = Fit.LEVEL_2 if depth is Depth.LEVEL_2 else Fit.LEVEL_1
    return fits
