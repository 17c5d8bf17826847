"""The steps that look for a studio, in the order in which they may take a topic.

Each committee has steps of three rules. A topic belongs to the studios of the first step that
reaches it; what a later step would do are the runners-up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from classifier.reading.places import Place
from service.domain.labels import Labelled
from service.domain.organisation import Committee, Organisation, Studio, StudioKind
from service.triage.directory import Directory, Lineage, area_names
from service.triage.sectors import sector_topics
from service.triage.topics import UNKNOWN, Depth, Topics


class Rule(Labelled):
    """What a step goes by."""

    AREA = "area", "地域"
    TOPIC = "topic", "专题"
    ONLINE = "online", "线上"


Reach = Mapping[str, Depth]

_RULES = {StudioKind.AREA: Rule.AREA, StudioKind.ONLINE: Rule.ONLINE}
_EVERYWHERE = ""
# How many digits the code of a county has, and of a town.
_COUNTY, _TOWN = 6, 9


@dataclass(frozen=True, slots=True)
class Step:
    """One rule of one committee for one area, by its name ("" = the whole domain).

    ``reaches`` holds how closely each of its studios, by code, names the topics it takes;
    ``owners`` for each second-level topic, and for an unknown one, the codes of those that name
    it most closely.
    """

    rule: Rule
    committee: Committee
    area: str
    owners: Mapping[str, tuple[str, ...]]
    reaches: Mapping[str, Reach]


@dataclass(frozen=True, slots=True)
class _CommitteeSteps:
    """A committee's steps of each rule, by area."""

    area: dict[str, Step] = field(default_factory=dict)
    topic: dict[str, Step] = field(default_factory=dict)
    online: dict[str, Step] = field(default_factory=dict)

    def add(self, area: str, step: Step) -> None:
        by_rule = {Rule.AREA: self.area, Rule.TOPIC: self.topic, Rule.ONLINE: self.online}
        by_rule[step.rule][area] = step


class Steps:
    """All steps of an organisation, made once."""

    def __init__(self, organisation: Organisation, directory: Directory, topics: Topics) -> None:
        committees = organisation.committee_by_code
        self._steps = {code: _CommitteeSteps() for code in committees}
        grouped: dict[tuple[str, Rule, str], dict[str, Reach]] = {}
        for studio in sorted(organisation.studios, key=lambda studio: studio.code):
            rule = _RULES.get(studio.kind, Rule.TOPIC)
            reach = studio_reach(studio, organisation, topics)
            for area in _areas(studio, rule):
                key = (directory.home(studio.committee), rule, area)
                grouped.setdefault(key, {})[studio.code] = reach
        for (code, rule, area), reaches in grouped.items():
            if code in self._steps:
                name = committees[area].name if area in committees else area
                step = Step(rule, committees[code], name, _owners(reaches), reaches)
                self._steps[code].add(area, step)

    def of(self, place: Place, lineage: Lineage) -> list[Step]:
        """The steps that may take a message about a place, in their order.

        Specialty studios serve where their committee decides; from above only those come in
        that name the area or are online. An area studio for all of its committee's area says
        no more by the place than the committee does, so there the topic goes first. Without a
        place no online studio goes before a specialty one.
        """
        names = area_names(place)
        if lineage.nearest is not None:
            names = (*names, lineage.nearest.code)
        deciding = 1 if lineage.nearest is not None else len(lineage.committees)
        found: list[Step] = []
        online: list[Step] = []
        for rank, committee in enumerate(lineage.committees):
            steps = self._steps[committee.code]
            parts = _parts(committee, place, lineage)
            found += _named(steps.area, parts)
            if rank < deciding:
                found += _named(steps.topic, (*names, _EVERYWHERE))
            whole = [name for name in (*names, committee.code) if name not in parts]
            found += _named(steps.area, whole)
            last = found if lineage.nearest is not None else online
            last += _named(steps.online, (*names, _EVERYWHERE))
        return [*found, *online]


def without(steps: Iterable[Step], studios: Collection[str]) -> list[Step]:
    """The steps as if these studios, by their codes, were not there."""
    return [_without(step, studios) for step in steps]


def _without(step: Step, studios: Collection[str]) -> Step:
    left = {code: reach for code, reach in step.reaches.items() if code not in studios}
    return replace(step, owners=_owners(left), reaches=left)


def _named(steps: Mapping[str, Step], areas: Iterable[str]) -> list[Step]:
    if not steps:
        return []
    return [steps[area] for area in dict.fromkeys(areas) if area in steps]


def _parts(committee: Committee, place: Place, lineage: Lineage) -> tuple[str, ...]:
    """What the place and the group it is near to are called, as far as they are only a part."""
    whole = len(committee.division)
    named = ((place.town, _TOWN), (place.county, _COUNTY), (place.name, len(place.code)))
    names = [name for name, length in (*named, (place.code, len(place.code))) if length > whole]
    nearest = lineage.nearest
    if nearest is not None and nearest.code != committee.code:
        names.append(nearest.code)
    return tuple(filter(None, names))


def _areas(studio: Studio, rule: Rule) -> tuple[str, ...]:
    """Where a studio serves; an area studio without areas serves its committee's or group's."""
    return studio.areas or ((studio.committee,) if rule is Rule.AREA else (_EVERYWHERE,))


def studio_reach(studio: Studio, organisation: Organisation, topics: Topics) -> dict[str, Depth]:
    """How closely a studio names each topic it takes, by second-level code.

    Where no topics are written an area or online studio takes all, the unknown one too; a
    sector studio takes its sector's, a personal one those its convener knows.
    """
    if studio.topics:
        return topics.covered(studio.topics)
    if studio.kind in _RULES:
        return dict.fromkeys((*topics.codes, UNKNOWN), Depth.ANY)
    written: Sequence[str] = sector_topics(studio.sector)
    if studio.kind is StudioKind.PERSONAL and studio.convener in organisation.member_by_code:
        written = organisation.member_by_code[studio.convener].specialties or written
    return topics.covered(written)


def _owners(reaches: Mapping[str, Reach]) -> dict[str, tuple[str, ...]]:
    best: dict[str, Depth] = {}
    for reach in reaches.values():
        for topic, depth in reach.items():
            best[topic] = max(depth, best.get(topic, depth))
    return {
        topic: tuple(code for code, reach in reaches.items() if reach.get(topic) == depth)
        for topic, depth in best.items()
    }
