"""The county's directory: put into the database, and read for the router."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.organisation import Activity, Organisation
from service.storage.database import Database
from service.storage.directory import read_directory, replace_directory


def save_directory(
    database: Database, organisation: Organisation, activities: Sequence[Activity]
) -> None:
    """Put a checked directory in the place of the one before."""
    with database.transaction() as connection:
        replace_directory(connection, organisation, activities)


def load_directory(database: Database) -> Organisation:
    """The directory in force; an empty one where none was saved."""
    with database.reading() as connection:
        return read_directory(connection)
