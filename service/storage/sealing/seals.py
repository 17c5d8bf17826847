"""Seals over the histories, and what is read to verify them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from service.storage.rows import insert_rows
from service.storage.tables import event, matter, redaction, seal, sealed_head

NO_SEAL = bytes(32)  # what the first seal follows
# An entry of a transaction that ended late may have a lower id than one that was sealed already.
_LATE = 10_000


def read_last_seal(connection: Connection) -> Row[Any] | None:
    """The newest seal, or None."""
    return connection.execute(select(seal).order_by(seal.c.id.desc()).limit(1)).first()


def read_seal_before(connection: Connection, count: int) -> datetime | None:
    """When the seal was set that so many others followed; None where there are not so many."""
    query = select(seal.c.at).order_by(seal.c.id.desc()).offset(count).limit(1)
    return connection.execute(query).scalar()


def read_seals(connection: Connection) -> list[Row[Any]]:
    """All seals, the oldest first."""
    return list(connection.execute(select(seal).order_by(seal.c.id)))


def read_new_heads(connection: Connection, after: int) -> list[Row[Any]]:
    """Heads (id, event_count, event_head) of the matters with entries behind one of them.

    Some that have not changed since may be among them.
    """
    changed = select(event.c.matter_id).where(event.c.id > after - _LATE)
    query = select(matter.c.id, matter.c.event_count, matter.c.event_head)
    return list(connection.execute(query.where(matter.c.id.in_(changed)).order_by(matter.c.id)))


def last_event_id(connection: Connection) -> int:
    """The highest id of an entry, 0 where there is none."""
    return int(connection.execute(select(func.coalesce(func.max(event.c.id), 0))).scalar_one())


def insert_seal(
    connection: Connection,
    at: datetime,
    last_id: int,
    heads: Sequence[Row[Any]],
    mac: bytes,
    key_id: int,
) -> None:
    """Keep a seal over heads, made with the key of this id."""
    new = {"at": at, "last_event_id": last_id, "matter_count": len(heads), "mac": mac}
    new["key_id"] = key_id
    seal_id = connection.execute(insert(seal).values(new).returning(seal.c.id)).scalar_one()
    rows = [
        {"matter_id": h.id, "seal_id": seal_id, "number": h.event_count, "digest": h.event_head}
        for h in heads
    ]
    insert_rows(connection, sealed_head, rows)


def read_sealed_heads(connection: Connection, seal_id: int) -> list[tuple[int, int, bytes]]:
    """What a seal was set on: (matter id, number, digest), ascending by matter."""
    query = select(sealed_head.c.matter_id, sealed_head.c.number, sealed_head.c.digest)
    rows = connection.execute(
        query.where(sealed_head.c.seal_id == seal_id).order_by(sealed_head.c.matter_id)
    )
    return [(number, count, bytes(digest)) for number, count, digest in rows]


def seal_mac(
    key: bytes, before: bytes, at: datetime, last_id: int, heads: Sequence[tuple[int, int, bytes]]
) -> bytes:
    """HMAC-SHA256 (32 bytes) of a seal: what it follows, when it was set, and on what."""
    mac = hmac.new(key, before, hashlib.sha256)
    mac.update(f"{at.timestamp():.6f} {last_id} {len(heads)}".encode())
    for matter_id, number, digest in heads:
        mac.update(f" {matter_id} {number} ".encode() + digest)
    return mac.digest()


def read_histories(connection: Connection, after: int, limit: int) -> Iterator[Row[Any]]:
    """Entries of the ``limit`` matters behind the matter ``after``, by matter and number.

    ``redacted`` is the seal of an entry whose details were redacted, None of any other, and
    ``redacted_by`` the id of its key.
    """
    ids = select(matter.c.id).where(matter.c.id > after).order_by(matter.c.id).limit(limit)
    found = list(connection.execute(ids).scalars())
    if not found:
        return iter(())
    query = (
        select(
            matter.c.id.label("owner"),
            matter.c.number.label("owner_number"),
            matter.c.event_count,
            matter.c.event_head,
            event,
            redaction.c.mac.label("redacted"),
            redaction.c.key_id.label("redacted_by"),
        )
        .outerjoin(event, event.c.matter_id == matter.c.id)
        .outerjoin(redaction, redaction.c.event_id == event.c.id)
        .where(matter.c.id.between(found[0], found[-1]))
        .order_by(matter.c.id, event.c.number)
    )
    return iter(connection.execute(query))
