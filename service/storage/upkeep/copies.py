"""Whole copies of a database by its own means: consistent while others write."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import inspect
from sqlalchemy.engine import URL

from service.errors import BackupError, DatabaseUnavailableError, SettingsError
from service.storage.database import Database
from service.storage.failures import told_in_chinese

_SQLITE, _POSTGRESQL = "sqlite", "postgresql"
_PLAIN: tuple[str, ...] = ("--no-owner", "--no-privileges")


def kind_of(database: Database) -> str:
    """``sqlite`` or ``postgresql``: a copy of one cannot be put into the other."""
    return database.engine.dialect.name


def copy_database(database: Database, path: Path) -> None:
    """Copy the whole database as it is at one moment into a file that is not there yet.

    SQLite copies itself (``VACUUM INTO``), of PostgreSQL its own ``pg_dump`` makes the copy.

    Raises
    ------
    DatabaseUnavailableError
        The database cannot be reached, or the copy not be written.
    SettingsError
        There is no ``pg_dump`` on this machine.
    """
    if kind_of(database) == _SQLITE:
        with told_in_chinese(), closing(database.engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM INTO ?", (str(path),))
        return
    _run("pg_dump", ["--format=custom", *_PLAIN, f"--file={path}"], database.engine.url)


def is_empty(database: Database) -> bool:
    """Whether nothing stands in the database, not even a table: nothing is made by asking.

    Raises
    ------
    DatabaseUnavailableError
        It cannot be reached.
    """
    if database.has_no_file():
        return True
    with database.reading() as connection:
        return not inspect(connection).get_table_names()


def put_database(database: Database, path: Path) -> None:
    """Make a copy the content of an empty database, whole or not at all.

    The file of a copy of SQLite is moved away.

    Raises
    ------
    BackupError
        The copy is damaged.
    DatabaseUnavailableError
        The database cannot be reached or written.
    SettingsError
        There is no ``pg_restore`` on this machine.
    """
    if kind_of(database) == _SQLITE:
        _check_sqlite_file(path)
        database.close()
        target = Path(str(database.engine.url.database))
        for journal in ("-wal", "-shm"):
            target.with_name(target.name + journal).unlink(missing_ok=True)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(target)
        return
    options = ["--single-transaction", "--exit-on-error", *_PLAIN]
    _run("pg_restore", [*options, str(path)], database.engine.url)


def _check_sqlite_file(path: Path) -> None:
    copy = Database(f"sqlite:///{path}")
    try:
        with copy.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    except DatabaseUnavailableError as error:
        raise BackupError("数据库的副本已损坏") from error
    finally:
        copy.close()
    if found != "ok":
        raise BackupError("数据库的副本已损坏")


def _where(url: URL) -> str:
    """Where the database is, as libpq reads it, without the password."""
    named = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    # What stands behind the question mark counts where nothing stands before it.
    parts: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    return make_conninfo(**{**url.query, **parts})


def _run(program: str, arguments: Sequence[str], url: URL) -> None:
    found = shutil.which(program)
    if found is None:
        raise SettingsError(f"这台机器上没有 {program}，请安装 postgresql-client")
    result = subprocess.run(  # noqa: S603 - the program's own name, no shell
        [found, "--no-password", f"--dbname={_where(url)}", *arguments],
        # The password stands in no command line, which everybody on the machine can read.
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGPASSWORD": url.password or ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if result.returncode:
        # The program's words may name hosts and users: the last line is enough to act upon.
        lines = result.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
        raise DatabaseUnavailableError(f"{program} 没有完成：{lines[-1][:200]}")
