"""A noun of the organisation made the cells of its row, in the order of its table's columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from service.domain.organisation import (
    Activity,
    Committee,
    Department,
    Member,
    Shift,
    Studio,
)
from service.domain.sector import Sector
from service.intake.organisation_nouns import WEEKDAYS

SheetCell = str | int | date | None
Cells = tuple[SheetCell, ...]


def _many(parts: Iterable[str]) -> str:
    return ";".join(parts)


def committee_cells(item: Committee) -> Cells:
    """The cells of a committee."""
    return item.code, item.name, item.level.label_zh, item.parent, item.division


def studio_cells(item: Studio) -> Cells:
    """The cells of a studio."""
    return (
        *(item.code, item.name, item.kind.label_zh, item.committee),
        *(_many(item.areas), item.sector, _many(item.topics)),
        *(item.convener, _many(item.deputies), item.contact, item.opening_hours),
        *(item.capacity, item.yearly_allocation, int(item.two_signatures)),
    )


def member_cells(item: Member) -> Cells:
    """The cells of a member."""
    return (
        *(item.code, item.name, item.committee, item.level.label_zh, item.sector),
        *(_many(item.specialties), _many(item.studios), item.employer),
        *(item.absent_from, item.absent_to, item.deputy, int(item.is_shown)),
    )


def department_cells(item: Department) -> Cells:
    """The cells of a department."""
    level = item.level.label_zh if item.level else ""
    return item.name, _many(item.aliases), item.duties, level, item.division


def sector_cells(item: Sector) -> Cells:
    """The cells of a sector."""
    return item.committee, item.name


def shift_cells(item: Shift) -> Cells:
    """The cells of a shift."""
    weekdays = _many(WEEKDAYS[day - 1] for day in item.weekdays)
    return item.studio, item.member, item.first_day, item.last_day, weekdays, item.hours


def activity_cells(item: Activity) -> Cells:
    """The cells of an activity."""
    return (
        *(item.code, item.studio, item.kind, item.held_on, item.subject),
        *(_many(item.members), item.people_served, item.result),
    )
