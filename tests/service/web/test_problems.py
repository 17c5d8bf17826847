"""Every error class of the service, through the one handler."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.errors import CodeWantedError, MinqingError
from service.usecases.context import Context
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor


def errors(root: type[MinqingError] = MinqingError) -> Iterator[type[MinqingError]]:
    yield root
    for child in root.__subclasses__():
        yield from errors(child)


@pytest.fixture
def app(context: Context) -> FastAPI:
    """One of this test's own, that gets a route more."""
    return create_app(context)


@pytest.mark.parametrize("error", sorted(errors(), key=lambda e: e.code), ids=lambda e: e.code)
def test_an_error_has_its_status_code_and_chinese_words(
    app: FastAPI, error: type[MinqingError]
) -> None:
    # That one carries what the login goes on with, and tells nothing of it.
    tells = error is not CodeWantedError

    def fail() -> None:
        raise error("细节\ud800")

    app.add_api_route("/api/v1/fail", fail)
    problem = the_problem(
        Visitor(app, "application/json").get("/api/v1/fail"), error.status, error.code
    )
    assert problem["title"] == (error.__doc__ or "").strip()
    assert ("细节" in problem["detail"]) == tells
    assert "\ud800" not in problem["detail"]


def test_a_page_of_an_error_escapes_what_it_tells(app: FastAPI) -> None:
    def fail() -> None:
        raise MinqingError("<script>alert(1)</script>")

    app.add_api_route("/fail", fail)
    page = Visitor(app).get("/fail")
    assert page.status_code == 500
    assert "&lt;script&gt;alert(1)" in page.text
