"""Adding and changing accounts, choosing passwords, and what guessing costs: on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from service.domain.access import Account, Role, Scope, ScopeKind, make_scope
from service.domain.classification import MODEL
from service.domain.organisation import Committee, CommitteeLevel
from service.errors import (
    InvalidInputError,
    NameTakenError,
    NotFoundError,
    TooManyRequestsError,
    WeakPasswordError,
    WrongPasswordError,
)
from service.settings import Settings
from service.storage.database import Database
from service.storage.matters.history import SYSTEM
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.accounts import passwords
from service.usecases.accounts.accounts import (
    ADMINISTRATOR,
    AccountDetails,
    Duty,
    add_account,
    change_duty,
    ensure_administrator,
    list_account_names,
    list_accounts,
    reset_password,
    set_disabled,
)
from service.usecases.accounts.own_password import change_password
from service.usecases.accounts.sessions import account_of, end_session, list_sessions, log_in
from service.usecases.casework.casework import SENDER
from service.usecases.context import Context
from tests.makers import Clock, a_small_organisation
from tests.service.usecases.intake.test_receive_at_once import together

CLERK = Duty(Role.CLERK, ScopeKind.COMMITTEE, ("FP",))
GOOD = "三棵槐树下的水井边"
CHOSEN = "三棵槐树下面的老水井旁边"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "PasswordHasher", quick)


@pytest.fixture
def context(database_url: str, tmp_path: Path, triage: Triage, clock: Clock) -> Iterator[Context]:
    """On SQLite, and again on PostgreSQL."""
    settings = Settings(home=tmp_path, database_url=database_url)
    database = Database(settings.url)
    database.upgrade()
    made = Context(settings, database, triage, Sealer(settings.secret_key), clock)
    ensure_administrator(made)
    yield made
    database.close()


def test_an_account_is_added_with_what_it_is_for(context: Context) -> None:
    password = add_account(context, "李收件", CLERK)
    account = account_of(context, log_in(context, "李收件", password))
    assert account == Account("李收件", Role.CLERK, Scope(ScopeKind.COMMITTEE, {"FP"}), True)
    assert list_accounts(context)[1] == AccountDetails(
        "李收件", Role.CLERK, ScopeKind.COMMITTEE, ("FP",), is_disabled=False, must_change=True
    )
    with pytest.raises(NameTakenError):
        add_account(context, "李收件", CLERK)


@pytest.mark.parametrize("name", [SYSTEM, "System", "系统", MODEL, SENDER])
def test_nobody_bears_a_name_by_which_histories_tell_what_no_account_did(
    context: Context, name: str
) -> None:
    """Who did would pass others' claims, and what that one decided would count as nobody's."""
    with pytest.raises(InvalidInputError, match="不能作账号名称"):
        add_account(context, name, CLERK)


@pytest.mark.parametrize("name", ["", " 甲", "甲\n", "甲\x00", "\ud800", "甲" * 101, "\u202e甲"])
def test_what_is_no_name_is_refused(context: Context, name: str) -> None:
    with pytest.raises(InvalidInputError):
        add_account(context, name, CLERK)


@pytest.mark.parametrize(
    "duty",
    [
        Duty(Role.CLERK),
        Duty(Role.CLERK, ScopeKind.STUDIO, ("T1",)),
        Duty(Role.CLERK, ScopeKind.COMMITTEE),
        Duty(Role.CLERK, ScopeKind.COMMITTEE, ("无",)),
        Duty(Role.CONVENER, ScopeKind.COMMITTEE, ("FP",)),
        Duty(Role.LIAISON, ScopeKind.DEPARTMENT, ("无此局",)),
        Duty(Role.LEADER, ScopeKind.WHOLE, ("FP",)),
        Duty(Role.CONVENER, ScopeKind.STUDIO, ("T1",) * 51),
    ],
)
def test_a_role_goes_with_its_scopes_only(context: Context, duty: Duty) -> None:
    with pytest.raises(InvalidInputError):
        add_account(context, "甲", duty)
    with pytest.raises(InvalidInputError):
        change_duty(context, "admin", duty)
    assert list_account_names(context) == ["admin"]


def test_a_change_ends_sessions(context: Context) -> None:
    password = add_account(context, "甲", CLERK)
    changes: list[Callable[[], object]] = [
        lambda: change_duty(context, "甲", Duty(Role.CONVENER, ScopeKind.STUDIO, ("T1",))),
        lambda: set_disabled(context, "甲", True),
        lambda: reset_password(context, "甲"),
    ]
    for change in changes:
        token = log_in(context, "甲", password)
        change()
        assert account_of(context, token) is None
        set_disabled(context, "甲", False)


def test_a_disabled_account_is_refused_like_a_wrong_password(context: Context) -> None:
    password = add_account(context, "甲", CLERK)
    set_disabled(context, "甲", True)
    assert list_account_names(context) == ["admin"]
    with pytest.raises(WrongPasswordError) as raised:
        log_in(context, "甲", password)
    assert raised.value.message == "用户名或密码不正确。"


def test_the_last_administrator_of_the_whole_stays(context: Context) -> None:
    part = Duty(Role.ADMINISTRATOR, ScopeKind.COMMITTEE, ("FP",))
    with pytest.raises(InvalidInputError, match="至少"):
        set_disabled(context, "admin", True)
    with pytest.raises(InvalidInputError, match="至少"):
        change_duty(context, "admin", part)
    assert not list_accounts(context)[0].is_disabled
    add_account(context, "乙", Duty(Role.ADMINISTRATOR))
    change_duty(context, "admin", part)


def test_two_administrators_cannot_disable_each_other(context: Context) -> None:
    add_account(context, "乙", Duty(Role.ADMINISTRATOR))
    others = [replace(context, database=Database(context.settings.url)) for _ in range(2)]

    def disable(mine: Context, name: str) -> bool:
        try:
            set_disabled(mine, name, True)
        except InvalidInputError:
            return False
        return True

    pairs = zip(others, ("admin", "乙"), strict=True)
    works = [lambda mine=mine, name=name: disable(mine, name) for mine, name in pairs]
    done = together(works)
    for other in others:
        other.database.close()
    assert sorted(done) == [False, True]


def test_nobody_is_not_changed(context: Context) -> None:
    for name in ("无名", "甲\x00", "\ud800"):
        with pytest.raises(NotFoundError):
            set_disabled(context, name, True)


@pytest.mark.parametrize(
    "password",
    ["", "short", "aaaaaaaaaaaaaaaa", "password1234", "123456123456", "adminadminadmin",
     "abababababababab", "李收件李收件李收件李收件", "x" * 1001, "密码密码密码密码密码密码", GOOD],
)  # fmt: skip
def test_a_weak_password_is_refused(context: Context, password: str) -> None:
    first = add_account(context, "李收件", CLERK)
    account = account_of(context, log_in(context, "李收件", first))
    assert account is not None
    with pytest.raises(WeakPasswordError):
        change_password(context, account, first, password)
    assert log_in(context, "李收件", first)


def test_ones_own_password_is_changed_once_and_for_all_sessions(context: Context) -> None:
    first = add_account(context, "甲", CLERK)
    token = log_in(context, "甲", first)
    account = account_of(context, token)
    assert account is not None
    assert account.must_change
    with pytest.raises(WrongPasswordError):
        change_password(context, account, "wrong", CHOSEN)
    change_password(context, account, first, CHOSEN)
    assert account_of(context, token) is None
    again = account_of(context, log_in(context, "甲", CHOSEN))
    assert again is not None
    assert not again.must_change
    with pytest.raises(InvalidInputError):
        change_password(context, again, CHOSEN, CHOSEN)


def refused(context: Context, name: str, password: str, address: str = "") -> str:
    """The error that logging in meets, "" where it succeeds."""
    try:
        log_in(context, name, password, address)
    except (WrongPasswordError, TooManyRequestsError) as error:
        return error.code
    return ""


@pytest.mark.parametrize("name", ["甲", "无名"])
def test_guessing_at_an_account_takes_longer_and_longer(
    context: Context, clock: Clock, name: str
) -> None:
    password = add_account(context, "甲", CLERK)
    assert [refused(context, name, "x") for _ in range(6)] == [
        *["wrong_password"] * 5, "too_many_requests",
    ]  # fmt: skip
    for seconds in (1, 2, 4, 8):
        clock.forward(seconds=seconds - 0.5)
        assert refused(context, name, password) == "too_many_requests"
        clock.forward(seconds=0.5)
        assert refused(context, name, "x") == "wrong_password"
    clock.forward(minutes=15)
    assert refused(context, "甲", password) == ""
    assert refused(context, "甲", "x") == "wrong_password"


def test_guessing_from_an_address_is_counted_over_all_accounts(
    context: Context, clock: Clock
) -> None:
    password = add_account(context, "甲", CLERK)
    told = [refused(context, f"名{n}", "x", "203.0.113.7") for n in range(21)]
    assert told == [*["wrong_password"] * 20, "too_many_requests"]
    assert refused(context, "甲", password, "203.0.113.7") == "too_many_requests"
    assert refused(context, "甲", password, "203.0.113.8") == ""
    clock.forward(days=1, seconds=1)
    assert refused(context, "甲", password, "203.0.113.7") == ""


def test_guessing_from_everywhere_keeps_nobody_out_for_long(context: Context, clock: Clock) -> None:
    password = add_account(context, "甲", CLERK)
    told = [refused(context, "甲", "x", f"203.0.113.{n}") for n in range(20)]
    assert told == ["wrong_password"] * 20
    assert refused(context, "甲", password, "198.51.100.1") == "too_many_requests"
    clock.forward(seconds=1)
    for n in range(20, 200):
        refused(context, "甲", "x", f"203.0.113.{n}")
        clock.forward(seconds=30)
    assert refused(context, "甲", password, "198.51.100.1") == ""


def test_a_known_device_is_not_kept_out_by_others_but_by_itself(
    context: Context, clock: Clock
) -> None:
    password = add_account(context, "甲", CLERK)
    for n in range(25):
        refused(context, "甲", "x", f"203.0.113.{n}")
        refused(context, "甲", "x", "198.51.100.1")
    assert refused(context, "甲", password, "198.51.100.1") == "too_many_requests"
    assert log_in(context, "甲", password, "198.51.100.1", "its own browser")
    for _ in range(5):
        with pytest.raises(WrongPasswordError):
            log_in(context, "甲", "x", "198.51.100.1", "its own browser")
    with pytest.raises(TooManyRequestsError):
        log_in(context, "甲", password, "198.51.100.1", "its own browser")


def test_many_guesses_at_once_gain_nothing(context: Context) -> None:
    add_account(context, "甲", CLERK)
    others = [replace(context, database=Database(context.settings.url)) for _ in range(8)]
    told = together([lambda mine=mine: refused(mine, "甲", "x") for mine in others])
    for other in others:
        other.database.close()
    assert sorted(told) == [*["too_many_requests"] * 3, *["wrong_password"] * 5]


def test_neither_names_nor_addresses_that_failed_are_stored(context: Context) -> None:
    refused(context, "hunter2 typed as a name", "x", "203.0.113.7")
    with context.database.reading() as connection:
        stored = str(connection.exec_driver_sql("SELECT * FROM attempt").all())
    assert "hunter2" not in stored
    assert "203.0.113" not in stored


def test_own_sessions_are_listed_and_ended(context: Context, clock: Clock) -> None:
    password = add_account(context, "甲", CLERK)
    one = log_in(context, "甲", password)
    clock.forward(minutes=5)
    other = log_in(context, "甲", password)
    account = account_of(context, other)
    assert account is not None
    listed = list_sessions(context, account, other)
    assert [each.is_this for each in listed] == [True, False]
    stranger = Account("admin", Role.ADMINISTRATOR)
    for name in (listed[1].name, "x", "\ud800", ""):
        with pytest.raises(NotFoundError):
            end_session(context, stranger, name)
    end_session(context, account, listed[1].name)
    assert account_of(context, one) is None
    assert account_of(context, other) is not None


def test_a_committee_comes_with_those_below_it() -> None:
    below = Committee("ZL", "庄里联络组", CommitteeLevel.LIAISON, "FP", "")
    lowest = Committee("ZL-1", "一组", CommitteeLevel.LIAISON, "ZL", "")
    ring = Committee("R", "环", CommitteeLevel.LIAISON, "R", "")
    small = a_small_organisation()
    whole = replace(small, committees=(*small.committees, lowest, below, ring))
    assert make_scope(ScopeKind.COMMITTEE, ["FP"], whole).codes == {"FP", "ZL", "ZL-1"}
    assert make_scope(ScopeKind.COMMITTEE, ["ZL"], whole).codes == {"ZL", "ZL-1"}
    assert make_scope(ScopeKind.COMMITTEE, ["R"], whole).codes == {"R"}


def test_a_session_with_a_password_that_was_reset_meanwhile_does_not_begin(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service.usecases.accounts import sessions

    password = reset_password(context, ADMINISTRATOR)
    checked = sessions.is_password

    def reset_in_between(hashed: str | None, typed: str) -> bool:
        is_right = checked(hashed, typed)
        reset_password(context, ADMINISTRATOR)
        return is_right

    monkeypatch.setattr(sessions, "is_password", reset_in_between)
    with pytest.raises(WrongPasswordError):
        log_in(context, ADMINISTRATOR, password, "127.0.0.1")


def test_an_office_that_logs_in_each_day_forgets_its_failures(
    context: Context, clock: Clock
) -> None:
    password = reset_password(context, ADMINISTRATOR)
    for _ in range(8):
        for name in ("甲", "乙", "丙"):
            with pytest.raises(WrongPasswordError):
                log_in(context, name, "wrong wrong wrong", "10.0.0.9")
        log_in(context, ADMINISTRATOR, password, "10.0.0.9")
        clock.forward(hours=13)
        log_in(context, ADMINISTRATOR, password, "10.0.0.9")
        clock.forward(hours=13)
    log_in(context, ADMINISTRATOR, password, "10.0.0.9")
