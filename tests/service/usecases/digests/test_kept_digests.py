"""A kept digest stays as it was made, whatever becomes of the data."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from service.digest.form import FORMS, render
from service.digest.periods import parse_period
from service.domain.access import Account, Role, Scope, ScopeKind
from service.domain.deadline import SHANGHAI
from service.domain.digest_scope import DigestScopeKind
from service.errors import InvalidInputError, NotFoundError
from service.storage import tables
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import find_scope
from service.usecases.digests.kept_digests import keep_digest, list_kept_digests, read_kept_file
from service.usecases.intake.receive import receive_messages
from tests.makers import Clock, a_message
from tests.service.usecases.books import rows

ADMIN = Account("admin", Role.ADMINISTRATOR)
WEEK = parse_period("2026-W09")
MONDAY = datetime(2026, 2, 23, tzinfo=SHANGHAI)


def receive(context: Context, number: int) -> None:
    text = f"镇上{number}号楼前的污水井冒了三天，没有人管。"
    receive_messages(context, [a_message(text, sent_at=MONDAY, external_id=str(number))])


def test_later_messages_do_not_change_what_was_kept(context: Context, clock: Clock) -> None:
    clock.at = MONDAY + timedelta(days=8)
    receive(context, 1)
    expected = {form: render(make_digest(context, WEEK), form) for form in FORMS}
    kept_id = keep_digest(context, WEEK, "王科")
    clock.at += timedelta(days=1)
    receive(context, 2)
    for form, content in expected.items():
        kept = read_kept_file(context, kept_id, form.removeprefix("."), ADMIN)
        assert kept.content == content != render(make_digest(context, WEEK), form)
        assert kept.title == "民情周报（2026年第9周）"


def test_the_list_tells_what_was_summed_up_and_until_when(context: Context, clock: Clock) -> None:
    clock.at = MONDAY + timedelta(days=8)
    receive(context, 1)
    first = keep_digest(context, WEEK, "王科")
    clock.at += timedelta(hours=1)
    second = keep_digest(context, WEEK, "李主任", find_scope(context, topic="04"))
    narrowed, whole = list_kept_digests(context, ADMIN)
    assert (narrowed.id, whole.id) == (second, first)
    assert (narrowed.scope_kind, narrowed.scope_key) == (DigestScopeKind.TOPIC, "04")
    assert (whole.scope_kind, whole.message_count, whole.made_by) == (
        DigestScopeKind.WHOLE,
        1,
        "王科",
    )
    assert narrowed.cut_at - whole.cut_at == timedelta(hours=1)


def test_what_cannot_be_summed_up_is_not_kept(context: Context) -> None:
    with pytest.raises(InvalidInputError):
        keep_digest(context, parse_period("2099"), "王科")
    assert rows(context, tables.kept_digest) == []


@pytest.mark.parametrize("kept_id", [0, -1, 1, 10**30])
def test_a_digest_that_is_not_there_is_not_found(context: Context, kept_id: int) -> None:
    with pytest.raises(NotFoundError):
        read_kept_file(context, kept_id, "docx", ADMIN)


def test_an_account_sees_what_tells_of_its_own_matters_only(context: Context, clock: Clock) -> None:
    clock.at = MONDAY + timedelta(days=8)
    convener = Account("召集人", Role.CONVENER, Scope(ScopeKind.STUDIO, frozenset({"T1"})))
    keep_digest(context, WEEK, "王科")
    keep_digest(context, WEEK, "王科", find_scope(context, studio="T2"))
    own = keep_digest(context, WEEK, "王科", find_scope(context, studio="T1"))
    assert [one.id for one in list_kept_digests(context, convener)] == [own]
    assert len(list_kept_digests(context, ADMIN)) == 3
    read_kept_file(context, own, "json", convener)
    for foreign in (own - 1, own - 2):
        with pytest.raises(NotFoundError):
            read_kept_file(context, foreign, "json", convener)
