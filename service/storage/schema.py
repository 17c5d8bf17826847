"""The schema's version, and bringing it to the newest.

The version is read without Alembic, which takes a fifth of a second to load: it is needed only
where something has to be changed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

MIGRATIONS = Path(__file__).parent / "migrations"

# As Alembic makes it.
_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


@cache
def newest_version() -> str:
    """The version this program's migrations lead to: they are numbered, each after the last."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def has_schema(connection: Connection) -> bool:
    """Whether a program of this kind, of whatever version, made tables in a database."""
    return inspect(connection).has_table(_version.name)


def is_newest(connection: Connection) -> bool:
    """Whether a database's schema is the one of this program."""
    if not has_schema(connection):
        return False
    return list(connection.scalars(select(_version.c.version_num))) == [newest_version()]
