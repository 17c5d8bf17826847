"""总体情况: the period in a handful of figures, and the totals of the periods before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.digest.compare import Base, Comparison, compare_all
from service.digest.counts import Figure, Tally, figure, tally
from service.digest.facts import MatterFact
from service.digest.overdue import MatterFigure, matter_figure
from service.digest.periods import Period
from service.digest.tables import Window
from service.domain.deadline import SHANGHAI


@dataclass(frozen=True, slots=True)
class Total:
    """The messages, people and copies of one period; None where the data do not cover it."""

    period: Period
    messages: int | None
    people: int | None
    copies: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole period.

    ``matters`` are those with a message in it; ``in_time`` those of the ``closed`` ones that
    were closed by their deadline; ``totals`` run from the earliest period to this one.
    """

    tally: Tally
    comparison: Comparison
    urgent: Figure
    to_review: Figure
    matters: MatterFigure
    opened: MatterFigure
    closed: MatterFigure
    in_time: MatterFigure
    totals: tuple[Total, ...]


def survey(
    matters: Sequence[MatterFact], touched: Collection[int], window: Window, base: Base
) -> Overview:
    """Sum up the period. ``touched`` are the matters that were heard of in it."""
    current = window.current
    closed = [one for one in matters if one.closed_at and _is_in(one.closed_at, base.period)]
    history = (len(current), [len(part) for part in window.before])
    return Overview(
        tally=tally(current),
        comparison=compare_all([history], base)[0],
        urgent=figure(message for message in current if message.is_urgent),
        to_review=figure(message for message in current if message.needs_review),
        matters=matter_figure([one for one in matters if one.id in touched]),
        opened=matter_figure([one for one in matters if _is_in(one.opened_at, base.period)]),
        closed=matter_figure(closed),
        in_time=matter_figure([one for one in closed if _is_in_time(one)]),
        totals=_totals(window, base),
    )


def _is_in(moment: datetime, period: Period) -> bool:
    return period.has(moment.astimezone(SHANGHAI).date())


def _is_in_time(matter: MatterFact) -> bool:
    return matter.closed_at is not None and matter.closed_at <= matter.due_at


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
