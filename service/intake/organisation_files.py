"""The folder of CSV files that describes a county's organisation, read and checked as a whole.

``committees.csv``, ``studios.csv`` and ``members.csv`` must stand in the folder;
``activities.csv`` may, and ``departments.csv`` does where a county has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from classifier.taxonomy import Taxonomy
from service.domain.organisation import Activity, Organisation
from service.errors import OrganisationFileError
from service.intake import organisation_nouns as nouns
from service.intake.organisation_checks import Directory, Listed, check_directory
from service.intake.organisation_entries import Complaints, Entry, read_entries

_SHOWN_ERRORS = 50

Noun = TypeVar("Noun")


@dataclass(frozen=True, slots=True)
class OrganisationFiles:
    """What the folder holds: the directory, and what the studios did."""

    organisation: Organisation
    activities: tuple[Activity, ...]


def read_organisation(
    folder: Path, shipped_departments: Path, taxonomy: Taxonomy
) -> OrganisationFiles:
    """Read the folder; departments from ``shipped_departments`` where it has none of its own.

    Raises
    ------
    OrganisationFileError
        Anything is wrong; the detail names the errors, one a line, each with its file and row.
    """
    complaints = Complaints()
    directory = _read_directory(folder, shipped_departments, complaints)
    check_directory(directory, taxonomy)
    _raise_if_any(complaints)
    organisation = Organisation(
        committees=_nouns(directory.committees),
        studios=_nouns(directory.studios),
        members=_nouns(directory.members),
        departments=_nouns(directory.departments),
    )
    return OrganisationFiles(organisation, _nouns(directory.activities))


def _read_directory(folder: Path, shipped_departments: Path, complaints: Complaints) -> Directory:
    def read(
        path: Path, columns: Sequence[str], make: Callable[[Entry], Noun]
    ) -> tuple[Listed[Noun], ...]:
        entries = read_entries(path, columns, complaints)
        return tuple(Listed(entry, make(entry)) for entry in entries)

    activities, departments = folder / "activities.csv", folder / "departments.csv"
    if not departments.exists():
        departments = shipped_departments
    return Directory(
        committees=read(folder / "committees.csv", nouns.COMMITTEE_COLUMNS, nouns.read_committee),
        studios=read(folder / "studios.csv", nouns.STUDIO_COLUMNS, nouns.read_studio),
        members=read(folder / "members.csv", nouns.MEMBER_COLUMNS, nouns.read_member),
        departments=read(departments, nouns.DEPARTMENT_COLUMNS, nouns.read_department),
        activities=(
            read(activities, nouns.ACTIVITY_COLUMNS, nouns.read_activity)
            if activities.exists()
            else ()
        ),
    )


def _nouns(listed: Sequence[Listed[Noun]]) -> tuple[Noun, ...]:
    return tuple(each.noun for each in listed)


def _raise_if_any(complaints: Complaints) -> None:
    if complaints.lines:
        shown = complaints.lines[:_SHOWN_ERRORS]
        if len(complaints.lines) > len(shown):
            shown.append(f"……共 {len(complaints.lines)} 处")
        raise OrganisationFileError("\n".join(shown))
