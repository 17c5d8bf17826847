"""What a digest's JSON holds, as types: the published schema is made from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from service.digest.fresh import Fresh
from service.digest.health import Health
from service.digest.hot import HotMatter
from service.digest.materials import Material
from service.digest.new_words import NewWord
from service.digest.overdue import Overdue
from service.digest.overview import Overview
from service.digest.periods import Period
from service.digest.red_head import RedHead
from service.digest.risen_words import RisenWord
from service.digest.rising import Rising
from service.digest.season import Season
from service.digest.stuck import Stuck
from service.digest.tables import CountTable
from service.digest.work import Work
from service.domain.digest_scope import DigestScopeKind
from service.domain.relation import Relation

SCHEMA = "minqing-digest/1"


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """A period by its code, its Chinese name, its first and its last day."""

    code: str
    label: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class ScopeRecord:
    """Whose matters are told: the kind of the share and its code or name, "" of the county."""

    kind: DigestScopeKind
    key: str


@dataclass(frozen=True, slots=True)
class DimensionNames:
    """The Chinese names of what a message is counted under."""

    topic_l1: str
    topic: str
    department: str
    place: str
    committee: str
    studio: str
    channel: str
    kind: str


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """What a message was counted by.

    ``id`` is the 留言编号 that every form and every ``message_ids`` names it by; its receipt is in
    none. ``sender`` is a number of this document only, null of an anonymous message. Codes and
    names are "" where they are not known.
    """

    id: int
    sent_on: date
    matter_id: int | None
    sender: int | None
    relation: Relation
    topic_l1: str
    topic: str
    department: str
    place: str
    committee: str
    studio: str
    channel: str
    kind: str
    names: DimensionNames
    like_count: int
    dislike_count: int
    is_urgent: bool
    needs_review: bool


@dataclass(frozen=True, slots=True)
class DigestDocument:
    """A digest: each figure with the ids of the messages or matters it was counted from."""

    schema: Literal["minqing-digest/1"]
    title: str
    scope: ScopeRecord
    issuer: str
    head: RedHead | None
    cut_at: datetime
    period: Period
    obstacle: str
    heat_formula: str
    material_criteria: str
    overview: Overview
    hot: tuple[HotMatter, ...]
    rising: Rising
    fresh: Fresh
    new_words: tuple[NewWord, ...]
    risen_words: tuple[RisenWord, ...]
    season: Season
    overdue: Overdue
    stuck: Stuck
    work: Work
    health: Health
    tables: tuple[CountTable, ...]
    materials: tuple[Material, ...]
    messages: tuple[MessageRecord, ...]
