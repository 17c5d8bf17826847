"""The open door of intake: anybody may, a token is honoured or refused, nobody may too often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from service.domain.access import Account, Role, TokenScope
from service.storage import tables
from service.usecases.accounts.accounts import set_disabled
from service.usecases.accounts.api_tokens import list_tokens, revoke_token
from service.usecases.context import Context
from service.web.throttle import throttle_of
from tests.makers import Clock
from tests.service.usecases.books import rows
from tests.service.web.access_world import log_in_as
from tests.service.web.problem_shape import the_problem
from tests.service.web.test_token_matrix import with_token
from tests.service.web.visitor import Visitor

URL = "/api/v1/messages"
TEXT = "庄里镇三合村东巷的路灯坏了半个月。"
OWNER = Account(Role.CLERK.value, Role.CLERK)


@pytest.fixture
def hub(app: FastAPI, context: Context) -> Visitor:
    """Another system, with a token to take messages in."""
    log_in_as(app, Role.CLERK)
    return with_token(app, context, OWNER, TokenScope.INTAKE)


def sources(context: Context) -> set[tuple[str, str]]:
    return {(row["source"], row["channel"]) for row in rows(context, tables.message)}


def test_a_system_s_messages_stand_under_its_own_source(
    hub: Visitor, program: Visitor, context: Context
) -> None:
    assert hub.post(URL, json={"text": TEXT}).status_code == 201
    told = {"text": TEXT + "一", "source": "热线", "external_id": "7", "channel": "phone"}
    batch = hub.post(f"{URL}:batch", json={"messages": [told]})
    assert batch.json()["received"] == 1
    assert sources(context) == {("@clerk", "api"), ("@clerk/热线", "phone")}
    # Nobody without the token takes its numbers, or speaks as it.
    other = program.post(URL, json=told | {"text": TEXT + "二"})
    assert other.status_code == 201
    forged = program.post(URL, json=told | {"source": "@clerk/热线"})
    the_problem(forged, 422, "invalid_input")


@pytest.mark.hostile
def test_nobody_takes_a_system_s_keys_before_it_comes(
    hub: Visitor, program: Visitor, context: Context
) -> None:
    key = {"Idempotency-Key": "1001"}
    for path, wrap in ((URL, dict), (f"{URL}:batch", lambda one: {"messages": [one]})):
        assert program.post(path, json=wrap({"text": "别的话"}), headers=key).status_code < 300
        told = wrap({"text": TEXT})
        first = hub.post(path, json=told, headers=key)
        assert first.status_code < 300
        assert hub.post(path, json=told, headers=key).json() == first.json()
        key = {"Idempotency-Key": "1002"}
    assert ("@clerk", "api") in sources(context)


def test_a_system_s_names_may_not_be_too_long(hub: Visitor) -> None:
    answer = hub.post(URL, json={"text": TEXT, "source": "长" * 100})
    the_problem(answer, 422, "invalid_input")


def expire(app: FastAPI, context: Context, clock: Clock) -> None:
    clock.forward(days=31)


def revoke(app: FastAPI, context: Context, clock: Clock) -> None:
    for each in list_tokens(context, OWNER):
        revoke_token(context, OWNER, each.id)


def disable(app: FastAPI, context: Context, clock: Clock) -> None:
    log_in_as(app, Role.ADMINISTRATOR)
    set_disabled(context, OWNER.name, True)


@pytest.mark.hostile
@pytest.mark.parametrize("spoil", [expire, revoke, disable])
@pytest.mark.parametrize("path", [URL, f"{URL}:batch"])
def test_a_token_that_opens_nothing_is_refused_not_passed_over(
    *,
    app: FastAPI,
    context: Context,
    clock: Clock,
    hub: Visitor,
    spoil: Callable[[FastAPI, Context, Clock], None],
    path: str,
) -> None:
    spoil(app, context, clock)
    body: dict[str, Any] = {"text": TEXT}
    answer = hub.post(path, json=body if path == URL else {"messages": [body]})
    the_problem(answer, 401, "token")
    assert rows(context, tables.message) == []


@pytest.mark.hostile
@pytest.mark.parametrize(
    "given", ["Bearer ", "bearer x", "BEARER mq_" + "A" * 43, "Bearer\t", "bearer"]
)
def test_what_is_no_token_is_refused(program: Visitor, context: Context, given: str) -> None:
    answer = program.post(URL, json={"text": TEXT}, headers={"Authorization": given})
    the_problem(answer, 401, "token")
    assert rows(context, tables.message) == []


@pytest.mark.parametrize("scope", [one for one in TokenScope if one is not TokenScope.INTAKE])
def test_a_token_for_something_else_is_refused(
    app: FastAPI, context: Context, scope: TokenScope
) -> None:
    log_in_as(app, Role.ADMINISTRATOR)
    owner = Account(Role.ADMINISTRATOR.value, Role.ADMINISTRATOR)
    other = with_token(app, context, owner, scope)
    the_problem(other.post(URL, json={"text": TEXT}), 403, "forbidden")
    assert rows(context, tables.message) == []


def test_an_address_and_a_system_are_counted_apart(
    app: FastAPI, hub: Visitor, program: Visitor, citizen: Visitor
) -> None:
    app.state.intake_throttle, app.state.system_throttle = throttle_of(2), throttle_of(4)
    assert [post(program, n) for n in range(3)] == [201, 201, 429]
    refused = program.post(URL, json={"text": TEXT})
    assert 1 < int(refused.headers["retry-after"]) <= 30
    assert citizen.post("/submit").status_code == 429  # before its form is read
    assert [post(hub, n) for n in range(10, 15)] == [201, 201, 201, 201, 429]


def test_a_batch_counts_as_many_as_it_holds(app: FastAPI, program: Visitor) -> None:
    app.state.intake_throttle = throttle_of(5)
    batch = {"messages": [{"text": f"{TEXT}{n}"} for n in range(20)]}
    assert program.post(f"{URL}:batch", json=batch).json()["received"] == 20
    refused = program.post(URL, json={"text": TEXT})
    the_problem(refused, 429, "too_many_requests")
    assert 180 < int(refused.headers["retry-after"]) <= 192


def post(visitor: Visitor, number: int) -> int:
    return visitor.post(URL, json={"text": f"{TEXT}{number}"}).status_code
