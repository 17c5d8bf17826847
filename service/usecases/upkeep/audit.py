"""Audit: histories are sealed day by day, and verified entry by entry."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from service.domain.deadline import SHANGHAI
from service.domain.erasure import redaction_mac
from service.domain.history import NOTHING, entry_digest
from service.storage.database import Connection
from service.storage.rows import take_seal_lock
from service.storage.sealing import seals as store
from service.usecases.context import Context

_MATTERS = 500
MAX_FAULTS = 1000


@dataclass(slots=True)
class Audited:
    """What verifying found: how much was gone through, and each fault in a line of Chinese."""

    matter_count: int = 0
    entry_count: int = 0
    seal_count: int = 0
    sealed_at: datetime | None = None
    faults: list[str] = field(default_factory=list)

    def note(self, fault: str) -> None:
        """Keep a fault, the first ``MAX_FAULTS`` of them."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(fault)


def seal_histories(context: Context) -> int | None:
    """Set a seal on all matters whose history grew since the last one, once a day.

    A seal is a keyed digest of how far each of them has come and of the seal before it; the key
    lies outside the database. Whoever changes the database alone cannot make one.

    Returns
    -------
    int or None
        How many matters it was set on; None where today's is set already.
    """
    with context.database.transaction() as connection:
        take_seal_lock(connection)
        last, now = store.read_last_seal(connection), context.now()
        if last is not None and _day(last.at) >= _day(now):
            return None
        last_id = store.last_event_id(connection)
        heads = store.read_new_heads(connection, last.last_event_id if last else 0)
        told = [(head.id, head.event_count, bytes(head.event_head)) for head in heads]
        before = bytes(last.mac) if last is not None else store.NO_SEAL
        key = context.sealer.current
        mac = store.seal_mac(key.history_key, before, now, last_id, told)
        store.insert_seal(connection, now, last_id, heads, mac, key.id)
        return len(heads)


def verify_histories(
    context: Context, progress: Callable[[Audited], None] = lambda _: None
) -> Audited:
    """Go through all histories and seals: is any entry changed, missing, or cut off?

    Parameters
    ----------
    progress
        Is told now and then.
    """
    found = Audited()
    with context.database.reading() as connection:
        sealed = _verify_seals(context, connection, found)
        last = 0
        while matters := list(_matters(store.read_histories(connection, last, _MATTERS))):
            for rows in matters:
                _verify_matter(context, rows, sealed.pop(rows[0].owner, []), found)
            last = matters[-1][0].owner
            progress(found)
        for matter_id in sorted(sealed):
            found.note(f"事项 {matter_id}（内部编号）整件不见了，封存时有经过")
    return found


def _matters(rows: Iterable[Any]) -> Iterator[list[Any]]:
    for _, entries in groupby(rows, key=lambda row: row.owner):
        yield list(entries)


def _verify_seals(
    context: Context, connection: Connection, found: Audited
) -> dict[int, list[tuple[int, bytes]]]:
    """By matter what was sealed of it: (number, digest)."""
    sealed: dict[int, list[tuple[int, bytes]]] = {}
    before = store.NO_SEAL
    for seal in store.read_seals(connection):
        heads = store.read_sealed_heads(connection, seal.id)
        key = context.sealer.history_key(seal.key_id)
        told = before, seal.at, seal.last_event_id, heads
        if key is None or store.seal_mac(key, *told) != bytes(seal.mac):
            found.note(f"{_day(seal.at):%Y-%m-%d} 的封存记录被改动，或密钥不是原来的")
        before = bytes(seal.mac)
        for matter_id, number, digest in heads:
            sealed.setdefault(matter_id, []).append((number, digest))
        found.seal_count += 1
        found.sealed_at = seal.at
    return sealed


def _verify_matter(
    context: Context, rows: list[Any], sealed: list[tuple[int, bytes]], found: Audited
) -> None:
    first = rows[0]
    found.matter_count += 1
    entries = [row for row in rows if row.id is not None]
    found.entry_count += len(entries)
    digests = {0: NOTHING}
    fault = ""
    for place, row in enumerate(entries, start=1):
        if row.number != place:
            fault = f"第 {place} 条经过不见了"
            break
        digests[place] = bytes(row.digest or b"")
        if not _is_unchanged(context, digests[place - 1], row):
            fault = f"第 {place} 条经过被改动"
            break
    if not fault and (
        len(entries) != first.event_count
        or digests[len(entries)] != bytes(first.event_head or NOTHING)
    ):
        fault = "最后的经过被截去或改动"
    if not fault and any(digests.get(number) != digest for number, digest in sealed):
        fault = "经过与封存时不符"
    if fault:
        found.note(f"事项 {first.owner_number}：{fault}")


def _is_unchanged(context: Context, before: bytes, row: Any) -> bool:
    """Whether an entry is what its digest says or, where it was redacted, what its seal says."""
    digest = bytes(row.digest or b"")
    told = (row.matter_id, row.number, row.at, row.actor, row.kind, row.details)
    if row.redacted is None:
        return entry_digest(before, *told, row.salt) == digest
    # Redactions are sealed anew under each new key: a retired one, perhaps stolen, makes none.
    keys = [each for each in context.sealer.readable if each.id == row.redacted_by]
    return any(
        hmac.compare_digest(
            redaction_mac(each.history_key, before, digest, *told), bytes(row.redacted)
        )
        for each in keys
    )


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
