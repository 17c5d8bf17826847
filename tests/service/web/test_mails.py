"""Mails handed in as they are: by a program through the API, by a clerk on the page."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from service.domain.access import Account, Role, TokenScope
from service.domain.consent import consent_for
from service.domain.retention import KEPT_ALWAYS
from service.storage import tables
from service.usecases.context import Context
from tests.service.intake.test_attachments import photograph
from tests.service.intake.test_email_message import HOSTILE
from tests.service.usecases.books import rows
from tests.service.usecases.mailing.test_mails import letter
from tests.service.web.access_world import log_in_as
from tests.service.web.test_token_matrix import with_token
from tests.service.web.visitor import Visitor

FILES = (("路灯.jpg", photograph()), ("evil.exe", b"MZ"))


@pytest.fixture
def post_office(app: FastAPI, context: Context) -> Visitor:
    """A program that may take letters in."""
    log_in_as(app, Role.ADMINISTRATOR)
    owner = Account(Role.ADMINISTRATOR.value, Role.ADMINISTRATOR)
    return with_token(app, context, owner, TokenScope.INTAKE)


def hand_in(program: Visitor, raw: bytes, **headers: str) -> Any:
    headers = {"content-type": "message/rfc822"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return program.post("/api/v1/messages:mail", content=raw, headers=headers)


def test_a_mail_is_taken_in_once_with_its_files(post_office: Visitor, context: Context) -> None:
    first, again = (hand_in(post_office, letter(1, *FILES)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    told = first.json()
    assert (told["attachments"], told["is_new"]) == (1, True)
    assert told["refused"][0].startswith("evil.exe")
    assert again.json()["receipt"] == told["receipt"]
    assert (again.json()["attachments"], again.json()["pin"]) == (1, "")
    (message,) = rows(context, tables.message)
    assert (message["channel"], message["taken_by"]) == ("email", Role.ADMINISTRATOR.value)
    assert rows(context, tables.delivery) == []  # nobody is written to


def test_a_key_gives_the_same_answer_again(post_office: Visitor) -> None:
    first, again = (hand_in(post_office, letter(1), idempotency_key="k") for _ in range(2))
    assert first.json() == again.json()
    assert (first.status_code, again.status_code) == (201, 201)
    other = hand_in(post_office, letter(2), idempotency_key="k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (letter(1, Precedence="bulk"), 422, "automatic_mail"),
        (letter(2, Message_ID="<1@example.cn>"), 409, "number_taken"),
        (b"", 422, "mail_unreadable"),
    ],
)
def test_what_is_no_letter_is_refused(
    post_office: Visitor, context: Context, raw: bytes, status: int, code: str
) -> None:
    hand_in(post_office, letter(1))
    answer = hand_in(post_office, raw)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(rows(context, tables.message)) == 1


@pytest.mark.hostile
def test_who_may_not_is_told_before_the_mail_is_read(
    program: Visitor, post_office: Visitor, context: Context
) -> None:
    async def never() -> Any:
        yield b"Subject: x\r\n"
        raise AssertionError("it was read on")

    for media_type in ("message/rfc822", "message/rfc822; charset=utf-8"):
        answer = hand_in(program, never(), content_type=media_type)  # type: ignore[arg-type]
        assert answer.status_code == 401
    for media_type in ("application/json", "application/octet-stream", ""):
        answer = hand_in(post_office, letter(1), content_type=media_type)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    too_large = bytes(context.settings.max_upload_bytes + 1)
    assert hand_in(post_office, too_large).status_code == 413
    assert rows(context, tables.message) == []


@pytest.mark.hostile
def test_a_crafted_mail_is_taken_in_or_refused_by_both_doors(
    post_office: Visitor, clerk: Visitor
) -> None:
    statuses = {name: hand_in(post_office, raw).status_code for name, raw in HOSTILE.items()}
    assert set(statuses.values()) <= {200, 201, 409, 413, 422}, statuses
    for name in ("a thousand boxes", "zeros", "zeros in headers", "a picture", "script"):
        answer = upload(clerk, HOSTILE[name])
        assert answer.status_code in (200, 201, 422), name
        assert "<script>alert" not in answer.text


def upload(clerk: Visitor, raw: bytes, **fields: str) -> Any:
    file = ("mail", ("信.eml", raw, "message/rfc822"))
    return clerk.fill("/intake", "/intake/mail", files=[file], **fields)


def test_a_clerk_hands_a_mail_in_and_gets_the_slip(clerk: Visitor, context: Context) -> None:
    version = consent_for(KEPT_ALWAYS).version
    first = upload(clerk, letter(1, *FILES), consent=version)
    assert first.status_code == 201
    assert all(told in first.text for told in ("路灯1", "王某", "查询密码", "1 个附件没有接收"))
    again = upload(clerk, letter(1, *FILES))
    assert (again.status_code, "此前已经登记" in again.text) == (200, True)
    (message,) = rows(context, tables.message)
    assert (message["taken_by"], message["consent_version"]) == ("admin", version)


def test_a_refused_mail_is_told_beside_its_form(clerk: Visitor, context: Context) -> None:
    refused = upload(clerk, letter(1, Precedence="bulk"))
    assert refused.status_code == 422
    assert "没有作为来信登记" in refused.text.partition('id="mail"')[2]
    assert upload(clerk, b"").status_code == 422
    assert clerk.post("/intake/mail", data={"csrf_token": "0" * 64}).status_code == 403
    assert rows(context, tables.message) == []
