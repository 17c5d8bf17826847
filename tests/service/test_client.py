"""The typed client: made from the document of the API as it is now, and careful with what it sends.

The scenarios walk through months of work by it.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.client import MinqingClient, ProblemError
from service.client.answer import in_path

ROOT = Path(__file__).resolve().parents[2]


def test_it_is_made_from_the_document_as_it_is_now() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "api_client.py"))
    for name, text in tool["files_of"](tool["read_document"]()).items():
        assert (ROOT / "service" / "client" / name).read_text("utf-8") == text, (
            "run tools/api_client.py"
        )


def client_of(status: int, **answer: Any) -> tuple[MinqingClient, list[httpx.Request]]:
    """A client of a service that gives one answer to everything, and what it was asked."""
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status, **answer)

    http = httpx.Client(transport=httpx.MockTransport(handle), base_url="http://desk.test")
    return MinqingClient(http.request), asked


def test_what_is_not_given_is_not_sent() -> None:
    client, asked = client_of(200, json={"id": 7}, headers={"etag": '"7-3"'})
    assert client.get_matter(7).etag == '"7-3"'
    client.get_matter(7, after=0)
    assert [str(one.url) for one in asked] == [
        "http://desk.test/api/v1/matters/7",
        "http://desk.test/api/v1/matters/7?after=0",
    ]
    assert "if-match" not in asked[0].headers


def test_a_problem_is_raised_with_all_it_tells() -> None:
    problem = {"code": "unavailable", "detail": "请稍后再试", "errors": [{"field": "text"}]}
    headers = {"content-type": "application/problem+json", "retry-after": "5"}
    client, _ = client_of(503, json=problem, headers=headers)
    with pytest.raises(ProblemError, match="503 unavailable 请稍后再试") as raised:
        client.get_matter(1)
    error = raised.value
    assert (error.status, error.retry_after, error.errors) == (503, 5, [{"field": "text"}])


def test_a_proxy_that_answers_in_its_own_words_is_told_by_status() -> None:
    client, _ = client_of(502, text="<html>", headers={"retry-after": "soon"})
    with pytest.raises(ProblemError) as raised:
        client.get_matter(1)
    assert (raised.value.status, raised.value.code, raised.value.retry_after) == (502, "", None)


@given(st.text().map(lambda text: text.encode("utf-8", "ignore").decode()))
def test_a_value_stays_one_part_of_the_path(value: str) -> None:
    url = httpx.URL(f"http://desk.test/a/{in_path(value)}/z")
    assert url.raw_path.count(b"/") == 3
    assert not {b".", b".."} & set(url.raw_path.split(b"/"))
