"""A running process takes the organisation in force: looked at with each request and intake."""

from __future__ import annotations

from dataclasses import replace

from service.domain.organisation import Organisation
from service.domain.provision import ProvisionKind
from service.storage.database import Connection
from service.storage.organisation.directory import read_directory
from service.storage.organisation.organisation_changes import read_version
from service.storage.organisation.provisions import read_words
from service.storage.rows import take_intake_lock
from service.triage.local_parts import LocalParts, make_local_parts
from service.usecases.context import Context


def follow_organisation(context: Context) -> Context:
    """The context whose triage is made for the organisation in force; mostly itself.

    Raises
    ------
    DatabaseUnavailableError
        The database cannot be read.
    """
    with context.database.reading() as connection:
        return with_organisation(context, connection)


def with_organisation(context: Context, connection: Connection) -> Context:
    """The same within a transaction.

    While that holds the intake lock nobody changes the organisation.
    """
    if read_version(connection) == context.organisation_version:
        return context
    version, organisation = read_current(connection)
    parts = context.newest_parts.get(version, lambda: _make(context, connection, organisation))
    return replace(context, triage=parts.within(context.triage), organisation_version=version)


def read_current(connection: Connection) -> tuple[int, Organisation]:
    """The organisation in force and its version.

    The lock keeps both of one state where each statement sees what was committed last.
    """
    take_intake_lock(connection)
    return read_version(connection), read_directory(connection)


def _make(context: Context, connection: Connection, organisation: Organisation) -> LocalParts:
    published = read_words(connection, ProvisionKind.WORDS) or ()
    return make_local_parts(context.settings, organisation, context.triage.taxonomy, published)
