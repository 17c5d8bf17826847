"""Whoever writes agrees to how personal data are used; what was told is kept with the message."""

from __future__ import annotations

import pytest

from service.domain.consent import CONSENTS, consent_for
from service.domain.retention import KEPT_ALWAYS, RetentionPolicy
from service.storage import tables
from service.usecases.context import Context
from service.usecases.upkeep.retention import save_retention_policy
from tests.service.usecases.books import rows
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

CURRENT = consent_for(KEPT_ALWAYS)
TEXT = "庄里镇三合村东巷的路灯全黑了。"


def kept(context: Context) -> list[tuple[str, str]]:
    return [(row["consent_version"], row["taken_by"]) for row in rows(context, tables.message)]


def test_the_page_tells_purpose_basis_and_retention_before_one_writes(citizen: Visitor) -> None:
    page = citizen.get("/submit").text
    for words in (CURRENT.purpose, CURRENT.basis, CURRENT.retention, CURRENT.rights):
        assert words in page
    assert f'name="consent" value="{CURRENT.version}" required' in page


def test_the_text_tells_the_period_that_is_laid_down(citizen: Visitor, context: Context) -> None:
    assert "一直保存" in citizen.get("/submit").text
    save_retention_policy(context, RetentionPolicy(message_years=5), "管理员")
    page = citizen.get("/submit").text
    assert "自办结起保存 5 年" in page
    assert "一直保存" not in page
    # Who read the text before it changed agreed to that one.
    assert citizen.fill("/submit", text=TEXT, consent=CURRENT.version).status_code == 201
    version = consent_for(5).version
    assert citizen.fill("/submit", text="水管爆了。", consent=version).status_code == 201
    assert kept(context) == [(CURRENT.version, ""), (version, "")]
    assert CONSENTS[version].retention == consent_for(5).retention


@pytest.mark.parametrize("given", [{}, {"consent": ""}, {"consent": "1999"}, {"consent": "on"}])
def test_without_consent_nothing_is_taken_and_nothing_typed_is_lost(
    citizen: Visitor, context: Context, given: dict[str, str]
) -> None:
    page = citizen.fill("/submit", text=TEXT, phone="19900002345", **given)
    assert page.status_code == 422
    assert "请阅读并同意" in page.text
    assert TEXT in page.text
    assert "19900002345" in page.text
    assert kept(context) == []


def test_the_version_is_kept_with_the_message(citizen: Visitor, context: Context) -> None:
    assert citizen.fill("/submit", text=TEXT, consent=CURRENT.version).status_code == 201
    assert kept(context) == [(CURRENT.version, "")]


def test_of_a_letter_who_took_it_and_whether_its_sender_was_told_is_kept(
    clerk: Visitor, context: Context
) -> None:
    clerk.fill("/intake", channel="letter", text=TEXT)
    told = clerk.fill("/intake", channel="phone", text="水管爆了。", consent=CURRENT.version)
    assert CURRENT.purpose in told.text
    assert clerk.fill("/intake", text="x", consent="1999").status_code == 422
    assert kept(context) == [("", "admin"), (CURRENT.version, "admin")]
    assert "admin 代为登记，未记告知" in clerk.get("/matters/1").text


def test_another_system_may_say_what_was_agreed_to(program: Visitor, context: Context) -> None:
    body = {"text": TEXT, "consent": CURRENT.version}
    assert program.post("/api/v1/messages", json=body).status_code == 201
    assert program.post("/api/v1/messages", json={"text": "水管爆了。"}).status_code == 201
    unknown = program.post("/api/v1/messages", json=body | {"consent": "1999"})
    the_problem(unknown, 422, "invalid_input")
    long = program.post("/api/v1/messages", json=body | {"consent": "x" * 21})
    the_problem(long, 422, "invalid_input")
    assert kept(context) == [(CURRENT.version, ""), ("", "")]


def test_each_text_is_found_under_its_version() -> None:
    assert all(version == text.version for version, text in CONSENTS.items())
    assert CONSENTS[CURRENT.version] == CURRENT
