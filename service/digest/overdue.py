"""逾期未办: matters still open past their deadline when the period ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.digest.facts import MatterFact


@dataclass(frozen=True, slots=True)
class MatterFigure:
    """A number of matters and which (ids, ascending)."""

    value: int
    matter_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OverdueMatter:
    """An open matter past its deadline; whole days since it was opened and since then."""

    matter: MatterFact
    open_days: int
    overdue_days: int


@dataclass(frozen=True, slots=True)
class OverdueDepartment:
    """A department's overdue matters and the longest of their delays in whole days."""

    department: str
    matters: MatterFigure
    longest_days: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """All overdue matters, the longest delay first; by department, the most matters first."""

    at: datetime
    matters: tuple[OverdueMatter, ...]
    departments: tuple[OverdueDepartment, ...]


def matter_figure(matters: Sequence[MatterFact]) -> MatterFigure:
    """How many matters, and which."""
    ids = tuple(sorted(matter.id for matter in matters))
    return MatterFigure(len(ids), ids)


def is_open_at(matter: MatterFact, moment: datetime) -> bool:
    """Whether the matter had been opened and not closed at ``moment``."""
    return matter.opened_at < moment and (matter.closed_at is None or matter.closed_at >= moment)


def find_overdue(matters: Sequence[MatterFact], at: datetime) -> Overdue:
    """What was open past its deadline at ``at`` (aware)."""
    late = [
        OverdueMatter(matter, (at - matter.opened_at).days, (at - matter.due_at).days)
        for matter in matters
        if is_open_at(matter, at) and matter.due_at <= at
    ]
    late.sort(key=lambda one: (one.matter.due_at, one.matter.opened_at, one.matter.id))
    return Overdue(at, tuple(late), _by_department(late))


def _by_department(late: Sequence[OverdueMatter]) -> tuple[OverdueDepartment, ...]:
    held: dict[str, list[OverdueMatter]] = {}
    for one in late:
        held.setdefault(one.matter.department, []).append(one)
    found = [
        OverdueDepartment(
            department,
            matter_figure([one.matter for one in ones]),
            max(one.overdue_days for one in ones),
        )
        for department, ones in held.items()
    ]
    return tuple(sorted(found, key=lambda row: (-row.matters.value, row.department)))
