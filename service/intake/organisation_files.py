"""The folder of CSV files that describes a county's organisation, read and checked as a whole.

``committees.csv``, ``studios.csv`` and ``members.csv`` must stand in the folder;
``activities.csv``, ``sectors.csv`` and ``shifts.csv`` may, and ``departments.csv`` does where a
county has its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.judging.taxonomy import Taxonomy
from service.domain.organisation import Activity, Organisation, OrganisationBook
from service.errors import OrganisationFileError
from service.intake.organisation_checks import Directory, Listed, Terms, check_directory
from service.intake.organisation_entries import Complaints, Entry, Spot, read_entries
from service.intake.organisation_faults import cell_faults, faults
from service.intake.organisation_sheets import (
    ACTIVITIES,
    DEPARTMENTS,
    SECTORS,
    SHEETS,
    SHIFTS,
    Sheet,
    make_book,
)

_SHOWN_ERRORS = 50
_MAY_BE_MISSING = (ACTIVITIES, SECTORS, SHIFTS)


@dataclass(frozen=True, slots=True)
class OrganisationFiles:
    """What a folder or workbook holds, and what somebody should look at in it."""

    organisation: Organisation
    activities: tuple[Activity, ...]
    warnings: tuple[str, ...] = ()

    @property
    def book(self) -> OrganisationBook:
        """What it holds."""
        return OrganisationBook(self.organisation, self.activities)


def read_organisation(
    folder: Path,
    shipped_departments: Path,
    taxonomy: Taxonomy,
    divisions: Collection[str] | None = None,
) -> OrganisationFiles:
    """Read the folder; departments from ``shipped_departments`` where it has none of its own.

    Parameters
    ----------
    divisions
        The codes of all divisions; None where these are not to be looked at.

    Raises
    ------
    OrganisationFileError
        Anything is wrong; the detail names the errors, one a line, each with its file and row.
    """
    complaints = Complaints()
    found: dict[str, list[Entry]] = {}
    for sheet in SHEETS:
        path = folder / f"{sheet.stem}.csv"
        if sheet is DEPARTMENTS and not path.exists():
            path = shipped_departments
        is_there = path.exists() or sheet not in _MAY_BE_MISSING
        entries = read_entries(path, sheet.columns, complaints, sheet.optional) if is_there else ()
        found[sheet.stem] = list(entries)
    return check_entries(found, Terms(taxonomy, divisions), complaints)


def check_entries(
    found: Mapping[str, Iterable[Entry]], terms: Terms, complaints: Complaints
) -> OrganisationFiles:
    """What the rows of all tables, by the tables' stems, say; see ``read_organisation``."""
    listed = {
        sheet.stem: tuple(_listed(sheet, entry) for entry in found[sheet.stem]) for sheet in SHEETS
    }
    return _checked(listed, terms, complaints)


def _listed(sheet: Sheet, entry: Entry) -> Listed[Any]:
    noun = sheet.read(entry)
    for fault in faults(sheet, noun):
        entry.complain(fault)
    return Listed(entry, noun)


def check_book(book: OrganisationBook, terms: Terms) -> OrganisationFiles:
    """The same for what is there already; each error names the noun by its code."""
    complaints = Complaints()
    listed = {
        sheet.stem: tuple(_spotted(sheet, noun, complaints) for noun in sheet.of(book))
        for sheet in SHEETS
    }
    return _checked(listed, terms, complaints)


def _spotted(sheet: Sheet, noun: Any, complaints: Complaints) -> Listed[Any]:
    spot = Spot(f"{sheet.title} {sheet.row(noun)[sheet.key[0]]}".strip(), 0, complaints)
    for fault in (*faults(sheet, noun), *cell_faults(sheet, noun)):
        spot.complain(fault)
    return Listed(spot, noun)


def _checked(
    listed: Mapping[str, tuple[Listed[Any], ...]], terms: Terms, complaints: Complaints
) -> OrganisationFiles:
    if not complaints.has_unread:
        check_directory(Directory(**listed), terms)
    raise_if_any(complaints.lines)
    book = make_book({stem: tuple(each.noun for each in rows) for stem, rows in listed.items()})
    return OrganisationFiles(book.organisation, book.activities, tuple(complaints.warnings))


def raise_if_any(errors: list[str]) -> None:
    """Refuse with the first errors, one a line, and how many there are.

    Raises
    ------
    OrganisationFileError
        There is one.
    """
    if errors:
        more = [f"……共 {len(errors)} 处"] if len(errors) > _SHOWN_ERRORS else []
        raise OrganisationFileError("\n".join([*errors[:_SHOWN_ERRORS], *more]))
