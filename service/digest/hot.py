"""热点事项: the matters most people wrote about in the period, by a stated heat index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isqrt

from service.digest.counts import Figure, Tally, tally
from service.digest.facts import MatterFact, MessageFact

HOT_COUNT = 10
LEAST_PEOPLE = 2
HEAT_ZH = (
    "热度指数＝来信人数×10＋来信天数＋点赞与反对总数的平方根（取整）＋紧急加5；"
    "同一人多次来信只计一人，重复件不另加分"
)


@dataclass(frozen=True, slots=True)
class HotMatter:
    """A matter with its voices in the period.

    ``tally`` counts the period's messages, people and copies; ``days`` the distinct days on
    which they came, ``votes`` the likes and dislikes they drew; ``previous_people`` the people
    of the period before.
    """

    matter: MatterFact
    tally: Tally
    heat: int
    days: Figure
    votes: Figure
    previous_people: int | None


def by_matter(messages: Sequence[MessageFact]) -> dict[int, list[MessageFact]]:
    """Messages by matter id; those without a matter are left out."""
    found: dict[int, list[MessageFact]] = {}
    for message in messages:
        if message.matter_id is not None:
            found.setdefault(message.matter_id, []).append(message)
    return found


def find_hot(
    matters: Sequence[MatterFact],
    current: Mapping[int, Sequence[MessageFact]],
    previous: Mapping[int, Sequence[MessageFact]] | None,
) -> tuple[HotMatter, ...]:
    """The at most ``HOT_COUNT`` hottest matters of at least ``LEAST_PEOPLE`` people.

    Parameters
    ----------
    matters : sequence of MatterFact
        All matters the period touches.
    current, previous : mapping of matter id to messages
        The messages of the period, and of the one before (None if the data do not cover it).
    """
    weighed = [
        weigh(matter, current[matter.id], previous) for matter in matters if matter.id in current
    ]
    hot = [found for found in weighed if found.tally.people.value >= LEAST_PEOPLE]
    hot.sort(key=lambda found: (-found.heat, -found.tally.people.value, found.matter.id))
    return tuple(hot[:HOT_COUNT])


def weigh(
    matter: MatterFact,
    messages: Sequence[MessageFact],
    previous: Mapping[int, Sequence[MessageFact]] | None,
) -> HotMatter:
    """The heat of one matter, with the parts it is made of."""
    counted = tally(messages)
    ids = counted.messages.message_ids
    days = Figure(len({message.sent_on for message in messages}), ids)
    votes = Figure(sum(message.like_count + message.dislike_count for message in messages), ids)
    urgent = any(message.is_urgent for message in messages)
    heat = counted.people.value * 10 + days.value + isqrt(max(0, votes.value)) + 5 * urgent
    earlier = None if previous is None else tally(previous.get(matter.id, ())).people.value
    return HotMatter(matter, counted, heat, days, votes, earlier)
