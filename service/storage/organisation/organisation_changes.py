"""Who changed what in the directory. Rows are only ever added; the newest tells its version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from service.domain.organisation_change import ChangeAction, OrganisationChange, RowChange
from service.storage.rows import insert_rows
from service.storage.tables import organisation_change

_VERSION = select(func.coalesce(func.max(organisation_change.c.version), 0))


def read_version(connection: Connection) -> int:
    """The version of the directory in force; 0 where it was never changed."""
    return int(connection.execute(_VERSION).scalar_one())


def insert_changes(
    connection: Connection, rows: Iterable[RowChange], version: int, at: datetime, actor: str
) -> None:
    """Keep what was changed together."""
    insert_rows(
        connection,
        organisation_change,
        [
            {
                "version": version,
                "at": at,
                "actor": actor,
                "sheet": row.sheet,
                "code": row.code,
                "name": row.name,
                "action": row.action.value,
                "fields": [list(field) for field in row.fields],
            }
            for row in rows
        ],
    )


def read_changes(
    connection: Connection, limit: int, before: int = 0, sheet: str = "", code: str = ""
) -> list[OrganisationChange]:
    """The newest changes first, at most ``limit``.

    Only those before the one with the id ``before`` where that is not 0, and only those of a
    table and of a row where these are given.
    """
    query = select(organisation_change).order_by(organisation_change.c.id.desc()).limit(limit)
    if before:
        query = query.where(organisation_change.c.id < before)
    for column, value in ((organisation_change.c.sheet, sheet), (organisation_change.c.code, code)):
        if value:
            query = query.where(column == value)
    return [_as_change(row) for row in connection.execute(query)]


def _as_change(row: Row[Any]) -> OrganisationChange:
    fields = tuple((column, was, becomes) for column, was, becomes in row.fields)
    action = ChangeAction(row.action)
    told = RowChange(row.sheet, row.code, row.name, action, fields)
    return OrganisationChange(row.id, row.version, row.at, row.actor, told)
