"""总体情况: the period in a handful of figures, and the totals of the periods before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from service.digest.compare import Base, Comparison, compare_all
from service.digest.counts import Figure, Tally, figure, tally
from service.digest.facts import Facts, MatterFact, MessageFact
from service.digest.handling_facts import MatterDates, RatingFact
from service.digest.overdue import MatterFigure
from service.digest.periods import Period
from service.digest.references import Reference, obstacle_to, references_of
from service.digest.tables import Window
from service.domain.deadline import SHANGHAI
from service.domain.reply import Satisfaction


@dataclass(frozen=True, slots=True)
class Total:
    """The messages, people and copies of one period; None where the data do not cover it."""

    period: Period
    messages: int | None
    people: int | None
    copies: int | None


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What is told of one period.

    ``matters`` are those with a message in it; ``in_time`` those of the ``closed`` ones that
    were closed by their deadline; ``rated`` the messages whose senders said what they think of
    an answer in it, ``satisfied`` those of them who called it 满意 or 基本满意.
    """

    tally: Tally
    matters: MatterFigure
    opened: MatterFigure
    closed: MatterFigure
    in_time: MatterFigure
    rated: Figure
    satisfied: Figure


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier period beside this one.

    ``figures`` is None where the data do not cover it; ``obstacle`` says in Chinese why the two
    cannot be compared, "" where they can.
    """

    label_zh: str
    period: Period | None
    figures: PeriodFigures | None
    obstacle: str


@dataclass(frozen=True, slots=True)
class Overview(PeriodFigures):
    """The whole period; ``totals`` run from the earliest period to this one."""

    comparison: Comparison
    urgent: Figure
    to_review: Figure
    earlier: tuple[Earlier, ...]
    totals: tuple[Total, ...]


def survey(
    facts: Facts,
    matters: Sequence[MatterFact],
    touched: Collection[int],
    window: Window,
    base: Base,
) -> Overview:
    """Sum up the period. ``touched`` are the matters that were heard of in it."""
    current = window.current
    history = (len(current), [len(part) for part in window.before])
    heard = {one.id for one in matters if one.id in touched}
    own = _figures(base.period, current, heard, matters, facts.handling.ratings)
    return Overview(
        **{field.name: getattr(own, field.name) for field in fields(own)},
        comparison=compare_all([history], base)[0],
        urgent=figure(message for message in current if message.is_urgent),
        to_review=figure(message for message in current if message.needs_review),
        earlier=tuple(_earlier(one, facts, base) for one in references_of(base.period)),
        totals=_totals(window, base),
    )


def _figures(
    period: Period,
    messages: Sequence[MessageFact],
    heard: Collection[int],
    matters: Sequence[MatterDates | MatterFact],
    ratings: Sequence[RatingFact],
) -> PeriodFigures:
    closed = [one for one in matters if one.closed_at and _is_in(one.closed_at, period)]
    rated = [one for one in ratings if period.has(one.on)]
    return PeriodFigures(
        tally=tally(messages),
        matters=_matters(heard),
        opened=_matters(one.id for one in matters if _is_in(one.opened_at, period)),
        closed=_matters(one.id for one in closed),
        in_time=_matters(one.id for one in closed if is_in_time(one.closed_at, one.due_at)),
        rated=_rated(rated),
        satisfied=_rated(
            [one for one in rated if one.satisfaction is not Satisfaction.DISSATISFIED]
        ),
    )


def _matters(ids: Iterable[int]) -> MatterFigure:
    found = tuple(sorted(ids))
    return MatterFigure(len(found), found)


def _rated(ratings: Sequence[RatingFact]) -> Figure:
    """Each rating counts: a sender may be asked again about a second answer."""
    return Figure(len(ratings), tuple(sorted({one.message_id for one in ratings})))


def _is_in(moment: datetime, period: Period) -> bool:
    return period.has(moment.astimezone(SHANGHAI).date())


def is_in_time(closed_at: datetime | None, due_at: datetime) -> bool:
    """Whether something was closed, and by its deadline."""
    return closed_at is not None and closed_at <= due_at


def _earlier(reference: Reference, facts: Facts, base: Base) -> Earlier:
    """The figures of an earlier period, as far as the data reach back."""
    period, handling = reference.period, facts.handling
    obstacle = obstacle_to(
        reference, base.period, facts.known_since, facts.cut_at, handling.days_off
    )
    if period is None or facts.known_since is None or facts.known_since > period.first_day:
        return Earlier(reference.label_zh, period, None, obstacle)
    voices = [one for one in facts.messages if period.has(one.sent_on)]
    heard = {one.matter_id for one in voices if one.matter_id is not None}
    whole = [one for one in voices if one.part_of is None]
    figures = _figures(period, whole, heard, handling.dates, handling.ratings)
    return Earlier(reference.label_zh, period, figures, obstacle)


def _totals(window: Window, base: Base) -> tuple[Total, ...]:
    """The earlier periods from the farthest to the nearest, then the period itself."""
    parts = zip(base.periods, window.before, strict=True)
    known = [
        _total(period, tally(part)) if place < base.known_count else Total(period, None, None, None)
        for place, (period, part) in enumerate(parts)
    ]
    return (*reversed(known), _total(base.period, tally(window.current)))


def _total(period: Period, counted: Tally) -> Total:
    return Total(period, counted.messages.value, counted.people.value, counted.copies.value)
