"""Every route of the API × every scope of a token: written here once more by hand."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI

from service.domain.access import WHOLE, Account, Role, TokenScope
from service.storage.accounts import accounts
from service.usecases.accounts.api_tokens import add_token
from service.usecases.context import Context
from tests.service.web.access_world import OWN_TEXT, log_in_as, make_things
from tests.service.web.test_access_matrix import MATRIX, fill, send, told
from tests.service.web.visitor import Visitor

# R read, S senders, I intake, C casework, D admin, A accounts, V deliveries;
# none: only a person in a browser.
LETTERS = dict(zip("RSICDAV", TokenScope, strict=True))
READ = "R"
MATRIX_OF_TOKENS = {
    "POST /api/v1/matters:already-open": READ,
    "GET /api/v1/matters": READ,
    "GET /api/v1/matters/{matter_id}": READ,
    "GET /api/v1/matters/{matter_id}/explanation": READ,
    "GET /api/v1/matters/{matter_id}/similar": READ,
    "GET /api/v1/messages/{message_id}/parts": READ,
    "GET /api/v1/matters/{matter_id}/moves": READ,
    "GET /api/v1/matters/{matter_id}/consultations": READ,
    "GET /api/v1/matters/{matter_id}/replies": READ,
    "GET /api/v1/reply-templates": READ,
    "GET /api/v1/search": READ,
    "GET /api/v1/status": READ,
    "GET /api/v1/digests": READ,
    "POST /api/v1/digests": READ,
    "GET /api/v1/digest.schema.json": READ,
    "POST /api/v1/messages:mail": "I",
    "POST /api/v1/messages/{message_id}/attachments": "I",
    "GET /api/v1/messages/{message_id}/attachments": "S",
    "GET /api/v1/attachments/{attachment_id}": "S",
    "POST /api/v1/messages/{message_id}:erase": "",
    "GET /api/v1/erasures": "",
    "GET /api/v1/retention": "D",
    "PUT /api/v1/retention": "D",
    "GET /api/v1/digests/{id}/{form}": READ,
    "GET /api/v1/digests/{period}": READ,
    "GET /api/v1/receptions": "I",
    "POST /api/v1/receptions": "I",
    "POST /api/v1/receptions/{reception_id}/messages": "I",
    "POST /api/v1/receptions/{reception_id}:close": "I",
    "GET /api/v1/views": "",
    "GET /api/v1/views/{name}": "",
    "PUT /api/v1/views/{name}": "",
    "DELETE /api/v1/views/{name}": "",
    "GET /api/v1/tokens": "",
    "POST /api/v1/tokens": "",
    "DELETE /api/v1/tokens/{token_id}": "",
    "GET /api/v1/digest-schedules": "A",
    "POST /api/v1/digest-schedules": "",  # takes two: accounts, and reading what is summed up
    "DELETE /api/v1/digest-schedules/{schedule_id}": "A",
    "GET /api/v1/webhooks": "A",
    "POST /api/v1/webhooks": "A",
    "DELETE /api/v1/webhooks/{webhook_id}": "A",
    "POST /api/v1/webhooks/{webhook_id}:rotate": "A",
    "GET /api/v1/deliveries": "V",
    "POST /api/v1/deliveries/{delivery_id}:retry": "V",
    "GET /api/v1/accounts": "A",
    "POST /api/v1/accounts": "A",
    "PATCH /api/v1/accounts/{name}": "A",
    "DELETE /api/v1/accounts/{name}": "A",
    "POST /api/v1/accounts/{name}:enable": "A",
    "POST /api/v1/accounts/{name}:reset-password": "A",
    "POST /api/v1/accounts/{name}:reset-totp": "A",
    **dict.fromkeys(
        (
            "POST /api/v1/matters/{matter_id}:merge",
            "POST /api/v1/matters/{matter_id}:split",
            "POST /api/v1/matters/{matter_id}:take-out",
            "POST /api/v1/matters/{matter_id}:refuse",
            "POST /api/v1/matters/{matter_id}:relate",
            "POST /api/v1/matters:claim-next",
            "POST /api/v1/matters:bulk",
            "POST /api/v1/matters/{matter_id}:claim",
            "POST /api/v1/matters/{matter_id}:renew",
            "POST /api/v1/matters/{matter_id}:release",
            "POST /api/v1/matters/{matter_id}:reassign",
            "POST /api/v1/matters/{matter_id}:correct",
            "POST /api/v1/matters/{matter_id}:accept-route",
            "POST /api/v1/matters/{matter_id}:decline-route",
            "POST /api/v1/messages/{message_id}/parts",
            "POST /api/v1/messages/{message_id}/parts:decline",
            "POST /api/v1/messages/{message_id}/parts:undo",
            "POST /api/v1/matters/{matter_id}/moves",
            "POST /api/v1/matters/{matter_id}/consultations",
            "POST /api/v1/matters/{matter_id}/steps",
            "POST /api/v1/matters/{matter_id}/replies",
            "POST /api/v1/matters/{matter_id}/replies:check",
            "POST /api/v1/replies/{reply_id}:approve",
            "POST /api/v1/replies/{reply_id}:send",
        ),
        "C",
    ),
    **dict.fromkeys(
        (
            "GET /api/v1/calendar",
            "PUT /api/v1/calendar",
            "GET /api/v1/reminders",
            "PUT /api/v1/reminders",
            "PUT /api/v1/reply-templates/{name}",
            "DELETE /api/v1/reply-templates/{name}",
            "GET /api/v1/organisation",
            "GET /api/v1/organisation.xlsx",
            "PUT /api/v1/organisation.xlsx",
            "GET /api/v1/organisation/changes",
            "GET /api/v1/studios/{code}/shifts",
            "PUT /api/v1/studios/{code}/shifts",
            "GET /api/v1/committees/{code}/sectors",
            "PUT /api/v1/committees/{code}/sectors",
            "PUT /api/v1/members/{code}/absence",
            *(
                f"{method} /api/v1/{nouns}/{{code}}"
                for method in ("GET", "PUT", "DELETE")
                for nouns in ("committees", "studios", "members", "departments")
            ),
            "GET /api/v1/rules",
            "PUT /api/v1/rules",
            "POST /api/v1/rules:try",
            "GET /api/v1/duty-suggestions",
            "POST /api/v1/duty-suggestions/{code}:accept",
            "POST /api/v1/duty-suggestions/{code}:decline",
            "GET /api/v1/thresholds",
            "PUT /api/v1/thresholds",
            "GET /api/v1/thresholds/joining",
            "PUT /api/v1/thresholds/joining",
        ),
        "D",
    ),
}


def with_token(app: FastAPI, context: Context, account: Account, *scopes: TokenScope) -> Visitor:
    """A program that bears a token."""
    made = add_token(context, account, "对接", scopes, 30)
    visitor = Visitor(app, accept="application/json")
    visitor.headers["Authorization"] = f"Bearer {made.token}"
    return visitor


def test_the_matrix_names_every_route_of_the_api() -> None:
    assert MATRIX_OF_TOKENS.keys() == {name for name in MATRIX if " /api/" in name}


@pytest.mark.parametrize("scope", TokenScope, ids=lambda scope: scope.value)
def test_each_scope_opens_its_own_and_nothing_else(
    app: FastAPI, context: Context, scope: TokenScope
) -> None:
    things = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    log_in_as(app, Role.ADMINISTRATOR)
    owner = Account(Role.ADMINISTRATOR.value, Role.ADMINISTRATOR, WHOLE)
    program = with_token(app, context, owner, scope)
    wrong = []
    for name, letters in MATRIX_OF_TOKENS.items():
        method, path = name.split(" ")
        answer = send(program, "", method, fill(path, things, things, ""))
        may = scope in {LETTERS[letter] for letter in letters}
        if told(answer, things) != ("yes" if may else "forbidden"):
            wrong.append((name, answer.status_code, answer.text[:200]))
    assert wrong == []


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
def test_a_token_never_does_what_its_owner_may_not(
    app: FastAPI, context: Context, role: Role
) -> None:
    things = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    person = log_in_as(app, role)
    # As if the owner had been an administrator when the token was made.
    before = Account(role.value, Role.ADMINISTRATOR, WHOLE)
    program = with_token(app, context, before, *TokenScope)
    for name, letters in MATRIX_OF_TOKENS.items():
        if letters:
            method, path = name.split(" ")
            address = fill(path, things, things, "")
            by_person = told(send(person, "", method, address), things)
            assert told(send(program, "", method, address), things) == by_person, name


def test_senders_receipts_need_a_scope_of_their_own(app: FastAPI, context: Context) -> None:
    things = make_things(context, OWN_TEXT, "FP", "T1", "住建局")
    log_in_as(app, Role.ADMINISTRATOR)
    owner = Account(Role.ADMINISTRATOR.value, Role.ADMINISTRATOR, WHOLE)
    address = f"/api/v1/matters/{things.matter_id}"
    for scopes, is_shown in (
        ((TokenScope.READ,), False),
        ((TokenScope.READ, TokenScope.SENDERS), True),
    ):
        program = with_token(app, context, owner, *scopes)
        receipts = re.findall('"receipt": ?"([^"]*)"', program.get(address).text)
        assert receipts
        assert all(receipts) is is_shown


def test_a_token_is_for_an_accounts_part_only(app: FastAPI, context: Context) -> None:
    foreign = make_things(context, OWN_TEXT, "XX", "XX-1", "教育局")
    log_in_as(app, Role.CLERK)
    with context.database.reading() as connection:
        assert accounts.read_account(connection, "clerk") is not None
    program = with_token(app, context, Account("clerk", Role.CLERK), TokenScope.READ)
    assert program.get(f"/api/v1/matters/{foreign.matter_id}").status_code == 404
