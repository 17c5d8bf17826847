"""The database: one engine, transactions, the schema's version."""

from __future__ import annotations

import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import SettingsError
from service.storage.expected import EXPECTED, Expected
from service.storage.failures import told_in_chinese
from service.storage.liveness import begin_when_taken
from service.storage.rows import take_schema_lock
from service.storage.schema import has_schema, is_newest
from service.storage.values import as_json

__all__ = ["Connection", "Database"]

_READS_ONLY = "minqing_reads_only"
_URL_KEY = "MINQING_DATABASE_URL"
_MAX_PORT = 65535
_URI = "file:"
_BUSY_MILLISECONDS = 15_000
_JOURNAL_PAUSE_SECONDS = 0.01
_SQLITE_OPTIONS = {
    "timeout",
    "isolation_level",
    "detect_types",
    "check_same_thread",
    "cached_statements",
}  # of the driver; with "uri" there, the others are SQLite's own


class Database:
    """A database that transactions are begun on.

    A file that is missing is made, and its folder, with the first transaction.

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
        self._expected: Expected | None = None

    def expecting(self, expected: Expected) -> Database:
        """The same database, whose transactions go on only with matters of these versions."""
        same = copy(self)
        same._expected = expected
        return same

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One writing transaction: committed at the end, rolled back when anything is raised.

        Raises
        ------
        DatabaseUnavailableError
            The database cannot be reached, or its file is locked, full or read-only.
        InvalidInputError
            A value that the database does not take.
        SettingsError
            Its file is missing and cannot be made.
        """
        engine = self.engine
        if self._expected is not None:
            engine = engine.execution_options(**{EXPECTED: self._expected})
        with told_in_chinese(), engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads: it sees one state and holds up nobody.

        Raises
        ------
        DatabaseUnavailableError
            The database cannot be reached.
        SettingsError
            Its file is missing and cannot be made.
        """
        reader = self.engine.execution_options(**{_READS_ONLY: True})
        with told_in_chinese(), reader.begin() as connection:
            yield connection

    def has_no_file(self) -> bool:
        """Whether it is an SQLite file that is missing or empty: nothing is made by asking.

        Raises
        ------
        SettingsError
            Its folder may not be looked into.
        """
        url = self.engine.url
        return url.get_backend_name() == "sqlite" and _is_missing(_file_of(url))

    def is_begun(self) -> bool:
        """Whether it has a schema of whatever version: nothing is made by asking.

        Raises
        ------
        DatabaseUnavailableError
            The database cannot be reached.
        SettingsError
            As ``has_no_file``.
        """
        if self.has_no_file():
            return False
        with self.reading() as connection:
            return has_schema(connection)

    def upgrade(self) -> None:
        """Bring the schema to the newest version; made from nothing where there is none.

        Raises
        ------
        DatabaseUnavailableError
            The database cannot be reached or written.
        SettingsError
            A newer program made the database.
        """
        if self.is_current():
            return
        # Its library is loaded only where there is something to change.
        migrate: Callable[[Connection], None] = import_module("service.storage.migrating").migrate
        with self.transaction() as connection:
            take_schema_lock(connection)
            migrate(connection)

    def is_current(self) -> bool:
        """Whether the schema is the newest.

        Raises
        ------
        DatabaseUnavailableError
            The database cannot be reached.
        """
        with self.reading() as connection:
            return is_newest(connection)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _make_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        parsed.get_dialect()  # complains of a driver that does not exist
        make = _MAKERS.get(parsed.get_backend_name())
        if make is None:
            raise SettingsError(f"{_URL_KEY} 须为 sqlite 或 postgresql")
        return make(parsed)
    except (ArgumentError, NoSuchModuleError, TypeError, ValueError) as error:
        raise SettingsError(f"{_URL_KEY} 的值不正确") from error


# What people wrote must not stand in an error message, and so in a log.
_OF_ALL: Mapping[str, Any] = {"hide_parameters": True, "json_serializer": as_json}


def _make_postgresql_engine(url: URL) -> Engine:
    driver = url.set(drivername="postgresql+psycopg")
    engine = create_engine(driver, pool_size=10, **_OF_ALL)
    begin_when_taken(engine)
    if url.port is not None and not 0 < url.port <= _MAX_PORT:
        raise ValueError(url.port)
    psycopg: Any = engine.dialect.loaded_dbapi
    try:
        # It knows all options by name, and connects nothing.
        psycopg.conninfo.make_conninfo(**dict.fromkeys(url.query, ""))
    except psycopg.ProgrammingError as error:
        raise ValueError(*url.query) from error
    return engine


def _make_sqlite_engine(url: URL) -> Engine:
    if "uri" not in url.query and not _SQLITE_OPTIONS.issuperset(url.query):
        raise ValueError(url.query)
    if not url.database or ":memory:" in url.database:
        # Each connection would see an empty database of its own.
        raise SettingsError(f"{_URL_KEY} 须指明 SQLite 数据库文件")
    engine = create_engine(url.set(drivername="sqlite"), **_OF_ALL)
    if not url.database.startswith(_URI):
        event.listen(engine, "do_connect", _prepare_file)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_immediate)
    return engine


_MAKERS: Mapping[str, Callable[[URL], Engine]] = {
    "postgresql": _make_postgresql_engine,
    "sqlite": _make_sqlite_engine,
}


def _file_of(url: URL) -> Path:
    """The file of an SQLite database, which a URI of SQLite's own may name."""
    named = str(url.database)
    return Path(unquote(urlsplit(named).path) if named.startswith(_URI) else named)


def _is_missing(path: Path) -> bool:
    try:
        there = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError) as error:
        raise SettingsError(f"数据库文件 {path} 无法打开") from error
    return stat.S_ISREG(there.st_mode) and not there.st_size


def _prepare_file(_: Dialect, __: ConnectionPoolEntry, arguments: list[Any], ___: object) -> None:
    """Make folder and file where they are missing, for nobody else to read.

    SQLite gives its journal the same rights as the file.
    """
    path = Path(arguments[0])
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
    except OSError as error:
        raise SettingsError(f"数据库文件 {path} 无法建立（{error.strerror}）") from error


def _set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off: it begins too late (see below).
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    _write_ahead(connection)
    for pragma in (
        "synchronous = FULL",  # an acknowledged message survives a power cut
        "foreign_keys = ON",
        "cache_size = -65536",
        # Batches of an import change the same pages again and again: copied back once for some.
        "wal_autocheckpoint = 10000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Put a new file's journal beside it; who opens the file at the same time is waited for.

    SQLite does not wait by itself here: two that read and both want the file for themselves would
    wait for each other (https://sqlite.org/c3ref/busy_handler.html).
    """
    last_try = time.monotonic() + _BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > last_try:
                raise
            time.sleep(_JOURNAL_PAUSE_SECONDS)
        else:
            return


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first could fail when it writes."""
    reads_only = connection.get_execution_options().get(_READS_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
