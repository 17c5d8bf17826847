"""热点事项: what most people wrote about in the period, by a stated heat index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isqrt

from service.digest.counts import Figure, Tally, tally
from service.digest.facts import MatterFact, MessageFact
from service.digest.quotes import Passage
from service.digest.texts import fit
from service.domain.kind import Kind
from service.domain.relation import Relation

HOT_COUNT = 10
LEAST_PEOPLE = 2
VOICES_READ = 60  # more add time and hardly change what is central
HEAT_ZH = (
    "热度指数＝来信人数×10＋较上期增加的人数×2＋来信天数×2＋第二处起每一处地点×2"
    "＋点赞与反对总数的平方根（取整）×2＋紧急加5；同一人多次来信只计一人，重复件不另加分；"
    "系统提示可能是同一件事、且互相印证的事项合并计热度，事项本身不合并"
)

Voices = Mapping[int, Sequence[MessageFact]]


@dataclass(frozen=True, slots=True)
class HotMatter:
    """What many wrote about: a matter, or several that are spoken of as one.

    ``matter`` is the one with most people in the period, ``others`` those counted with it.
    ``tally`` counts the period's messages, people and copies; ``days`` the distinct days on which
    they came, ``votes`` the likes and dislikes they drew; ``previous_people`` the people of the
    period before, None where the data do not cover it. ``kind`` is what most of them want;
    ``voices`` are ids of at most ``VOICES_READ`` messages and parts that say something of their
    own, evenly over the period. ``title`` and ``quotes`` are empty until these were read.
    """

    matter: MatterFact
    others: tuple[MatterFact, ...]
    tally: Tally
    heat: int
    days: Figure
    votes: Figure
    previous_people: int | None
    places: tuple[str, ...]
    first_day: date
    last_day: date
    kind: Kind | None
    voices: tuple[int, ...]
    title: str = ""
    quotes: tuple[Passage, ...] = ()

    @property
    def matter_ids(self) -> tuple[int, ...]:
        """All that are counted here, the leading one first."""
        return (self.matter.id, *(other.id for other in self.others))

    @property
    def shown_title(self) -> str:
        """The title made of what was written, else the matter's own."""
        return self.title or self.matter.title


def by_matter(messages: Sequence[MessageFact]) -> dict[int, list[MessageFact]]:
    """Messages by matter id; those without a matter are left out."""
    found: dict[int, list[MessageFact]] = {}
    for message in messages:
        if message.matter_id is not None:
            found.setdefault(message.matter_id, []).append(message)
    return found


def find_hot(
    matters: Sequence[MatterFact],
    current: Voices,
    previous: Voices | None,
    concerns: Iterable[Sequence[int]] = (),
) -> tuple[HotMatter, ...]:
    """The at most ``HOT_COUNT`` hottest of at least ``LEAST_PEOPLE`` people.

    Parameters
    ----------
    matters : sequence of MatterFact
        All matters the period touches.
    current, previous : mapping of matter id to messages
        The messages of the period, and of the one before (None if the data do not cover it).
    concerns : iterable of sequences of matter ids
        Matters that are spoken of as one; no matter stands in two.
    """
    weighed = [weigh(group, current, previous) for group in _groups(matters, current, concerns)]
    hot = [found for found in weighed if found.tally.people.value >= LEAST_PEOPLE]
    hot.sort(key=lambda found: (-found.heat, -found.tally.people.value, found.matter.id))
    return tuple(hot[:HOT_COUNT])


def _groups(
    matters: Sequence[MatterFact], current: Voices, concerns: Iterable[Sequence[int]]
) -> list[list[MatterFact]]:
    """The matters that were written about, each group by people, the most first."""
    heard = {matter.id: matter for matter in matters if matter.id in current}
    groups = [[heard[each] for each in concern if each in heard] for concern in concerns]
    taken = {matter.id for group in groups for matter in group}
    groups += [[matter] for matter in heard.values() if matter.id not in taken]
    people = {each: tally(current[each]).people.value for each in heard}
    return [
        sorted(group, key=lambda matter: (-people[matter.id], matter.id))
        for group in groups
        if group
    ]


def weigh(group: Sequence[MatterFact], current: Voices, previous: Voices | None) -> HotMatter:
    """The heat of matters spoken of as one, the leading one first, with its parts."""
    messages = _of(group, current)
    counted = tally(messages)
    ids = counted.messages.message_ids
    days = sorted({message.sent_on for message in messages})
    places = Counter(place for message in messages if (place := fit(message.place)))
    votes = sum(_votes(messages).values())
    people = counted.people.value
    before = None if previous is None else tally(_of(group, previous)).people.value
    growth = 0 if before is None else max(0, people - before)
    extras = growth + len(days) + max(0, len(places) - 1) + isqrt(max(0, votes))
    return HotMatter(
        matter=group[0],
        others=tuple(group[1:]),
        tally=counted,
        heat=10 * people + 2 * extras + 5 * any(message.is_urgent for message in messages),
        days=Figure(len(days), ids),
        votes=Figure(votes, ids),
        previous_people=before,
        places=tuple(sorted(places, key=lambda place: (-places[place], place))),
        first_day=days[0],
        last_day=days[-1],
        kind=_commonest_kind(messages),
        voices=_own_words(messages),
    )


def _commonest_kind(messages: Iterable[MessageFact]) -> Kind | None:
    kinds = Counter(message.kind for message in messages if message.kind)
    return min(kinds, key=lambda kind: (-kinds[kind], kind.value), default=None)


def _own_words(messages: Sequence[MessageFact]) -> tuple[int, ...]:
    own = sorted(each.id for each in messages if each.relation is not Relation.COPY)
    ids = own or sorted(each.id for each in messages)
    return tuple(ids[:: max(1, -(-len(ids) // VOICES_READ))])


def _of(group: Iterable[MatterFact], voices: Voices) -> list[MessageFact]:
    return [message for matter in group for message in voices.get(matter.id, ())]


def _votes(messages: Iterable[MessageFact]) -> dict[int, int]:
    """Likes and dislikes by whole message: those of a part are those of what was sent."""
    found: dict[int, int] = {}
    for message in messages:
        votes = message.like_count + message.dislike_count
        found[message.whole_id] = max(votes, found.get(message.whole_id, 0))
    return found
