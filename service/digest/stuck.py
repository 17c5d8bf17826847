"""滞留: what came back, was opened again or displeased, and what waits longest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from service.digest.facts import MatterFact
from service.digest.handling_facts import RatingFact
from service.digest.overdue import MatterFigure, is_open_at, matter_figure
from service.digest.periods import Period
from service.domain.reply import Satisfaction

LEAST_RETURNS = 2
WAITING_COUNT = 10


@dataclass(frozen=True, slots=True)
class StuckRow:
    """The stuck matters of one department or studio ("" where none was named)."""

    key: str
    overdue: MatterFigure
    bounced: MatterFigure
    reopened: MatterFigure
    low_rated: MatterFigure

    @property
    def total(self) -> int:
        """How many matters are stuck, each counted once."""
        return len({id for each in self.figures for id in each.matter_ids})

    @property
    def figures(self) -> tuple[MatterFigure, ...]:
        """The four figures in their order."""
        return self.overdue, self.bounced, self.reopened, self.low_rated


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open matter and the whole days since it was opened."""

    matter: MatterFact
    open_days: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """All of it, by department and by studio, the most stuck first; what waits longest."""

    whole: StuckRow
    departments: tuple[StuckRow, ...]
    studios: tuple[StuckRow, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Matters in the four ways of being stuck; each with its department and studio."""

    overdue: list[MatterFact]
    bounced: list[MatterFact]
    reopened: list[MatterFact]
    low_rated: list[RatingFact]


def find_stuck(
    matters: Sequence[MatterFact], ratings: Sequence[RatingFact], period: Period, at: datetime
) -> Stuck:
    """What was stuck at ``at`` (aware): open then, or called 不满意 in the period."""
    still_open = [one for one in matters if is_open_at(one, at)]
    found = _Sorted(
        [one for one in still_open if one.due_at <= at],
        [one for one in still_open if one.return_count >= LEAST_RETURNS],
        [one for one in still_open if one.reopen_count],
        [
            one
            for one in ratings
            if period.has(one.on) and one.satisfaction is Satisfaction.DISSATISFIED
        ],
    )
    oldest = sorted(still_open, key=lambda one: (one.opened_at, one.id))[:WAITING_COUNT]
    return Stuck(
        _row("", found),
        _rows(found, lambda one: one.department),
        _rows(found, lambda one: one.studio),
        tuple(Waiting(one, (at - one.opened_at).days) for one in oldest),
    )


def _rows(found: _Sorted, key_of: Callable[[MatterFact | RatingFact], str]) -> tuple[StuckRow, ...]:
    shares: defaultdict[str, _Sorted] = defaultdict(lambda: _Sorted([], [], [], []))
    for way in fields(_Sorted):
        for one in getattr(found, way.name):
            getattr(shares[key_of(one)], way.name).append(one)
    rows = [_row(key, share) for key, share in sorted(shares.items())]
    return tuple(sorted(rows, key=lambda row: (-row.total, row.key)))


def _row(key: str, share: _Sorted) -> StuckRow:
    rated = sorted({one.matter_id for one in share.low_rated})
    return StuckRow(
        key,
        matter_figure(share.overdue),
        matter_figure(share.bounced),
        matter_figure(share.reopened),
        MatterFigure(len(rated), tuple(rated)),
    )
