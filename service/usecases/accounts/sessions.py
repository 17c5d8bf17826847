"""Sessions: logging in and out, how long one lasts, and which an account has."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.access import Account
from service.errors import (
    CodeWantedError,
    NotFoundError,
    NotLoggedInError,
    SettingsError,
    WrongPasswordError,
)
from service.storage.accounts import accounts as store
from service.storage.rows import take_account_lock
from service.usecases.accounts.accounts import as_account, read_known
from service.usecases.accounts.attempts import PER_ADDRESS, PER_SECRET, Attempts, Patience
from service.usecases.accounts.passwords import is_password
from service.usecases.accounts.second_factor import code_attempt, take_code
from service.usecases.context import Context

_SEEN_AGAIN = timedelta(minutes=1)
_NAME_DIGITS = 16
_PER_ACCOUNT = Patience(20, timedelta(seconds=30))
_TICKET, _TICKET_LASTS, _MAX_TICKET_CHARS = "login ticket", timedelta(minutes=5), 2000


@dataclass(frozen=True, slots=True)
class Session:
    """A session of an account: a name for it that opens nothing, and its times."""

    name: str
    begun_at: datetime | None
    seen_at: datetime | None
    ends_at: datetime
    is_this: bool


def log_in(context: Context, name: str, password: str, address: str = "", device: str = "") -> str:
    """Check a password and begin a session.

    Parameters
    ----------
    address
        Where the attempt comes from.
    device
        What names a browser from which this account has logged in before, "" for any other: what
        others try elsewhere does not keep it out (OWASP, device cookies).

    Returns
    -------
    str
        The session's token; only a digest of it is stored.

    Raises
    ------
    CodeWantedError
        The password is right, and the account has a second factor: its ``ticket`` goes with the
        code to ``log_in_with_code``.
    TooManyRequestsError
        There were too many failures a short time ago: from this browser where it is known, else
        for this name or from this address.
    WrongPasswordError
        Name or password is wrong, or the account is disabled; which of these is not told.
    """
    attempts = Attempts(context, _patience(name, address, device))
    attempts.begin()
    known = read_known(context, name)
    is_open = known is not None and not known.is_disabled
    if not is_password(known.password_hash if is_open else None, password):
        raise WrongPasswordError
    attempts.succeed()
    if known.totp_since is not None:
        raise CodeWantedError(_make_ticket(context, known))
    return _begin(context, known)


def _patience(name: str, address: str, device: str) -> Mapping[str, Patience]:
    """By what failures to log in are counted.

    An account as a whole makes others wait a little only: else whoever knows its name could keep
    its owner out.
    """
    if device:
        return {f"account {name} on {device}": PER_SECRET}
    return {
        f"account {name} from {address}": PER_SECRET,
        f"account {name}": _PER_ACCOUNT,
        f"address {address}": PER_ADDRESS,
    }


def log_in_with_code(context: Context, ticket: str, code: str, address: str = "") -> str:
    """Begin a session of an account whose password was right, with a code as second factor.

    Returns
    -------
    str
        As ``log_in``.

    Raises
    ------
    NotLoggedInError
        The ticket is not ours or has ended: begin with the password again.
    TooManyRequestsError
        There were too many wrong codes for this account, or from this address.
    WrongCodeError
        The code is wrong, or was used already.
    WrongPasswordError
        The password was changed, or the account disabled meanwhile.
    """
    name, hashed = _read_ticket(context, ticket)
    patience = {code_attempt(name): PER_SECRET, f"address {address}": PER_ADDRESS}
    attempts = Attempts(context, patience)
    attempts.begin()
    known = read_known(context, name)
    if known is None or known.totp_since is None or _fingerprint(known) != hashed:
        raise NotLoggedInError
    take_code(context, name, code)
    attempts.succeed()
    return _begin(context, known)


def _make_ticket(context: Context, known: Any) -> str:
    """What tells that an account's password was right a short time ago; sealed."""
    ends_at = (context.now() + _TICKET_LASTS).timestamp()
    told = json.dumps([known.name, _fingerprint(known), ends_at]).encode()
    return urlsafe_b64encode(context.sealer.seal_bytes(told, _TICKET)).decode("ascii")


def _read_ticket(context: Context, ticket: str) -> tuple[str, str]:
    """Name and fingerprint of the account for which a ticket was made."""
    try:
        sealed = urlsafe_b64decode(ticket[:_MAX_TICKET_CHARS].encode())
        name, hashed, ends_at = json.loads(context.sealer.open_bytes(sealed, _TICKET))
    except (ValueError, SettingsError) as error:
        raise NotLoggedInError from error
    if context.now().timestamp() >= ends_at:
        raise NotLoggedInError
    return name, hashed


def _fingerprint(known: Any) -> str:
    return hashlib.sha256(known.password_hash.encode()).hexdigest()


def _begin(context: Context, known: Any) -> str:
    """Begin a session, unless the password was changed or the account disabled meanwhile."""
    token = secrets.token_urlsafe(32)
    now = context.now()
    ends_at = now + timedelta(hours=context.settings.session_hours)
    with context.database.transaction() as connection:
        take_account_lock(connection)
        current = store.read_account(connection, known.name)
        if current is None or current.is_disabled or current.password_hash != known.password_hash:
            raise WrongPasswordError
        store.delete_ended_logins(connection, now)
        store.insert_login(connection, _digest(token), known.name, now, ends_at)
    return token


def account_of(context: Context, token: str) -> Account | None:
    """Whose session this is; None where there is none, or it has ended or was idle too long.

    That it was seen is kept, once a minute.
    """
    now, digest = context.now(), _digest(token)
    with context.database.reading() as connection:
        row = store.read_login(connection, digest, now)
    if row is None or row.is_disabled or _is_idle(context, row, now):
        return None
    if row.seen_at is None or now - row.seen_at >= _SEEN_AGAIN:
        with context.database.transaction() as connection:
            store.see_login(connection, digest, now)
    return as_account(context, row)


def log_out(context: Context, token: str) -> None:
    """End a session."""
    with context.database.transaction() as connection:
        store.delete_login(connection, _digest(token))


def list_sessions(context: Context, account: Account, token: str) -> list[Session]:
    """The sessions of an account, the one seen last first; ``token`` is that of this one."""
    now = context.now()
    with context.database.reading() as connection:
        rows = store.read_logins_of(connection, account.name, now)
    here = _digest(token)
    return [
        Session(_name_of(row), row.begun_at, row.seen_at, row.ends_at, row.token_digest == here)
        for row in rows
        if not _is_idle(context, row, now)
    ]


def end_session(context: Context, account: Account, name: str) -> None:
    """End a session of an account by the name that ``list_sessions`` gave it.

    Raises
    ------
    NotFoundError
        The account has no such session.
    """
    with context.database.transaction() as connection:
        for row in store.read_logins_of(connection, account.name, context.now()):
            if hmac.compare_digest(_name_of(row).encode(), name.encode("utf-8", "replace")):
                store.delete_login(connection, row.token_digest)
                return
    raise NotFoundError("登录")


def _is_idle(context: Context, row: Any, now: datetime) -> bool:
    """A session that an earlier version began tells no time: it lasts until its end."""
    idle = timedelta(minutes=context.settings.session_idle_minutes)
    return row.seen_at is not None and now - row.seen_at >= idle


def _name_of(row: Any) -> str:
    return hashlib.sha256(row.token_digest).hexdigest()[:_NAME_DIGITS]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
