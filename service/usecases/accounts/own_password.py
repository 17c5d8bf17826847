"""One's own password: giving it, and changing it."""

from __future__ import annotations

from service.domain.access import Account
from service.errors import InvalidInputError, WrongPasswordError
from service.usecases.accounts.accounts import change, read_known
from service.usecases.accounts.attempts import PER_SECRET, Attempts
from service.usecases.accounts.passwords import hash_chosen, is_password
from service.usecases.context import Context

_CHANGED = "password_changed"


def change_password(context: Context, account: Account, old: str, new: str) -> None:
    """Change one's own password. All sessions end, this one too: log in again.

    Raises
    ------
    InvalidInputError
        The new one is the old one.
    WeakPasswordError
        The new one is too short or too easily guessed.
    TooManyRequestsError
        The old one was wrong too often a short time ago.
    WrongPasswordError
        The old one is wrong.
    """
    check_own_password(context, account, old)
    hashed = hash_chosen(new, account.name)
    if old == new:
        raise InvalidInputError("新密码与原来的相同")
    columns = {"password_hash": hashed, "must_change": False}
    change(context, account.name, _CHANGED, columns)


def check_own_password(context: Context, account: Account, password: str) -> None:
    """Let whoever is logged in pass with the account's password.

    Raises
    ------
    TooManyRequestsError
        It was wrong too often a short time ago.
    WrongPasswordError
        It is wrong.
    """
    known = read_known(context, account.name)
    attempts = Attempts(context, {f"password of {account.name}": PER_SECRET})
    attempts.begin()
    if not is_password(known.password_hash if known else None, password):
        raise WrongPasswordError
    attempts.succeed()
