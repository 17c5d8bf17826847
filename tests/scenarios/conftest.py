"""The desk of the demo county's whole organisation, with the shipped model, and its clerk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import create_app
from service.composition import build_triage, read_shipped_directory
from service.domain.organisation import OrganisationBook
from service.settings import Settings
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.accounts.accounts import ensure_administrator
from service.usecases.administration.organisation import save_book
from service.usecases.context import Context
from tests.makers import Clock
from tests.scenarios.desk import Desk
from tests.service.web.visitor import Visitor


@pytest.fixture(scope="session")
def demo_triage() -> Triage:
    settings = Settings()
    return build_triage(settings, read_shipped_directory(settings).organisation)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, demo_triage: Triage, clock: Clock
) -> Iterator[Desk]:
    """A clerk at the desk, logged in; nobody has written yet."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    settings = Settings(home=tmp_path, database_url=url)
    database = Database(url)
    database.upgrade()
    context = Context(settings, database, demo_triage, Sealer(settings.secret_key), clock)
    save_book(context, OrganisationBook(read_shipped_directory(settings).organisation), "admin")
    password = ensure_administrator(context)
    assert password is not None
    app = create_app(context)
    visitors = Visitor(app), Visitor(app, accept="application/json")
    made = Desk(context, *visitors, clock, password)
    made.log_in()
    yield made
    database.close()
