"""What every test may ask for: databases of both kinds; and the rule that CI skips nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from service.composition import build_triage
from service.settings import Settings
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.context import Context
from tests.makers import Clock, a_small_organisation
from tests.system.postgres import PostgresServer, find_server_programs, running_server

# `make test` tries the same examples each time; `make proof` draws many new ones.
settings.register_profile("quick", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=1000, deadline=None)
settings.load_profile("quick")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On CI a skipped test has failed: what it needs must be installed there."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A private PostgreSQL server for the whole run."""
    programs = find_server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with running_server(programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database; mark tests that use it ``postgres``."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'minqing.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database: the test runs on SQLite and again on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def triage() -> Triage:
    """What judges messages, for the small organisation; made once, it keeps no state."""
    return build_triage(Settings(), a_small_organisation())


@pytest.fixture
def clock() -> Clock:
    """The clock of the context."""
    return Clock()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema and no rows, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.close()
    return path


@pytest.fixture
def context(tmp_path: Path, migrated_file: Path, triage: Triage, clock: Clock) -> Iterator[Context]:
    """All that use cases need, on a fresh SQLite database."""
    settings = Settings(home=tmp_path)
    shutil.copy(migrated_file, tmp_path / "minqing.sqlite3")
    database = Database(settings.url)
    yield Context(settings, database, triage, Sealer(settings.secret_key), clock)
    database.close()
