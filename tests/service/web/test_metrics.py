"""What Prometheus reads: for whom, and with nothing a person typed."""

from __future__ import annotations

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from service.usecases.context import Context
from tests.service.web.visitor import Visitor

TOKEN = "a-token-of-enough-characters"


@pytest.fixture
def measured(program: Visitor, context: Context) -> Visitor:
    """Whoever comes with the token is let in; nobody by address."""
    object.__setattr__(context.settings, "metrics_token", SecretStr(TOKEN))
    object.__setattr__(context.settings, "metrics_addresses", "192.0.2.1")
    return program


def read(visitor: Visitor) -> dict[tuple[str, ...], float]:
    """Values by the samples' names and labels."""
    answer = visitor.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_their_pattern(measured: Visitor) -> None:
    for _ in range(3):
        measured.get("/healthz")
    measured.get("/api/v1/matters/77")
    told = read(measured)
    assert told["minqing_requests_total", "GET", "/healthz", "200"] == 3
    assert told["minqing_requests_total", "GET", "/api/v1/matters/{matter_id}", "401"] == 1
    assert told["minqing_request_seconds_count", "/healthz"] == 3


def test_what_is_stored_is_told(measured: Visitor) -> None:
    told = read(measured)
    assert told["minqing_database_up",] == 1
    assert told["minqing_stored", "messages"] == 0


def test_labels_stay_few_and_hold_nothing_that_was_typed(measured: Visitor) -> None:
    for number in range(50):
        measured.get(f"/张三{number}")
        measured.send(f"X{number}", "/healthz")
    told = read(measured)
    assert told["minqing_requests_total", "GET", "other", "404"] == 50
    assert len(told) < 100
    assert not re.search("张三|X1", str(told))


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", "Bearer é"])
def test_without_the_token_there_is_nothing(measured: Visitor, given: str) -> None:
    answer = measured.get("/metrics", headers={"Authorization": given.encode("latin-1")})
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"


@pytest.mark.parametrize(
    ("addresses", "status"),
    [("127.0.0.1", 200), ("127.0.0.0/8,::1", 200), ("10.0.0.0/8", 403), ("::1", 403)],
)
def test_an_address_that_may_needs_no_token(
    program: Visitor, context: Context, addresses: str, status: int
) -> None:
    object.__setattr__(context.settings, "metrics_addresses", addresses)
    assert program.get("/metrics").status_code == status


def test_an_empty_token_is_no_key(program: Visitor, context: Context) -> None:
    object.__setattr__(context.settings, "metrics_addresses", "192.0.2.1")
    answer = program.get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403
