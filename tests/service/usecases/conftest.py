"""The use cases run on SQLite and again on PostgreSQL, with a model that knows three words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.settings import Settings
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.storage.tables import metadata
from service.triage.pipeline import Triage
from service.usecases.context import Context
from tests.makers import Clock
from tests.tiny_model import TinyModel, tiny_pair_model


@pytest.fixture(scope="session")
def tiny_triage(triage: Triage) -> Triage:
    return replace(triage, model=TinyModel(triage.taxonomy), pair_model=tiny_pair_model())


@pytest.fixture
def emptied_sqlite(migrated_file: Path, tmp_path: Path) -> str:
    path = shutil.copy(migrated_file, tmp_path / "minqing.sqlite3")
    return f"sqlite:///{path}"


@pytest.fixture
def emptied_postgres(migrated_postgres: str) -> Iterator[str]:
    yield migrated_postgres
    database = Database(migrated_postgres)
    with database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def context(
    request: pytest.FixtureRequest, tmp_path: Path, tiny_triage: Triage, clock: Clock
) -> Iterator[Context]:
    url: str = request.getfixturevalue(f"emptied_{request.param}")
    settings = Settings(home=tmp_path, database_url=url)
    database = Database(url)
    yield Context(settings, database, tiny_triage, Sealer(settings.secret_key), clock)
    database.close()


@pytest.fixture
def by_hand(context: Context) -> Context:
    """The same without a model."""
    return replace(context, triage=replace(context.triage, model=None, pair_model=None))
