"""A database with the schema and no rows, made once for all tests that leave it empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.storage.database import Database
from tests.system.postgres import PostgresServer


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database with the schema; whoever uses it leaves it empty."""
    with postgres_server.fresh_database() as url:
        database = Database(url)
        database.upgrade()
        database.close()
        yield url
