"""The organisation as a whole: read, and put into the place of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from classifier.reading.divisions import read_divisions
from service.domain.organisation import OrganisationBook
from service.domain.organisation_change import OrganisationChange, RowChange
from service.errors import OrganisationChangedError
from service.intake.organisation_checks import Terms
from service.intake.organisation_compare import compare_books
from service.intake.organisation_files import check_book, raise_if_any
from service.storage.database import Connection
from service.storage.organisation.directory import (
    read_activities,
    read_directory,
    replace_directory,
)
from service.storage.organisation.organisation_changes import (
    insert_changes,
    read_changes,
    read_version,
)
from service.storage.rows import take_intake_lock
from service.usecases.administration.organisation_uses import still_needed
from service.usecases.context import Context

AT_START = "启动"


@dataclass(frozen=True, slots=True)
class VersionedBook:
    """An organisation, and the number of the change that made it so (0 before the first)."""

    version: int
    book: OrganisationBook


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a change: the version in force, what became other, what to look at."""

    version: int
    changes: tuple[RowChange, ...]
    warnings: tuple[str, ...]


Change = Callable[[OrganisationBook], OrganisationBook]


def read_book(context: Context) -> VersionedBook:
    """The organisation in force."""
    with context.database.reading() as connection:
        return _read(connection)


def _read(connection: Connection) -> VersionedBook:
    take_intake_lock(connection)  # so that all of it is of one version
    book = OrganisationBook(read_directory(connection), read_activities(connection))
    return VersionedBook(read_version(connection), book)


def change_book(
    context: Context,
    change: Change,
    actor: str,
    version: int | None = None,
    is_trial: bool = False,
) -> Saved:
    """Put the changed organisation in the place of the one in force, checked as a whole.

    Parameters
    ----------
    change
        Makes the wanted organisation of the one in force.
    actor
        Who does it, for the record.
    version
        Of which version the change was thought; None where that does not matter.
    is_trial
        Whether to tell only what would become other.

    Raises
    ------
    NotFoundError
        ``change`` does not find what it changes.
    OrganisationChangedError
        Another version is in force meanwhile.
    OrganisationFileError
        Something is wrong, or an open matter or a rule needs what is gone; nothing was changed.
    """
    with context.database.transaction() as connection:
        before = _read(connection)
        if version not in (None, before.version):
            raise OrganisationChangedError(f"现行版本为 {before.version}")
        found = check_book(change(before.book), terms_of(context))
        changes = compare_books(before.book, found.book)
        raise_if_any(still_needed(context, connection, changes, found.organisation))
        if is_trial or not changes:
            return Saved(before.version, changes, found.warnings)
        replace_directory(connection, found.organisation, found.activities)
        insert_changes(connection, changes, before.version + 1, context.now(), actor)
        return Saved(before.version + 1, changes, found.warnings)


def save_book(
    context: Context,
    book: OrganisationBook,
    actor: str,
    version: int | None = None,
    is_trial: bool = False,
) -> Saved:
    """Put an organisation in force. Parameters and errors are those of ``change_book``."""
    return change_book(context, lambda _: book, actor, version, is_trial)


def list_organisation_changes(
    context: Context, limit: int, before: int = 0, sheet: str = "", code: str = ""
) -> list[OrganisationChange]:
    """Who changed which row, the newest first; see ``read_changes``."""
    with context.database.reading() as connection:
        return read_changes(connection, limit, before, sheet, code)


def terms_of(context: Context) -> Terms:
    """What an organisation may refer to here."""
    divisions = division_codes(context.settings.data / "divisions")
    return Terms(context.triage.taxonomy, divisions)


@lru_cache(maxsize=1)
def division_codes(folder: Path) -> frozenset[str]:
    """The codes of all divisions of the country."""
    return frozenset(_codes(folder))


def _codes(folder: Path) -> Iterable[str]:
    return (division.code for division in read_divisions(folder))
