"""密钥轮换: a new key seals what comes in, and what older ones sealed is sealed anew with it.

The service goes on meanwhile: each process meets the new key with its next record (``KeyFile``),
and opens records of all keys. A rotation that is broken off goes on where it was.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from service.domain.erasure import redaction_mac
from service.domain.key_ring import KeyRing, RetiredKey
from service.errors import InvalidInputError, NotFoundError
from service.storage.database import Connection
from service.storage.rows import (
    share_key_lock,
    take_account_lock,
    take_intake_lock,
    take_key_lock,
)
from service.storage.sealing import sealed_records as store
from service.usecases.context import Context
from service.usecases.matching.known_senders import bring_forward

BATCH = 200  # records in one transaction: a few hundredths of a second
FILE_BATCH = 4  # files, of which each may have ten megabytes
# What was begun under the former key is stored by then.
SETTLED_AFTER = timedelta(minutes=10)
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as it is told: never the secret. ``uses`` are its records by kind, in Chinese."""

    id: int
    fingerprint: str
    made_at: datetime | None
    is_current: bool
    is_retired: bool
    uses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rotated:
    """The key that seals now, whether it is new, and how many records were sealed anew.

    ``left`` are those of former keys still: others, who have not the new key file, went on sealing.
    """

    key_id: int
    is_new: bool
    resealed: Mapping[str, int]
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of records: how many there are by key, and a batch of them sealed anew.

    The batch gives where the next begins (None at the end), and how many it sealed.
    """

    label_zh: str
    count: Callable[[Connection], Counter[int]]
    reseal: Callable[[Context, Connection, Any], tuple[Any, int]]


def list_keys(context: Context) -> list[KeyView]:
    """All keys, by id, with what is sealed by each."""
    ring = context.settings.secret_key.ring()
    fingerprints = {each.id: each.fingerprint for each in context.sealer.readable}
    with context.database.reading() as connection:
        uses = _uses(connection, [*_RESEALED, *_KEPT])
    keys = [
        KeyView(
            each.id,
            fingerprints[each.id],
            each.made_at,
            each.id == ring.current_id,
            False,
            {kind: count[each.id] for kind, count in uses.items() if count[each.id]},
        )
        for each in ring.keys
    ]
    retired = [KeyView(each.id, "", None, False, True, {}) for each in ring.retired]
    return sorted([*keys, *retired], key=lambda each: each.id)


def prepare_key(context: Context) -> int:
    """Make a key that does not seal yet, to be brought to all machines before it does; its id.

    One that waits already stays.

    Raises
    ------
    SettingsError
        The key file cannot be changed.
    """

    def with_waiting(ring: KeyRing) -> KeyRing:
        is_waiting = ring.newest.id != ring.current_id
        return ring if is_waiting else ring.with_new(context.now())

    return context.settings.secret_key.change(with_waiting).newest.id


def rotate_keys(
    context: Context, progress: Callable[[str, int], None] = lambda kind, done: None
) -> Rotated:
    """Let the key that was prepared, else a new one, seal from now on, and seal all records anew.

    Where an earlier rotation was broken off, it is finished, and no other key is made.

    Parameters
    ----------
    progress
        Is told after each batch of which kind it was, and how many of it are sealed anew.

    Raises
    ------
    DatabaseUnavailableError
        The database cannot be reached. Call it again.
    SettingsError
        The key file cannot be changed, or a record was sealed with a key that is not there.
    """
    key_file = context.settings.secret_key
    before = key_file.ring()
    is_waiting = before.newest.id != before.current_id
    if is_waiting or not (before.is_rotating or _left(context)):
        prepare_key(context)
        key_file.change(lambda ring: ring.sealing_with_newest(context.now()))
    resealed: Counter[str] = Counter()
    # What others had begun under the former key may come in behind a round.
    left, rounds = 1, 0
    while left and rounds < _ROUNDS:
        for kind in _RESEALED:
            resealed[kind.label_zh] += _reseal_all(context, kind, progress)
        left, rounds = _left(context), rounds + 1
    if not left:
        key_file.change(KeyRing.rotated)
    key_id = context.sealer.current.id
    return Rotated(key_id, key_id != before.current_id, resealed, left)


def retire_key(context: Context, key_id: int) -> None:
    """Delete the secret of a key that nothing uses; its seals on histories can still be checked.

    Raises
    ------
    InvalidInputError
        It is the current one, records use it, or the current one seals for too short a time.
    NotFoundError
        There is no such key.
    SettingsError
        The key file cannot be changed.
    """
    with context.database.transaction() as connection:
        # What is sealed and not yet committed is waited for, and counted with the rest.
        take_key_lock(connection)
        retired = _retiring(context, connection, key_id)
        context.settings.secret_key.change(lambda current: current.without(retired))


def _retiring(context: Context, connection: Connection, key_id: int) -> RetiredKey:
    """What stays of a key that may be retired. Raises as ``retire_key``."""
    ring = context.settings.secret_key.ring()
    history_key = context.sealer.history_key(key_id)
    if history_key is None or all(each.id != key_id for each in ring.keys):
        raise NotFoundError(f"{key_id} 号密钥")
    if key_id >= ring.current_id:
        raise InvalidInputError(f"{key_id} 号密钥在用或待用，不能退役")
    made_at = next(each.made_at for each in ring.keys if each.id == ring.current_id)
    now = context.now()
    if made_at is not None and now < made_at + SETTLED_AFTER:
        raise InvalidInputError("换用新密钥不满十分钟，可能还有办理中的，请稍后再试")
    if used := _told(_uses(connection, [*_RESEALED, *_KEPT]), key_id):
        raise InvalidInputError(f"{key_id} 号密钥还有记录在用：{used}")
    return RetiredKey(key_id, history_key, now)


def _told(uses: Mapping[str, Counter[int]], key_id: int) -> str:
    return "、".join(f"{kind} {count[key_id]:,}" for kind, count in uses.items() if count[key_id])


def _uses(connection: Connection, kinds: Sequence[_Kind]) -> dict[str, Counter[int]]:
    return {kind.label_zh: kind.count(connection) for kind in kinds}


def _left(context: Context) -> int:
    """How many records that can be sealed anew are not of the current key."""
    current_id = context.sealer.current.id
    with context.database.reading() as connection:
        counts = _uses(connection, _RESEALED).values()
    return sum(count.total() - count[current_id] for count in counts)


def _reseal_all(context: Context, kind: _Kind, progress: Callable[[str, int], None]) -> int:
    after, done = None, 0
    while True:
        with context.database.transaction() as connection:
            after, count = kind.reseal(context, connection, after)
        done += count
        progress(kind.label_zh, done)
        if after is None:
            return done


def _next(rows: Sequence[Any], limit: int) -> Any:
    """Where the batch behind these rows begins; None where there is none."""
    return rows[-1].id if len(rows) == limit else None


def _reseal_senders(
    place: store.Place, context: Context, connection: Connection, after: Any
) -> tuple[Any, int]:
    take_intake_lock(connection)
    rows = store.read_sealed(connection, place, after, BATCH)
    old = [row.id for row in rows if not context.sealer.is_current(bytes(row.sealed))]
    bring_forward(connection, context.sealer, old)
    return _next(rows, BATCH), len(old)


def _reseal_files(
    place: store.Place, context: Context, connection: Connection, after: Any
) -> tuple[Any, int]:
    return _reseal_bytes(place, context, connection, after, FILE_BATCH)


def _reseal_bytes(
    place: store.Place,
    context: Context,
    connection: Connection,
    after: Any,
    limit: int | None = None,
) -> tuple[Any, int]:
    # Whoever changes such a record holds one of these.
    take_intake_lock(connection)
    take_account_lock(connection)
    sealer = context.sealer
    limit = BATCH if limit is None else limit
    rows = store.read_sealed(connection, place, after, limit)
    anew = {
        row.id: sealer.seal_bytes(sealer.open_bytes(bytes(row.sealed), row.owner), row.owner)
        for row in rows
        if not sealer.is_current(bytes(row.sealed))
    }
    store.write_sealed(connection, place, anew)
    return _next(rows, limit), len(anew)


def _reseal_secrets(
    place: store.Place, context: Context, connection: Connection, after: Any
) -> tuple[Any, int]:
    share_key_lock(connection)
    sealer = context.sealer
    rows = store.read_sealed(connection, place, after, BATCH)
    anew = {
        row.id: sealer.seal_secret(sealer.open_secret(bytes(row.sealed)))
        for row in rows
        if not sealer.is_current(bytes(row.sealed))
    }
    store.write_sealed(connection, place, anew)
    return _next(rows, BATCH), len(anew)


def _reseal_answers(context: Context, connection: Connection, after: Any) -> tuple[Any, int]:
    share_key_lock(connection)
    sealer = context.sealer
    rows = store.read_sealed_answers(connection, after or "", BATCH)
    old = {
        row.id: b64decode(row.response[store.ANSWER])
        for row in rows
        if row.response.keys() == {store.ANSWER}
    }
    anew = {
        key: b64encode(sealer.seal_bytes(sealer.open_bytes(sealed, key), key)).decode("ascii")
        for key, sealed in old.items()
        if not sealer.is_current(sealed)
    }
    store.write_answers(connection, {key: {store.ANSWER: one} for key, one in anew.items()})
    return _next(rows, BATCH), len(anew)


def _reseal_redactions(context: Context, connection: Connection, after: Any) -> tuple[Any, int]:
    """Seal redactions anew, but for those that are not as they were sealed: the audit tells."""
    share_key_lock(connection)
    rows = store.read_redactions(connection, after or 0, BATCH)
    key, done = context.sealer.current, 0
    for row in rows:
        told = (row.matter_id, row.number, row.at, row.actor, row.kind, row.details)
        binding = bytes(row.before), bytes(row.digest)
        former = context.sealer.history_key(row.key_id)
        if former is None or row.key_id == key.id:
            continue
        if hmac.compare_digest(redaction_mac(former, *binding, *told), bytes(row.mac)):
            mac = redaction_mac(key.history_key, *binding, *told)
            store.write_redaction(connection, row.id, mac, key.id)
            done += 1
    return _next(rows, BATCH), done


def _kind(
    label_zh: str,
    place: store.Place,
    reseal: Callable[[store.Place, Context, Connection, Any], tuple[Any, int]],
) -> _Kind:
    count = partial(store.count_sealed, place=place)
    return _Kind(label_zh, count, partial(reseal, place))


_RESEALED = (
    _kind("来信人", store.SENDERS, _reseal_senders),
    _kind("查询密码", store.PINS, _reseal_bytes),
    _kind("验证器", store.FACTORS, _reseal_bytes),
    _kind("附件", store.FILES, _reseal_files),
    _kind("附件名称", store.FILE_NAMES, _reseal_bytes),
    _kind("推送签名", store.WEBHOOK_SECRETS, _reseal_secrets),
    _kind("推送的前一签名", store.FORMER_SECRETS, _reseal_secrets),
    _Kind("留存的应答", store.count_answers, _reseal_answers),
    _Kind("遮去的经过", store.count_redactions, _reseal_redactions),
)


def _nothing(context: Context, connection: Connection, after: Any) -> tuple[Any, int]:
    return None, 0


# Only whoever has them can make their digests anew: they go over with their next use, or end.
_KEPT = (
    _Kind("访问令牌", store.count_tokens, _nothing),
    _Kind("恢复码", store.count_recovery_codes, _nothing),
)
