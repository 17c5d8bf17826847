"""A database with the schema, on SQLite and again on PostgreSQL, for tests that roll back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.storage.database import Connection, Database


@pytest.fixture(scope="session")
def sqlite_engine(migrated_file: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{migrated_file}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_engine(migrated_postgres: str) -> Iterator[Database]:
    opened = Database(migrated_postgres)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated(request: pytest.FixtureRequest) -> Database:
    """Leave it as it is: whatever is written must be rolled back."""
    database: Database = request.getfixturevalue(f"{request.param}_engine")
    return database


@pytest.fixture
def connection(migrated: Database) -> Iterator[Connection]:
    """A writing transaction, rolled back at the end."""
    with migrated.engine.connect() as opened, opened.begin() as transaction:
        yield opened
        transaction.rollback()
