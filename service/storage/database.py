"""The database: one engine, transactions, the schema's version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InternalError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import DatabaseUnavailableError, SettingsError

_MIGRATIONS = Path(__file__).parent / "migrations"
_READS_ONLY = "minqing_reads_only"


class Database:
    """A database that transactions are begun on.

    Parameters
    ----------
    url
        An SQLAlchemy URL of SQLite (a file) or PostgreSQL.

    Raises
    ------
    SettingsError
        The URL is not one of those.
    """

    def __init__(self, url: str) -> None:
        self.engine = _make_engine(url)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One writing transaction: committed at the end, rolled back when anything is raised.

        Raises
        ------
        DatabaseUnavailableError
            The database cannot be reached, or its file is locked, full or read-only.
        """
        with _told_in_chinese(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads: it sees one state and holds up nobody.

        Raises
        ------
        DatabaseUnavailableError
            The database cannot be reached.
        """
        reader = self.engine.execution_options(**{_READS_ONLY: True})
        with _told_in_chinese(), reader.begin() as connection:
            yield connection

    def upgrade(self) -> None:
        """Bring the schema to the newest version; made from nothing where there is none."""
        with self.transaction() as connection:
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def is_current(self) -> bool:
        """Whether the schema is the newest."""
        head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
        with self.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision() == head

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def _told_in_chinese() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InternalError) as error:
        raise DatabaseUnavailableError(str(error.orig).split("\n", 1)[0]) from error


def _make_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True
            )
        if parsed.get_backend_name() != "sqlite":
            raise SettingsError("MINQING_DATABASE_URL 须为 sqlite 或 postgresql")
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SettingsError("MINQING_DATABASE_URL 的值不正确") from error
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off: it begins too late (see below).
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged message survives a power cut
        "foreign_keys = ON",
        "busy_timeout = 15000",
        "cache_size = -65536",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first could fail when it writes."""
    reads_only = connection.get_execution_options().get(_READS_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
