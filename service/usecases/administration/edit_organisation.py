"""The organisation edited in place: one row, a member's absence, a studio's shifts, at a time.

Each is a change of the whole: checked, refused or kept as ``change_book`` does it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from service.domain.organisation import OrganisationBook, Shift
from service.domain.sector import Sector
from service.errors import NotFoundError
from service.intake.organisation_sheets import (
    COMMITTEES,
    MEMBERS,
    SHEETS,
    STUDIOS,
    Sheet,
    make_book,
)
from service.usecases.administration.organisation import (
    Saved,
    VersionedBook,
    change_book,
    read_book,
)
from service.usecases.context import Context

_SHOWN_CHARS = 64


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes the organisation, and which version they looked at (None: never mind)."""

    name: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Absence:
    """From when to when somebody is away, None and None for not at all, and who stands in."""

    first_day: date | None
    last_day: date | None
    deputy: str


def key_of(sheet: Sheet, noun: Any) -> str:
    """What tells a row of a table with one key column apart: its code, or a department's name."""
    return str(sheet.row(noun)[sheet.key[0]])


def find_row(book: OrganisationBook, sheet: Sheet, code: str) -> Any:
    """The noun of a table with this code.

    Raises
    ------
    NotFoundError
        There is none.
    """
    for noun in sheet.of(book):
        if key_of(sheet, noun) == code:
            return noun
    raise NotFoundError(f"{sheet.title} {code[:_SHOWN_CHARS]}")


def show_row(context: Context, sheet: Sheet, code: str) -> tuple[int, Any]:
    """The version in force, and the noun. Raises as ``find_row``."""
    found: VersionedBook = read_book(context)
    return found.version, find_row(found.book, sheet, code)


def put_row(context: Context, sheet: Sheet, noun: Any, editor: Editor) -> Saved:
    """Put a noun in the place of the one with its code, or at the end of its table."""
    code = key_of(sheet, noun)

    def change(book: OrganisationBook) -> OrganisationBook:
        rows = sheet.of(book)
        is_there = any(key_of(sheet, row) == code for row in rows)
        changed = tuple(noun if key_of(sheet, row) == code else row for row in rows)
        return _with(book, sheet, changed if is_there else (*rows, noun))

    return change_book(context, change, editor.name, editor.version)


def delete_row(context: Context, sheet: Sheet, code: str, editor: Editor) -> Saved:
    """Take a noun out; refused where anything still refers to it."""

    def change(book: OrganisationBook) -> OrganisationBook:
        gone = find_row(book, sheet, code)
        return _with(book, sheet, tuple(row for row in sheet.of(book) if row is not gone))

    return change_book(context, change, editor.name, editor.version)


def put_absence(context: Context, code: str, absence: Absence, editor: Editor) -> Saved:
    """Note when a member is away and who stands in then."""

    def change(book: OrganisationBook) -> OrganisationBook:
        member = find_row(book, MEMBERS, code)
        changed = replace(
            member,
            absent_from=absence.first_day,
            absent_to=absence.last_day,
            deputy=absence.deputy,
        )
        rows = tuple(changed if row is member else row for row in MEMBERS.of(book))
        return _with(book, MEMBERS, rows)

    return change_book(context, change, editor.name, editor.version)


def put_shifts(context: Context, studio: str, shifts: Iterable[Shift], editor: Editor) -> Saved:
    """Put other shifts in the place of all those of a studio."""

    def change(book: OrganisationBook) -> OrganisationBook:
        find_row(book, STUDIOS, studio)
        others = [shift for shift in book.organisation.shifts if shift.studio != studio]
        organisation = replace(book.organisation, shifts=(*others, *shifts))
        return replace(book, organisation=organisation)

    return change_book(context, change, editor.name, editor.version)


def put_sectors(context: Context, committee: str, names: Iterable[str], editor: Editor) -> Saved:
    """Put another list of sectors in the place of a committee's; none: the one above holds."""

    def change(book: OrganisationBook) -> OrganisationBook:
        find_row(book, COMMITTEES, committee)
        others = [one for one in book.organisation.sectors if one.committee != committee]
        own = (Sector(committee, name) for name in names)
        organisation = replace(book.organisation, sectors=(*others, *own))
        return replace(book, organisation=organisation)

    return change_book(context, change, editor.name, editor.version)


def _with(book: OrganisationBook, sheet: Sheet, rows: tuple[Any, ...]) -> OrganisationBook:
    return make_book({each.stem: each.of(book) for each in SHEETS} | {sheet.stem: rows})
