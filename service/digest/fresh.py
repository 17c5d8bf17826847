"""新情况: what the period brought that was not there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.digest.compare import Base
from service.digest.counts import Dimension, Tally, tally
from service.digest.facts import MatterFact, MessageFact, Names
from service.digest.tables import Window, name_of
from service.digest.texts import fit
from service.domain.deadline import SHANGHAI

LEAST_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class NewMatter:
    """A matter opened in the period by which several people were heard in it."""

    matter: MatterFact
    tally: Tally


@dataclass(frozen=True, slots=True)
class NewPair:
    """A second-level topic at a place where the earlier periods had none of it."""

    topic: str
    topic_name: str
    place: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is new; ``pairs`` is None where the data do not reach back far enough to tell."""

    matters: tuple[NewMatter, ...]
    pairs: tuple[NewPair, ...] | None


def find_fresh(
    matters: Sequence[MatterFact],
    current: Mapping[int, Sequence[MessageFact]],
    window: Window,
    base: Base,
    names: Names,
) -> Fresh:
    """New matters and new pairs of topic and place, those of most people first."""
    is_covered = 0 < base.known_count == len(base.periods)
    return Fresh(
        new_matters(matters, current, base), new_pairs(window, names) if is_covered else None
    )


def new_matters(
    matters: Sequence[MatterFact], current: Mapping[int, Sequence[MessageFact]], base: Base
) -> tuple[NewMatter, ...]:
    """Matters opened in the period that at least ``LEAST_PEOPLE`` people wrote about."""
    opened = (
        NewMatter(matter, tally(current.get(matter.id, ())))
        for matter in matters
        if base.period.has(matter.opened_at.astimezone(SHANGHAI).date())
    )
    found = [new for new in opened if new.tally.people.value >= LEAST_PEOPLE]
    return tuple(sorted(found, key=lambda new: (-new.tally.people.value, new.matter.id)))


def new_pairs(window: Window, names: Names) -> tuple[NewPair, ...]:
    """Pairs of at least ``LEAST_PEOPLE`` people that no earlier period has."""
    known = {(message.topic, message.place) for part in window.before for message in part}
    found: dict[tuple[str, str], list[MessageFact]] = {}
    for message in window.current:
        pair = (message.topic, message.place)
        if all(pair) and pair not in known:
            found.setdefault(pair, []).append(message)
    pairs = (_pair(messages, names) for messages in found.values())
    several = [pair for pair in pairs if pair.tally.people.value >= LEAST_PEOPLE]
    return tuple(
        sorted(several, key=lambda pair: (-pair.tally.people.value, pair.topic, pair.place))
    )


def _pair(messages: Sequence[MessageFact], names: Names) -> NewPair:
    first = messages[0]
    name = name_of(Dimension.TOPIC, first.topic, names)
    return NewPair(first.topic, name, fit(first.place), tally(messages))
