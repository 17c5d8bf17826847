"""The steps that look for a studio, in the order in which they may take a topic.

Each committee has steps of three rules. A topic belongs to the studios of the first step that
reaches it; what a later step would do are the runners-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from classifier.places import Place
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


_RULES = {StudioKind.AREA: Rule.AREA, StudioKind.ONLINE: Rule.ONLINE}
_EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One rule of one committee for one area ("" = its whole domain).

    ``owners`` holds for each second-level topic, and for an unknown one, the codes of the
    studios that name it most closely.
    """

    rule: Rule
    committee: Committee
    area: str
    owners: Mapping[str, tuple[str, ...]]


class Steps:
    """All steps of an organisation, made once."""

    def __init__(self, organisation: Organisation, directory: Directory, topics: Topics) -> None:
        self._directory = directory
        grouped: dict[tuple[str, Rule, str], dict[str, Mapping[str, Depth]]] = {}
        for studio in sorted(organisation.studios, key=lambda studio: studio.code):
            home = directory.home(studio.committee)
            if home in organisation.committee_by_code:
                rule = _RULES.get(studio.kind, Rule.TOPIC)
                reach = studio_reach(studio, organisation, topics)
                for area in _areas(studio, rule):
                    grouped.setdefault((home, rule, area), {})[studio.code] = reach
        self._steps = {
            key: Step(key[1], organisation.committee_by_code[key[0]], key[2], _owners(reaches))
            for key, reaches in grouped.items()
        }

    def of(self, place: Place, lineage: Lineage) -> list[Step]:
        """The steps that may take a message about a place, in their order."""
        names = area_names(place)
        if lineage.nearest is not None:
            names = (*names, lineage.nearest.code)
        keys = _keys(names, lineage)
        return [step for key in keys if (step := self._steps.get(key)) is not None]


def _keys(names: tuple[str, ...], lineage: Lineage) -> Iterator[tuple[str, Rule, str]]:
    """Specialty studios serve where their committee decides; above it only online ones do."""
    deciding = lineage.committees if lineage.nearest is None else lineage.committees[:1]
    for committee in lineage.committees:
        code = committee.code
        for name in dict.fromkeys((*names, code)):
            yield code, Rule.AREA, name
        for rule in (Rule.TOPIC, Rule.ONLINE) if committee in deciding else (Rule.ONLINE,):
            for name in (*names, _EVERYWHERE):
                yield code, rule, name


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
    written = sector_topics(studio.sector)
    if studio.kind is StudioKind.PERSONAL and studio.convener in organisation.member_by_code:
        written = organisation.member_by_code[studio.convener].specialties or written
    return topics.covered(written)


def _owners(reaches: Mapping[str, Mapping[str, Depth]]) -> dict[str, tuple[str, ...]]:
    best: dict[str, Depth] = {}
    for topic, depth in _all(reaches.values()):
        best[topic] = max(depth, best.get(topic, depth))
    return {
        topic: tuple(code for code, reach in reaches.items() if reach.get(topic) == depth)
        for topic, depth in best.items()
    }


def _all(reaches: Iterable[Mapping[str, Depth]]) -> Iterator[tuple[str, Depth]]:
    return (pair for reach in reaches for pair in reach.items())
