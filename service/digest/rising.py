"""短期突增: the bursts of a period, each with the messages it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from service.digest.bursts import (
    GUARD_DAYS,
    LEAST_HISTORY_DAYS,
    LEAST_HISTORY_MESSAGES,
    WINDOWS,
    Burst,
    find_bursts,
)
from service.digest.counts import Dimension, Tally, tally
from service.digest.daily import DailyCounts, count_daily
from service.digest.facts import Facts, MessageFact, Names
from service.digest.periods import Period, show_day
from service.digest.quotes import Passage
from service.digest.tables import name_of
from service.digest.texts import fit
from service.domain.deadline import SHANGHAI
from service.domain.relation import Relation

LONGEST_PERIOD_DAYS = 92  # what rose for some days of a longer period is no news
LOOK_BACK_DAYS = max(WINDOWS) - 1  # of days before the period that its first evenings watch


@dataclass(frozen=True, slots=True)
class Rise:
    """A burst as it is told: names, the messages of its days (without copies), an example."""

    topic: str
    topic_name: str
    place: str
    department: str
    burst: Burst
    tally: Tally
    quotes: tuple[Passage, ...] = ()

    @property
    def name(self) -> str:
        """What it is about, e.g. ``环境保护／噪声污染（庄里镇）``."""
        if self.topic and self.place:
            return f"{self.topic_name}（{self.place}）"
        return self.topic_name or self.place or self.department


@dataclass(frozen=True, slots=True)
class Rising:
    """The rises, the least probable first; ``obstacle`` says in Chinese why none are looked for."""

    obstacle: str
    rises: tuple[Rise, ...]


def find_rising(period: Period, facts: Facts, names: Names) -> Rising:
    """The bursts of a period's evenings up to the cut; the facts' messages in any order."""
    last = min(period.last_day, facts.cut_at.astimezone(SHANGHAI).date())
    begin = first_needed(period)
    counted = [one for one in facts.messages if is_counted(one) and begin <= one.sent_on <= last]
    counts = daily_counts(counted, facts.history)
    obstacle = _obstacle(period, facts.known_since, counts)
    if obstacle:
        return Rising(obstacle, ())
    bursts = find_bursts(counts, period.first_day, last, facts.known_since)
    # Pairs say more than what they are part of, so they are told first.
    in_turn = sorted(bursts, key=lambda one: (not _is_pair(one), one.p_value, one.subject))
    rises: list[Rise] = []
    for burst in in_turn:
        rise = _rise(burst, counted, names)
        if not any(_is_within(rise, other) for other in rises):
            rises.append(rise)
    return Rising("", tuple(sorted(rises, key=lambda rise: rise.burst.p_value)))


def is_counted(message: MessageFact) -> bool:
    """Whether a message speaks for itself: it is no part of another and no copy."""
    return message.part_of is None and message.relation is not Relation.COPY


def first_needed(period: Period) -> date:
    """The first day of which a digest reads each message: its window's, or of what is watched."""
    first, _ = period.window()
    watched = min(LOOK_BACK_DAYS, (period.first_day - date.min).days)
    return min(first, period.first_day - timedelta(days=watched))


def daily_counts(
    counted: Iterable[MessageFact], history: Iterable[tuple[date, str, str, str, int]]
) -> DailyCounts:
    """These messages by day, and what is known of the days before."""
    pieces = [(one.sent_on, one.topic, one.place, one.department, 1) for one in counted]
    return count_daily([*pieces, *history])


def _obstacle(period: Period, known_since: date | None, counts: DailyCounts) -> str:
    if period.day_count > LONGEST_PERIOD_DAYS:
        return "周期超过一个季度，不列短期突增"
    if known_since is None:
        return "系统中尚无留言，不判断短期突增"
    if (period.last_day - known_since).days < LEAST_HISTORY_DAYS + GUARD_DAYS:
        since = show_day(known_since)
        return f"系统自{since}起有留言，历史不足{LEAST_HISTORY_DAYS}天，不判断短期突增"
    known = (
        n for (day, _, _), n in counts.pairs.items() if (period.last_day - day).days >= GUARD_DAYS
    )
    if sum(known) < LEAST_HISTORY_MESSAGES:
        return f"以往留言不足{LEAST_HISTORY_MESSAGES}条，不判断短期突增"
    return ""


def _is_pair(burst: Burst) -> bool:
    topic, place, _ = burst.subject
    return bool(topic and place)


def _rise(burst: Burst, counted: Iterable[MessageFact], names: Names) -> Rise:
    topic, place, department = burst.subject
    held = tally(
        one
        for one in counted
        if burst.since <= one.sent_on <= burst.day
        and topic in ("", one.topic)
        and place in ("", one.place)
        and department in ("", one.department)
    )
    topic_name = name_of(Dimension.TOPIC, topic, names) if topic else ""
    return Rise(topic, topic_name, fit(place), fit(department), burst, held)


def _is_within(rise: Rise, told: Rise) -> bool:
    """Whether a rise that is told holds most of what there is too much of in this one."""
    shared = set(rise.tally.messages.message_ids) & set(told.tally.messages.message_ids)
    return len(shared) >= (rise.burst.count - rise.burst.expected) / 2
