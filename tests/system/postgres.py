"""A PostgreSQL server of the tests' own: private folder, free port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

_HOST = "127.0.0.1"
_START_SECONDS = 60
SPEED_BEFORE_SAFETY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def find_server_programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` (Debian's newest, else the PATH's), or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    on_path = shutil.which("initdb")
    folders = [*reversed(debian), *([Path(on_path).parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class PostgresServer:
    """A running server that makes and drops databases."""

    def __init__(
        self, programs: Path, folder: Path, user: str | None, choices: Sequence[str]
    ) -> None:
        self.port = _free_port()
        self._count = 0
        self._folder, self._user = folder, user
        choices = (*choices, f"listen_addresses={_HOST}", "unix_socket_directories=")
        self._command = [programs / "postgres", "-D", folder / "data", "-p", str(self.port)]
        self._command += [part for choice in choices for part in ("-c", choice)]

    def start(self) -> None:
        """Start it, and return when it answers."""
        path = self._folder / "log"
        with path.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, user=self._user, cwd=self._folder, stdout=log, stderr=log
            )
        _wait_until_it_answers(self, self._process, path)

    def stop(self) -> None:
        """End its sessions and stop it; it can be started again."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=_START_SECONDS)

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@{_HOST}:{self.port}/{database}"

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL of an empty database that is dropped afterwards, whoever is still in it."""
        self._count += 1
        name = f"test_{self._count}"
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield self.url(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_server(
    programs: Path, choices: Sequence[str] = SPEED_BEFORE_SAFETY
) -> Iterator[PostgresServer]:
    """Make a cluster in a temporary folder, start it, and remove both afterwards.

    PostgreSQL refuses to run as root, so root starts it as Debian's user ``postgres``. ``choices``
    are settings in the place of its own (``name=value``): with none it is as safe as any.
    """
    user = "postgres" if os.geteuid() == 0 else None
    # Not pytest's own folder: that one is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="minqing-postgres-"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    try:
        _make_cluster(programs, folder, user)
        server = PostgresServer(programs, folder, user, choices)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_cluster(programs: Path, folder: Path, user: str | None) -> None:
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
    command = [programs / "initdb", "--no-sync", *options, "-D", folder / "data"]
    subprocess.run(command, user=user, cwd=folder, check=True, capture_output=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(
    server: PostgresServer, process: subprocess.Popen[bytes], log: Path
) -> None:
    limit = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from error
            time.sleep(0.05)
