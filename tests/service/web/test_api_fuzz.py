"""A few hundred requests drawn from the OpenAPI document; ``benchmarks/api_fuzz.py`` sends more."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from tests.service.web.api_fuzzing import CALLERS, fuzz, prepare

pytestmark = pytest.mark.hostile


def test_no_drawn_request_gets_an_answer_that_the_document_does_not_state(app: FastAPI) -> None:
    prepare(app)
    found = fuzz(app, CALLERS["administrator"](app), 2, seed=1, phases=["fuzzing"])
    assert found.faults == []
    assert found.case_count > 200
