"""What a digest is made from: flat, frozen records that the storage fills.

Every text in them is already masked by the caller: a digest never sees personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from service.digest.handling_facts import HandlingFacts
from service.digest.judged_facts import JudgedFacts
from service.domain.channel import Channel
from service.domain.kind import Kind
from service.domain.relation import Relation
from service.domain.status import MatterStatus


@dataclass(frozen=True, slots=True)
class MessageFact:
    """One message of the window (the period and the four before it).

    ``sent_on`` is the day in Asia/Shanghai; ``topic_l1`` and ``topic`` are taxonomy codes of
    level 1 and 2; ``studio`` and ``committee`` codes; ``department`` and ``place`` names. An
    empty text, or None as ``kind``, says that it is not known. ``sender_key`` is equal for
    messages of one person, None for an anonymous message. ``part_of`` is the id of the message
    that it is a part of, None of a whole one: a part speaks in its matter and counts as no message.
    """

    id: int
    sent_on: date
    matter_id: int | None = None
    topic_l1: str = ""
    topic: str = ""
    department: str = ""
    kind: Kind | None = None
    place: str = ""
    committee: str = ""
    studio: str = ""
    channel: Channel = Channel.IMPORT
    relation: Relation = Relation.FIRST
    sender_key: int | None = None
    like_count: int = 0
    dislike_count: int = 0
    is_urgent: bool = False
    needs_review: bool = False
    part_of: int | None = None

    @property
    def whole_id(self) -> int:
        """The message that was sent: itself, or the one that it is a part of."""
        return self.id if self.part_of is None else self.part_of


@dataclass(frozen=True, slots=True)
class MatterFact:
    """One matter that the period touches, as it stood when the period ended.

    Wanted are all matters with a message in the period, all opened or closed in it, and all
    that were open past ``due_at`` when it ended, had then come back or been opened again, or
    were among those that waited longest. Times are aware. The three counts are of the matter's
    whole life up to the cut; ``return_count`` and ``reopen_count`` tell how often it was sent
    back as not theirs and opened again until the period ended.
    """

    id: int
    number: str
    title: str
    status: MatterStatus
    topic: str
    department: str
    place: str
    studio: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    message_count: int = 0
    people_count: int = 0
    copy_count: int = 0
    return_count: int = 0
    reopen_count: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a digest reads.

    ``cut_at`` (aware) is the moment up to which the storage was read: the same cut gives the
    same digest. ``known_since`` is the day of the first message the storage has at all, None
    when it has none: before it nothing can be compared. ``concerns`` are groups of ids of matters
    that are spoken of as one. ``history`` counts, by (day, topic, place, department, count), the
    messages of the days before the first of ``messages``, without copies and parts; of very many
    an even share of each day.
    """

    messages: tuple[MessageFact, ...]
    matters: tuple[MatterFact, ...]
    cut_at: datetime
    known_since: date | None
    concerns: tuple[tuple[int, ...], ...] = ()
    history: tuple[tuple[date, str, str, str, int], ...] = ()
    handling: HandlingFacts = field(default_factory=HandlingFacts)
    judged: JudgedFacts = field(default_factory=JudgedFacts)


def _none() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Names:
    """Chinese names by code; a code without a name is shown as it is.

    ``topics`` holds both levels; the name of a second level should tell its first, e.g.
    ``环境保护／噪声污染``.
    """

    topics: Mapping[str, str] = field(default_factory=_none)
    studios: Mapping[str, str] = field(default_factory=_none)
    committees: Mapping[str, str] = field(default_factory=_none)
    members: Mapping[str, str] = field(default_factory=_none)
