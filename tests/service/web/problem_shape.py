"""The one shape of errors."""

from __future__ import annotations

import re
from typing import Any

import httpx

KEYS = {"type", "title", "status", "detail", "code", "errors"}


def the_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem that a response holds, its shape checked."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) == KEYS
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:minqing:problem:{code}"
    assert re.search("[\u4e00-\u9fff]", problem["title"])
    assert re.search("[\u4e00-\u9fff]", problem["detail"])
    return problem
