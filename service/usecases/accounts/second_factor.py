"""A second factor: codes of an authenticator by the time (RFC 6238), and recovery codes.

Enrolling takes the password and one right code. A code counts one step of 30 seconds to either side
of now, and once; a recovery code stands in for one, once.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyotp

from service.domain.access import Account
from service.domain.receipt import ALPHABET, read_proof, read_receipt
from service.errors import InvalidInputError, NotFoundError, WrongCodeError
from service.storage.accounts import accounts as store
from service.storage.accounts.recovery_codes import count_recovery_codes, take_recovery_code
from service.storage.database import Connection
from service.storage.rows import take_account_lock
from service.usecases.accounts.accounts import change, read_known
from service.usecases.accounts.attempts import PER_SECRET, Attempts
from service.usecases.accounts.own_password import check_own_password
from service.usecases.context import Context

TOTP_BEGUN, TOTP_ADDED, TOTP_ENDED, TOTP_RESET = (
    "totp_begun",
    "totp_added",
    "totp_ended",
    "totp_reset",
)
RECOVERY_CODES = 10
CODE_DIGITS = 6
ISSUER = "民情"
_RECOVERY_LENGTH = 10  # 50 random bits
_STEP_SECONDS = 30
_WINDOW = (0, -1, 1)
_NOTHING: Mapping[str, object] = {
    "totp_secret": None,  # nosec B105 - there is none any more
    "totp_since": None,
    "totp_step": None,
}


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is told, as text (base 32) and as an ``otpauth`` address."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Factor:
    """Whether an account has a second factor, and how many recovery codes are left."""

    is_there: bool
    recovery_count: int


def read_factor(context: Context, account: Account) -> Factor:
    """The second factor of an account."""
    with context.database.reading() as connection:
        row = store.read_account(connection, account.name)
        count = count_recovery_codes(connection, account.name)
    return Factor(row is not None and row.totp_since is not None, count)


def begin_enrolment(context: Context, account: Account, password: str) -> Enrolment:
    """Draw a secret for an account; it counts from the first right code on.

    Raises
    ------
    InvalidInputError
        The account has a second factor already.
    TooManyRequestsError, WrongPasswordError
        As ``check_own_password``.
    """
    check_own_password(context, account, password)
    secret = pyotp.random_base32()
    with context.database.transaction() as connection:
        take_account_lock(connection)
        row = store.read_account(connection, account.name)
        if row is None or row.totp_since is not None:
            raise InvalidInputError("已开启两步验证，要换验证器请先关闭")
        sealed = context.sealer.seal_bytes(secret.encode(), _owner(account.name))
        store.change_account(connection, account.name, **{**_NOTHING, "totp_secret": sealed})
        store.insert_account_event(connection, account.name, context.now(), TOTP_BEGUN)
    return _enrolment(account.name, secret)


def pending_enrolment(context: Context, account: Account) -> Enrolment | None:
    """The enrolment that waits for its first code, None where none does."""
    row = read_known(context, account.name)
    if row is None or row.totp_secret is None or row.totp_since is not None:
        return None
    return _enrolment(account.name, _secret(context, row))


def confirm_enrolment(context: Context, account: Account, code: str) -> tuple[str, ...]:
    """Let the second factor count from now on; all sessions of the account end.

    Returns
    -------
    tuple of str
        Recovery codes, to be shown once.

    Raises
    ------
    InvalidInputError
        No enrolment waits.
    TooManyRequestsError
        There were too many wrong codes a short time ago.
    WrongCodeError
        The code is wrong.
    """
    attempts = Attempts(context, {code_attempt(account.name): PER_SECRET})
    attempts.begin()
    row = read_known(context, account.name)
    if row is None or row.totp_secret is None or row.totp_since is not None:
        raise InvalidInputError("请先开始设置两步验证")
    step = _matching_step(context, row, code)
    if step is None:
        raise WrongCodeError
    attempts.succeed()
    codes = tuple(_draw_recovery_codes())
    # Made when they are stored, by the key that is current then.
    digests = (
        context.sealer.current.digest_token(_recovery_told(account.name, each)) for each in codes
    )
    columns = {"totp_since": context.now(), "totp_step": step}
    change(context, account.name, TOTP_ADDED, columns, recovery_digests=digests)
    return codes


def end_enrolment(context: Context, account: Account, password: str) -> None:
    """Do without a second factor from now on; all sessions of the account end.

    Raises
    ------
    TooManyRequestsError, WrongPasswordError
        As ``check_own_password``.
    """
    check_own_password(context, account, password)
    change(context, account.name, TOTP_ENDED, _NOTHING, recovery_digests=())


def reset_second_factor(context: Context, name: str) -> None:
    """Take a lost second factor from an account; all its sessions and tokens end.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    change(context, name, TOTP_RESET, _NOTHING, ends_tokens=True, recovery_digests=())


def take_code(context: Context, name: str, typed: str) -> None:
    """Use up a code of an account's authenticator, or a recovery code.

    Raises
    ------
    NotFoundError
        There is no such account.
    WrongCodeError
        It is none, or was used already.
    """
    with context.database.transaction() as connection:
        take_account_lock(connection)
        row = store.read_account(connection, name)
        if row is None:
            raise NotFoundError(f"账号 {name}")
        if not (
            _take_step(context, connection, row, typed)
            or _take_recovery(context, connection, name, typed)
        ):
            raise WrongCodeError


def code_attempt(name: str) -> str:
    """The name under which attempts to give an account's code are counted."""
    return f"code {name}"


def _take_step(context: Context, connection: Connection, row: Any, typed: str) -> bool:
    step = _matching_step(context, row, typed)
    if step is None or step <= (row.totp_step or 0):
        return False
    store.change_account(connection, row.name, totp_step=step)
    return True


def _take_recovery(context: Context, connection: Connection, name: str, typed: str) -> bool:
    code = read_receipt(typed)
    if len(code) != _RECOVERY_LENGTH:
        return False
    digests = context.sealer.token_digests(_recovery_told(name, code))
    return take_recovery_code(connection, name, digests)


def _matching_step(context: Context, row: Any, typed: str) -> int | None:
    """The step of time near now whose code was typed, None where there is none."""
    code = read_proof(typed)
    totp = pyotp.TOTP(_secret(context, row), digits=CODE_DIGITS, interval=_STEP_SECONDS)
    now = int(context.now().timestamp()) // _STEP_SECONDS
    for step in (now + offset for offset in _WINDOW):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def _secret(context: Context, row: Any) -> str:
    return context.sealer.open_bytes(bytes(row.totp_secret), _owner(row.name)).decode()


def _owner(name: str) -> str:
    return f"totp {name}"


def _enrolment(name: str, secret: str) -> Enrolment:
    totp = pyotp.TOTP(secret, digits=CODE_DIGITS, interval=_STEP_SECONDS)
    return Enrolment(secret, totp.provisioning_uri(name=name, issuer_name=ISSUER))


def _draw_recovery_codes() -> Iterator[str]:
    half = _RECOVERY_LENGTH // 2
    for _ in range(RECOVERY_CODES):
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(_RECOVERY_LENGTH))
        yield f"{drawn[:half]}-{drawn[half:]}"


def _recovery_told(name: str, code: str) -> str:
    return f"recovery {name} {read_receipt(code)}"
