"""What was done about matters, as facts: dates, ratings, deeds of studios and members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from service.domain.labels import Labelled
from service.domain.reply import Satisfaction


@dataclass(frozen=True, slots=True)
class MatterDates:
    """When a matter was opened, due and closed (aware times)."""

    id: int
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RatingFact:
    """What a sender said of an answer, and whose matter it is; ``on`` in Asia/Shanghai."""

    message_id: int
    matter_id: int
    satisfaction: Satisfaction
    on: date
    department: str = ""
    studio: str = ""


class DeedKind(Labelled):
    """What a studio or member did."""

    RECEPTION = "reception", "接待"
    CONSULTATION = "consultation", "微协商"
    SUPERVISION = "supervision", "微监督"
    REPLY = "reply", "签发答复"
    CLOSING = "closing", "办结"


@dataclass(frozen=True, slots=True)
class DeedFact:
    """One thing done in the period.

    ``id`` is its own in the table of its kind, that of a closing the matter's; ``members`` are
    codes. ``message_ids`` are those taken in at a reception. ``is_good`` tells of a consultation
    or supervision that the matter was solved, of a closing that it was in time.
    """

    kind: DeedKind
    id: int
    studio: str
    members: tuple[str, ...] = ()
    matter_id: int | None = None
    message_ids: tuple[int, ...] = ()
    is_good: bool = False


def _no_days() -> Mapping[date, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HandlingFacts:
    """What the overview and the sections on handling read.

    ``dates`` are of all matters opened or closed in a period that this one is compared with;
    ``ratings`` of the period and of those; ``deeds`` of the period. ``days_off`` are the days of
    all of them on which nobody works, with the festival's name or "".
    """

    dates: tuple[MatterDates, ...] = ()
    ratings: tuple[RatingFact, ...] = ()
    deeds: tuple[DeedFact, ...] = ()
    days_off: Mapping[date, str] = field(default_factory=_no_days)
