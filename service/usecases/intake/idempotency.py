"""Answering the same request once (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from service.errors import IdempotencyConflictError, IdempotencyInFlightError, InvalidInputError
from service.storage.intake import idempotency as store
from service.storage.rows import share_key_lock
from service.usecases.context import Context

Answer = tuple[int, dict[str, Any]]

_MAX_KEY_CHARS = 200
_ABANDONED = timedelta(minutes=2)
_SEALED = "sealed"
_OWN = "账号:"  # no client can send it: theirs are ASCII


def replay_or_run(
    context: Context, key: str, body_digest: bytes, run: Callable[[], Answer], caller: str = ""
) -> Answer:
    """The stored answer to a key that was used before, else the answer of ``run``, stored.

    Parameters
    ----------
    key
        The client's ``Idempotency-Key``, 1–200 printable characters.
    body_digest
        SHA-256 (32 bytes) of the request.
    run
        Handles the request; what it raises is passed on and frees the key again.
    caller
        The account that asks, "" for anybody: each has its own keys, which nobody else can use up
        by guessing what comes next.

    Raises
    ------
    InvalidInputError
        The key is empty, too long or not printable ASCII.
    IdempotencyConflictError
        The key was used with another body.
    IdempotencyInFlightError
        The first request under this key is still being handled.
    """
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= _MAX_KEY_CHARS):
        raise InvalidInputError("Idempotency-Key 须为 1–200 个可见字符")
    if caller:
        key = _own_key(caller, key)
    now = context.now()
    stored = _begin(context, key, body_digest, now)
    if stored is not None:
        return stored
    try:
        status, response = run()
    except BaseException:
        with context.database.transaction() as connection:
            store.forget_key(connection, key, now)
        raise
    with context.database.transaction() as connection:
        share_key_lock(connection)
        store.keep_answer(connection, key, now, status, _seal(context, key, response))
    return status, response


def _own_key(caller: str, key: str) -> str:
    """What an account's key is kept as; no longer than any key may be."""
    return _OWN + hashlib.sha256(f"{caller}\n{key}".encode()).hexdigest()


def _begin(context: Context, key: str, body_digest: bytes, now: datetime) -> Answer | None:
    with context.database.transaction() as connection:
        store.lock_key(connection, key)
        row = store.read_answer(connection, key)
        if row is not None and bytes(row.body_digest) != body_digest:
            raise IdempotencyConflictError()
        if row is not None and row.status is not None:
            return row.status, _open(context, key, row.response)
        if row is not None and now - row.begun_at < _ABANDONED:
            raise IdempotencyInFlightError()
        if row is not None:
            # Its worker died before it answered; what it stored is found by natural key.
            store.forget_key(connection, key, row.begun_at)
        store.begin_answer(connection, key, body_digest, now)
    return None


def _seal(context: Context, key: str, response: dict[str, Any]) -> dict[str, str]:
    """An answer as it is kept: it may hold what only its client shall know, such as a PIN."""
    sealed = context.sealer.seal_bytes(json.dumps(response).encode(), key)
    return {_SEALED: b64encode(sealed).decode("ascii")}


def _open(context: Context, key: str, kept: dict[str, Any]) -> dict[str, Any]:
    """What was kept; an earlier version kept answers as they are."""
    if kept.keys() != {_SEALED}:
        return kept
    opened: dict[str, Any] = json.loads(context.sealer.open_bytes(b64decode(kept[_SEALED]), key))
    return opened
