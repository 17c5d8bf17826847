"""How probable it is, for each studio, that the rules mean it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.organisation import Studio
from service.triage.steps import Step

_USUAL_CAPACITY = 100
_ELSEWHERE = 0.1


@dataclass(frozen=True, slots=True)
class Shares:
    """What the steps make of all the topics a message may have.

    ``chances`` holds the probability that a studio is meant: the sum over the topics for which
    it stands in the first step that takes them. ``later`` holds the same for further steps,
    ``nobody`` the probability of a topic that no step takes.
    """

    chances: Mapping[str, float]
    later: Mapping[str, float]
    nobody: float


def share_out(steps: Sequence[Step], mix: Mapping[str, float]) -> Shares:
    """Give each topic's probability to its owners in the first step that has any."""
    chances: dict[str, float] = {}
    later: dict[str, float] = {}
    nobody = 0.0
    for topic, probability in mix.items():
        taking = chances
        for step in steps:
            if owners := step.owners.get(topic):
                for code in owners:
                    taking[code] = taking.get(code, 0.0) + probability
                taking = later
        if taking is chances:
            nobody += probability
    return Shares(chances, later, nobody)


def origin(code: str, steps: Sequence[Step], mix: Mapping[str, float]) -> tuple[str, Step]:
    """The most probable topic that gives a studio its chance, and the step that does.

    Raises
    ------
    LookupError
        The studio has no chance.
    """
    for topic in sorted(mix, key=mix.__getitem__, reverse=True):
        first = next((step for step in steps if topic in step.owners), None)
        if first is not None and code in first.owners[topic]:
            return topic, first
    raise LookupError(code)


def if_meant(code: str, steps: Sequence[Step], mix: Mapping[str, float]) -> Mapping[str, float]:
    """The topics to choose a studio's members by: those that are its own, if it has any.

    Topics that belong to another studio count a tenth: if the message has one of them it is
    that studio which should have got it.
    """
    owners = {topic: _first_owners(topic, steps) for topic in mix}
    if not any(code in codes for codes in owners.values()):
        return mix
    return {
        topic: probability if code in owners[topic] else _ELSEWHERE * probability
        for topic, probability in mix.items()
    }


def _first_owners(topic: str, steps: Sequence[Step]) -> tuple[str, ...]:
    for step in steps:
        if topic in step.owners:
            return step.owners[topic]
    return ()


def load(studio: Studio, workload: Mapping[str, int]) -> float:
    """Open matters relative to the capacity; a studio that states none has the usual one."""
    return workload.get(studio.code, 0) / (studio.capacity or _USUAL_CAPACITY)
