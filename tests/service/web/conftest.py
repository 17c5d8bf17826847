"""The application on a fresh database, and who visits it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI

from service.app import answer_from, create_app
from service.domain.access import Role
from service.settings import Settings
from service.storage.accounts import accounts
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.accounts.accounts import ADMINISTRATOR
from service.usecases.accounts.passwords import draw_password
from service.usecases.context import Context
from tests.makers import Clock
from tests.service.web.visitor import Visitor


@pytest.fixture(scope="session")
def made_app(tmp_path_factory: pytest.TempPathFactory, triage: Triage) -> FastAPI:
    """The application with its routes, which take long to make, and nothing to answer from."""
    settings = Settings(home=tmp_path_factory.mktemp("nothing"))
    database, sealer = Database(settings.url), Sealer(settings.secret_key)
    return create_app(Context(settings, database, triage, sealer, Clock()))


@pytest.fixture
def app(context: Context, made_app: FastAPI) -> Iterator[FastAPI]:
    """It answers from this test's context."""
    answer_from(made_app, context)
    yield made_app
    made_app.dependency_overrides.clear()


@pytest.fixture
def citizen(app: FastAPI) -> Visitor:
    """A browser that is not logged in."""
    return Visitor(app)


@pytest.fixture
def program(app: FastAPI) -> Visitor:
    """Another system, not logged in."""
    return Visitor(app, accept="application/json")


@pytest.fixture(scope="session")
def drawn() -> tuple[str, str]:
    """A password and its hash, which takes long to make."""
    return draw_password()


@pytest.fixture
def password(context: Context, drawn: tuple[str, str]) -> str:
    """The administrator's."""
    with context.database.transaction() as connection:
        accounts.insert_account(connection, ADMINISTRATOR, drawn[1], Role.ADMINISTRATOR)
    return drawn[0]


@pytest.fixture
def clerk(app: FastAPI, context: Context, password: str) -> Visitor:
    """A browser that is logged in, as if by the page, of which other tests tell."""
    token, now = "the token of a session", context.now()
    digest = hashlib.sha256(token.encode()).digest()
    with context.database.transaction() as connection:
        ends_at = now + timedelta(hours=context.settings.session_hours)
        accounts.insert_login(connection, digest, ADMINISTRATOR, now, ends_at)
    visitor = Visitor(app)
    session = app.state.seal.sign_session(token)
    visitor.cookies.set("minqing_session", session, domain="desk.test")
    return visitor


@pytest.fixture
def open_house(app: FastAPI, context: Context) -> Context:
    """The application's context: it may tell receivers here, and the addresses of documentation."""
    told = {"webhook_allow": "127.0.0.1,192.0.2.0/24"}
    settings = context.settings.model_copy(update=told)
    app.state.context = replace(context, settings=settings)
    return app.state.context
