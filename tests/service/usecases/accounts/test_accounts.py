"""Accounts and sessions, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from argon2 import PasswordHasher

from service.domain.access import Account, Role
from service.errors import NotFoundError, WrongPasswordError
from service.storage import tables
from service.storage.database import Database
from service.usecases.accounts import passwords
from service.usecases.accounts.accounts import (
    ensure_administrator,
    reset_password,
)
from service.usecases.accounts.sessions import account_of, log_in, log_out
from service.usecases.context import Context
from tests.makers import Clock
from tests.service.usecases.books import rows
from tests.service.usecases.intake.test_receive_at_once import together


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; one test does it in earnest."""
    quick = partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
    if "earnest" not in request.node.name:
        monkeypatch.setattr(passwords, "PasswordHasher", quick)


@pytest.fixture
def password(context: Context) -> str:
    made = ensure_administrator(context)
    assert made is not None
    return made


def test_the_first_administrator_is_made_once(context: Context, password: str) -> None:
    assert ensure_administrator(context) is None
    assert len(password) >= 20
    assert [row["name"] for row in rows(context, tables.account)] == ["admin"]


def test_two_servers_starting_at_once_make_one_administrator(context: Context) -> None:
    others = [replace(context, database=Database(context.settings.url)) for _ in range(2)]
    works: list[Callable[[], str | None]] = [
        lambda mine=other: ensure_administrator(mine) for other in others
    ]
    made = [password for password in together(works) if password is not None]
    for other in others:
        other.database.close()
    assert len(made) == 1
    assert log_in(context, "admin", made[0])


def test_the_right_password_opens_a_session(context: Context, password: str) -> None:
    account = account_of(context, log_in(context, "admin", password))
    assert account is not None
    assert account == Account("admin", Role.ADMINISTRATOR)


def test_in_earnest_a_guess_costs_what_rfc_9106_asks_for(context: Context) -> None:
    password = ensure_administrator(context)
    assert password is not None
    assert account_of(context, log_in(context, "admin", password)) is not None
    (row,) = rows(context, tables.account)
    assert row["password_hash"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_neither_password_nor_token_is_stored(context: Context, password: str) -> None:
    token = log_in(context, "admin", password)
    stored = str(rows(context, tables.account)) + str(rows(context, tables.login))
    assert password not in stored
    assert token not in stored


WRONG = [
    ("admin", "wrong"),
    ("admin", "x" * 100_000),
    ("admin", "\ud800"),
    ("admin", "\x00"),
    ("", ""),
    ("Admin", None),
    ("admin ", None),
    ("x" * 100_000, None),
    ("admin\x00", None),
    ("\ud800", None),
]


def test_a_wrong_name_or_password_is_refused_alike(context: Context, password: str) -> None:
    for name, typed in WRONG:
        with pytest.raises(WrongPasswordError) as raised:
            log_in(context, name, password if typed is None else typed)
        assert raised.value.message == "用户名或密码不正确。"
    assert rows(context, tables.login) == []


def test_only_the_whole_password_is_right(context: Context, password: str) -> None:
    for typed in (password + "x", password + " ", password[:-1], ""):
        with pytest.raises(WrongPasswordError):
            log_in(context, "admin", typed)


def test_a_damaged_password_hash_opens_nothing(context: Context, password: str) -> None:
    with context.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE account SET password_hash = 'x'")
    with pytest.raises(WrongPasswordError):
        log_in(context, "admin", password)


def test_a_session_ends_by_the_clock(context: Context, password: str, clock: Clock) -> None:
    token = log_in(context, "admin", password)
    for _ in range(context.settings.session_hours * 4 - 1):
        clock.forward(minutes=15)
        assert account_of(context, token) is not None
    clock.forward(minutes=15)
    assert account_of(context, token) is None


def test_a_session_that_is_idle_ends_earlier(context: Context, password: str, clock: Clock) -> None:
    token = log_in(context, "admin", password)
    clock.forward(minutes=context.settings.session_idle_minutes, seconds=-1)
    assert account_of(context, token) is not None
    clock.forward(minutes=context.settings.session_idle_minutes, seconds=-1)
    assert account_of(context, token) is not None
    clock.forward(minutes=context.settings.session_idle_minutes)
    assert account_of(context, token) is None


def test_logging_out_ends_one_session_only(context: Context, password: str) -> None:
    one, other = log_in(context, "admin", password), log_in(context, "admin", password)
    log_out(context, one)
    assert account_of(context, one) is None
    assert account_of(context, other) is not None
    log_out(context, one)


def test_sessions_that_have_ended_are_forgotten(
    context: Context, password: str, clock: Clock
) -> None:
    log_in(context, "admin", password)
    clock.forward(days=2)
    log_in(context, "admin", password)
    assert len(rows(context, tables.login)) == 1


def test_no_other_token_opens_anything(context: Context, password: str) -> None:
    log_in(context, "admin", password)
    for token in ("", "x", "\x00", "\ud800", "长" * 10_000):
        assert account_of(context, token) is None
        log_out(context, token)


def test_a_lost_password_is_replaced_and_all_sessions_end(
    context: Context, password: str, clock: Clock
) -> None:
    tokens = [log_in(context, "admin", password) for _ in range(2)]
    clock.forward(hours=1)
    fresh = reset_password(context, "admin")
    assert fresh != password
    assert len(fresh) >= 20
    assert [account_of(context, token) for token in tokens] == [None, None]
    with pytest.raises(WrongPasswordError):
        log_in(context, "admin", password)
    assert account_of(context, log_in(context, "admin", fresh)) is not None
    (event,) = rows(context, tables.account_event)
    assert (event["account"], event["at"], event["kind"]) == ("admin", clock(), "password_reset")
    assert fresh not in str(rows(context, tables.account))


@pytest.mark.parametrize("name", ["", "nobody", "Admin", "x" * 1000, "a\x00", "\ud800"])
def test_a_password_of_no_account_is_not_reset(context: Context, password: str, name: str) -> None:
    with pytest.raises(NotFoundError):
        reset_password(context, name)
    assert log_in(context, "admin", password)
    assert rows(context, tables.account_event) == []
