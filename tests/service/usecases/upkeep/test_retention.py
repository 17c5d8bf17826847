"""What was kept for its period goes; nothing else does, whatever the clock says."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from classifier.spans import Span
from service.domain.access import Account, Role
from service.domain.erasure import ErasureGround
from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move
from service.domain.provision import ProvisionKind
from service.domain.retention import PERIODS, RetentionPolicy, months_before
from service.errors import InvalidInputError, NotFoundError
from service.storage import tables
from service.storage.accounts.accounts import insert_account, insert_account_event, insert_login
from service.storage.matters.history import SYSTEM
from service.usecases.accounts.attempts import Attempts
from service.usecases.casework.casework import move_matter
from service.usecases.casework.erasing import erase_message, list_erasures
from service.usecases.context import Context
from service.usecases.digests.kept_digests import keep_digest, list_kept_digests, read_kept_file
from service.usecases.in_force.changes import list_changes
from service.usecases.intake.idempotency import replay_or_run
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.parting import confirm_parts
from service.usecases.matters.sender_looks import record_look_at_file
from service.usecases.upkeep import retention
from service.usecases.upkeep.audit import seal_histories, verify_histories
from service.usecases.upkeep.retention import (
    GRACE_SEALS,
    Expired,
    apply_retention,
    list_expired,
    save_retention_policy,
    show_retention_policy,
)
from tests.makers import NOW, Clock, a_message
from tests.service.usecases.books import check_books, rows, stored_texts
from tests.service.usecases.casework.test_erasing import everything, week_of

ADMIN = Account("admin", Role.ADMINISTRATOR)
WORDS = "庄里镇碧桐巷的窨井盖夜里被车压翻，请尽快修好。"
MINE = a_message(WORDS, title="窨井盖坏了", sender=SenderDetails("欧阳蕴", "13612345678"))
ONE_YEAR = RetentionPolicy(message_years=1)


def close(context: Context, matter_id: int) -> None:
    move_matter(context, matter_id, Order(Move.CLOSE, note="已修好"), "甲")


def days_pass(context: Context, clock: Clock, count: int = GRACE_SEALS + 1) -> None:
    for _ in range(count):
        clock.forward(days=1)
        seal_histories(context)


def test_a_closed_matters_messages_go_after_their_period(context: Context, clock: Clock) -> None:
    (closed,) = receive_messages(context, [MINE])
    (still_open,) = receive_messages(context, [a_message("小学门口没有红绿灯", external_id="2")])
    assert closed.matter_id != still_open.matter_id
    close(context, closed.matter_id)
    save_retention_policy(context, ONE_YEAR, "甲")
    clock.forward(days=360)
    days_pass(context, clock)
    assert (list_expired(context).messages, apply_retention(context).messages) == (0, 0)
    days_pass(context, clock)
    assert list_expired(context) == Expired(messages=1)
    assert apply_retention(context) == Expired(messages=1)
    assert apply_retention(context) == Expired()
    told = everything(context)
    assert not any(word in told for word in ("碧桐巷", "欧阳蕴", "13612345678"))
    assert stored_texts(context)[1] != ("", "")
    (erasure,) = list_erasures(context)
    assert (erasure.message_id, erasure.actor) == (closed.message_id, SYSTEM)
    assert (erasure.ground, erasure.reason) == (ErasureGround.EXPIRED, "办结后保存 1 年届满")
    assert verify_histories(context).faults == []
    check_books(context)


def test_by_itself_nothing_of_citizens_goes(context: Context, clock: Clock) -> None:
    (received,) = receive_messages(context, [MINE])
    close(context, received.matter_id)
    clock.forward(days=365 * 60)
    days_pass(context, clock)
    assert apply_retention(context) == Expired()


def test_a_clock_that_jumps_ahead_erases_nothing(context: Context, clock: Clock) -> None:
    (received,) = receive_messages(context, [MINE])
    close(context, received.matter_id)
    save_retention_policy(context, ONE_YEAR, "甲")
    days_pass(context, clock)
    right = clock.at
    clock.forward(days=365 * 5)
    days_pass(context, clock, GRACE_SEALS)
    assert apply_retention(context).messages == 0
    clock.at = right
    days_pass(context, clock)
    assert apply_retention(context).messages == 0


def test_a_new_period_takes_effect_after_some_days(context: Context, clock: Clock) -> None:
    (received,) = receive_messages(context, [MINE])
    close(context, received.matter_id)
    clock.forward(days=800)
    days_pass(context, clock)
    clock.forward(hours=1)
    save_retention_policy(context, ONE_YEAR, "甲")
    days_pass(context, clock, GRACE_SEALS)
    assert apply_retention(context).messages == 0
    days_pass(context, clock, 1)
    assert apply_retention(context).messages == 1


def test_what_is_opened_again_stays(context: Context, clock: Clock) -> None:
    (received,) = receive_messages(context, [MINE])
    close(context, received.matter_id)
    save_retention_policy(context, ONE_YEAR, "甲")
    clock.forward(days=400)
    move_matter(context, received.matter_id, Order(Move.REOPEN, note="又坏了"), "甲")
    days_pass(context, clock)
    assert apply_retention(context).messages == 0


def test_a_message_in_parts_stays_while_one_of_its_matters_is_open(
    context: Context, clock: Clock
) -> None:
    first, second = "碧桐巷的窨井盖坏了。", "另外小学门口没有红绿灯。"
    (received,) = receive_messages(context, [replace(MINE, text=first + second)])
    spans = [Span(0, len(first)), Span(len(first), len(first + second))]
    confirm_parts(context, received.message_id, spans, "甲")
    save_retention_policy(context, ONE_YEAR, "甲")
    one, other = sorted({row["matter_id"] for row in rows(context, tables.demand)})
    close(context, one)
    clock.forward(days=400)
    days_pass(context, clock)
    assert apply_retention(context).messages == 0
    close(context, other)
    clock.forward(days=400)
    days_pass(context, clock)
    assert (list_expired(context).messages, apply_retention(context).messages) == (1, 1)
    assert "红绿灯" not in everything(context)
    check_books(context)


def test_many_go_in_turns_and_one_that_another_erased_is_passed_over(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = [a_message(f"{n}号楼的电梯坏了，{n}", external_id=str(n)) for n in range(5)]
    received = receive_messages(context, several)
    for matter_id in {one.matter_id for one in received}:
        close(context, matter_id)
    save_retention_policy(context, ONE_YEAR, "甲")
    clock.forward(days=400)
    days_pass(context, clock)
    monkeypatch.setattr(retention, "_MESSAGES_AT_ONCE", 2)
    erase_message(context, received[0].message_id, "乙", ErasureGround.WITHDRAWN, "本人申请")
    assert [apply_retention(context).messages for _ in range(3)] == [2, 2, 0]
    assert set(stored_texts(context)) == {("", "")}


def test_digests_go_and_are_still_told_of(context: Context, clock: Clock) -> None:
    receive_messages(context, [MINE])
    kept_id = keep_digest(context, week_of(NOW), "甲")
    save_retention_policy(context, RetentionPolicy(digest_years=2), "甲")
    clock.forward(days=365 * 2)
    days_pass(context, clock)
    assert apply_retention(context).digests == 0
    days_pass(context, clock)
    assert (list_expired(context).digests, apply_retention(context).digests) == (1, 1)
    assert [one.id for one in list_kept_digests(context, ADMIN)] == [kept_id]
    with pytest.raises(NotFoundError):
        read_kept_file(context, kept_id, "json", ADMIN)


def test_records_of_access_go_no_sooner_than_after_six_months(
    context: Context, clock: Clock
) -> None:
    with context.database.transaction() as connection:
        insert_account(connection, "乙", "", Role.CLERK)
        insert_account_event(connection, "乙", clock(), "made")
    (received,) = receive_messages(context, [MINE])
    record_look_at_file(context, ADMIN, show_matter(context, received.matter_id))
    save_retention_policy(context, RetentionPolicy(look_months=6, account_event_months=7), "甲")
    clock.forward(days=180)
    days_pass(context, clock)
    assert apply_retention(context) == Expired()
    days_pass(context, clock, 6)
    assert apply_retention(context) == Expired(looks=1)
    days_pass(context, clock, 31)
    assert (list_expired(context).account_events, apply_retention(context).total) == (1, 1)
    assert rows(context, tables.sender_look) == rows(context, tables.account_event) == []


def test_what_is_of_no_use_any_more_goes_without_a_seal(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_ROWS_AT_ONCE", 1)
    for key in ("a", "b"):
        replay_or_run(context, key, bytes(32), lambda: (201, {}))
        Attempts(context, {key: 5}).begin()
    with context.database.transaction() as connection:
        insert_account(connection, "乙", "", Role.CLERK)
        insert_login(connection, bytes(32), "乙", clock(), clock() + timedelta(hours=1))
    assert apply_retention(context) == Expired()
    clock.forward(days=2)
    assert apply_retention(context) == Expired(sessions=1, attempts=2)
    clock.forward(days=29)
    assert (list_expired(context), apply_retention(context)) == (Expired(answers=2),) * 2


@pytest.mark.parametrize("name", [one.name for one in fields(RetentionPolicy)])
def test_periods_beyond_their_bounds_are_refused(context: Context, name: str) -> None:
    bounds = PERIODS[name]
    always = () if bounds.may_be_always else (0,)
    for wrong in (-1, bounds.least - 1 or -2, bounds.most + 1, 10**30, *always):
        with pytest.raises(InvalidInputError, match="应为"):
            save_retention_policy(context, replace(RetentionPolicy(), **{name: wrong}), "甲")
    assert show_retention_policy(context) == RetentionPolicy()


def test_who_changed_a_period_is_kept(context: Context) -> None:
    save_retention_policy(context, RetentionPolicy(), "甲")
    save_retention_policy(context, RetentionPolicy(message_years=5), "乙")
    newest, _ = list_changes(context, ProvisionKind.RETENTION)
    assert (newest.actor, newest.what) == ("乙", ("来信和来信人：办结后几年：0 → 5",))


def test_months_end_where_the_calendar_says() -> None:
    at = NOW.replace(month=3, day=31)
    assert months_before(at, 1) == at.replace(month=2, day=28)
    assert months_before(at, 3) == at.replace(year=2025, month=12)
    assert months_before(at.replace(year=2028, month=2, day=29), 12).day == 28
