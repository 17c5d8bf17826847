"""A second factor: enrolled with one right code, each code once, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher

from service.domain.access import Account, Role, TokenScope
from service.errors import (
    CodeWantedError,
    InvalidInputError,
    NotFoundError,
    NotLoggedInError,
    TokenError,
    TooManyRequestsError,
    WrongCodeError,
    WrongPasswordError,
)
from service.settings import Settings
from service.storage import tables
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.accounts import passwords
from service.usecases.accounts.accounts import ensure_administrator, list_accounts, reset_password
from service.usecases.accounts.api_tokens import account_of_token, add_token
from service.usecases.accounts.second_factor import (
    RECOVERY_CODES,
    begin_enrolment,
    confirm_enrolment,
    end_enrolment,
    pending_enrolment,
    read_factor,
    reset_second_factor,
)
from service.usecases.accounts.sessions import account_of, log_in, log_in_with_code
from service.usecases.context import Context
from tests.makers import Clock
from tests.service.usecases.books import rows
from tests.service.usecases.intake.test_receive_at_once import together

ADMIN = Account("admin", Role.ADMINISTRATOR)
# RFC 6238, appendix B: the secret of its SHA-1 examples, and a time with its code's last 6 digits.
RFC_SECRET, RFC_TIME, RFC_CODE = b"12345678901234567890", 1111111109, "081804"


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
    yield Context(settings, database, triage, Sealer(settings.secret_key), clock)
    database.close()


@pytest.fixture
def password(context: Context) -> str:
    made = ensure_administrator(context)
    assert made is not None
    return made


@pytest.fixture
def secret(context: Context, password: str) -> str:
    return begin_enrolment(context, ADMIN, password).secret


@pytest.fixture
def recovery(context: Context, secret: str, clock: Clock) -> tuple[str, ...]:
    """Enrolled a minute ago."""
    codes = confirm_enrolment(context, ADMIN, code_at(secret, clock))
    clock.forward(minutes=1)
    return codes


def code_at(secret: str, clock: Clock, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(clock().timestamp()) + 30 * steps)


def ticket(context: Context, password: str) -> str:
    with pytest.raises(CodeWantedError) as raised:
        log_in(context, "admin", password)
    return raised.value.ticket


def test_a_code_is_what_the_standard_says() -> None:
    import base64

    assert pyotp.TOTP(base64.b32encode(RFC_SECRET).decode()).at(RFC_TIME) == RFC_CODE


def test_before_its_first_code_a_factor_does_not_count(
    context: Context, password: str, secret: str
) -> None:
    assert log_in(context, "admin", password)
    assert not read_factor(context, ADMIN).is_there
    pending = pending_enrolment(context, ADMIN)
    assert pending is not None
    assert pending.secret == secret
    assert pending.address.startswith("otpauth://totp/")
    with pytest.raises(WrongCodeError):
        confirm_enrolment(context, ADMIN, "000000")
    assert log_in(context, "admin", password)


def test_the_password_alone_opens_nothing_any_more(
    context: Context, password: str, secret: str, recovery: tuple[str, ...], clock: Clock
) -> None:
    given = ticket(context, password)
    assert rows(context, tables.login) == []
    token = log_in_with_code(context, given, code_at(secret, clock))
    assert account_of(context, token) == ADMIN
    assert list_accounts(context)[0].has_second_factor


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(
    context: Context,
    password: str,
    secret: str,
    recovery: tuple[str, ...],
    clock: Clock,
    steps: int,
    is_right: bool,
) -> None:
    clock.forward(minutes=5)
    given = ticket(context, password)
    if is_right:
        assert log_in_with_code(context, given, code_at(secret, clock, steps))
    else:
        with pytest.raises(WrongCodeError):
            log_in_with_code(context, given, code_at(secret, clock, steps))


def test_each_code_opens_once(
    context: Context, password: str, secret: str, recovery: tuple[str, ...], clock: Clock
) -> None:
    given, code = ticket(context, password), code_at(secret, clock)
    assert log_in_with_code(context, given, code)
    for earlier in (code, code_at(secret, clock, -1)):
        with pytest.raises(WrongCodeError):
            log_in_with_code(context, given, earlier)
    clock.forward(seconds=30)
    assert log_in_with_code(context, given, code_at(secret, clock))


def test_the_code_of_the_enrolment_opens_nothing(
    context: Context, password: str, secret: str, clock: Clock
) -> None:
    code = code_at(secret, clock)
    confirm_enrolment(context, ADMIN, code)
    with pytest.raises(WrongCodeError):
        log_in_with_code(context, ticket(context, password), code)


def test_of_many_with_one_code_one_enters(
    context: Context, password: str, secret: str, recovery: tuple[str, ...], clock: Clock
) -> None:
    given, code = ticket(context, password), code_at(secret, clock)
    others = [replace(context, database=Database(context.settings.url)) for _ in range(3)]

    def enter(mine: Context) -> bool:
        try:
            return bool(log_in_with_code(mine, given, code))
        except WrongCodeError:
            return False

    works: list[Callable[[], bool]] = [partial(enter, other) for other in others]
    entered = together(works)
    for other in others:
        other.database.close()
    assert sum(entered) == 1


def test_each_recovery_code_opens_once(
    context: Context, password: str, recovery: tuple[str, ...]
) -> None:
    assert len(set(recovery)) == RECOVERY_CODES
    given = ticket(context, password)
    assert log_in_with_code(context, given, recovery[0].lower().replace("-", " "))
    with pytest.raises(WrongCodeError):
        log_in_with_code(context, given, recovery[0])
    assert read_factor(context, ADMIN).recovery_count == RECOVERY_CODES - 1


def test_neither_secret_nor_recovery_code_can_be_read_in_the_database(
    context: Context, secret: str, recovery: tuple[str, ...]
) -> None:
    stored = str(rows(context, tables.account)) + str(rows(context, tables.recovery_code))
    assert secret not in stored
    assert not [code for code in recovery if code in stored or code.replace("-", "") in stored]


@pytest.mark.parametrize("typed", ["", "1", "12345678", "x" * 5000, "\x00", "\ud800", "０" * 6])
def test_odd_codes_open_nothing(
    context: Context, password: str, recovery: tuple[str, ...], typed: str
) -> None:
    with pytest.raises(WrongCodeError):
        log_in_with_code(context, ticket(context, password), typed)


@pytest.mark.parametrize("forged", ["", "x", "A" * 5000, "\ud800", "AQE=", "é", "[]"])
def test_a_forged_ticket_is_none(context: Context, recovery: tuple[str, ...], forged: str) -> None:
    with pytest.raises(NotLoggedInError):
        log_in_with_code(context, forged, "000000")


def test_a_ticket_ends_and_goes_with_its_password(
    context: Context, password: str, secret: str, recovery: tuple[str, ...], clock: Clock
) -> None:
    given = ticket(context, password)
    clock.forward(minutes=5)
    with pytest.raises(NotLoggedInError):
        log_in_with_code(context, given, code_at(secret, clock))
    given = ticket(context, password)
    reset_password(context, "admin")
    with pytest.raises(NotLoggedInError):
        log_in_with_code(context, given, code_at(secret, clock))


def test_guessing_codes_is_slowed_down(
    context: Context, password: str, secret: str, recovery: tuple[str, ...], clock: Clock
) -> None:
    given = ticket(context, password)
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            log_in_with_code(context, given, "000000")
    with pytest.raises(TooManyRequestsError):
        log_in_with_code(context, given, code_at(secret, clock))
    # A right password in between does not clear the way.
    given = ticket(context, password)
    with pytest.raises(TooManyRequestsError):
        log_in_with_code(context, given, code_at(secret, clock))


def test_it_is_begun_and_ended_with_the_password_only(
    context: Context, password: str, recovery: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInputError):
        begin_enrolment(context, ADMIN, password)
    with pytest.raises(WrongPasswordError):
        end_enrolment(context, ADMIN, "wrong")
    assert read_factor(context, ADMIN).is_there
    end_enrolment(context, ADMIN, password)
    with pytest.raises(WrongPasswordError):
        begin_enrolment(context, ADMIN, "wrong")
    with pytest.raises(InvalidInputError):
        confirm_enrolment(context, ADMIN, "000000")
    assert log_in(context, "admin", password)
    assert rows(context, tables.recovery_code) == []


def test_enrolling_and_resetting_end_all_sessions_and_are_recorded(
    context: Context, password: str, secret: str, clock: Clock
) -> None:
    session = log_in(context, "admin", password)
    confirm_enrolment(context, ADMIN, code_at(secret, clock))
    assert account_of(context, session) is None
    token = add_token(context, ADMIN, "对接", [TokenScope.READ], 9).token
    reset_second_factor(context, "admin")
    with pytest.raises(TokenError):
        account_of_token(context, token)
    assert account_of(context, log_in(context, "admin", password)) == ADMIN
    kinds = [row["kind"] for row in rows(context, tables.account_event)]
    assert kinds == ["totp_begun", "totp_added", "token_added", "totp_reset"]
    with pytest.raises(NotFoundError):
        reset_second_factor(context, "无名")


def test_an_administrator_who_needs_one_must_enrol(context: Context, password: str) -> None:
    settings = context.settings.model_copy(update={"administrators_need_totp": True})
    strict = replace(context, settings=settings)
    account = account_of(strict, log_in(strict, "admin", password))
    assert account is not None
    assert account.must_enrol
