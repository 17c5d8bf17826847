"""The application on a fresh database, and who visits it."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.usecases.accounts import ensure_administrator
from service.usecases.context import Context
from tests.service.web.visitor import Visitor


@pytest.fixture
def app(context: Context) -> FastAPI:
    return create_app(context)


@pytest.fixture
def citizen(app: FastAPI) -> Visitor:
    """A browser that is not logged in."""
    return Visitor(app)


@pytest.fixture
def program(app: FastAPI) -> Visitor:
    """Another system, not logged in."""
    return Visitor(app, accept="application/json")


@pytest.fixture
def password(context: Context) -> str:
    """The administrator's."""
    made = ensure_administrator(context)
    assert made is not None
    return made


@pytest.fixture
def clerk(app: FastAPI, password: str) -> Visitor:
    """A browser that is logged in."""
    visitor = Visitor(app)
    assert visitor.fill("/login", name="admin", password=password).status_code == 303
    return visitor
