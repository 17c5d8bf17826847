"""The histories of matters: entries are only ever added, each with the digest of all before it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from service.domain.history import NOTHING, RECUSED, entry_digest
from service.storage.delivery.deliveries import emit_of_histories
from service.storage.matters.matter_pairs import find_parts
from service.storage.rows import chunks, insert_rows
from service.storage.tables import demand, event, matter, message

# Made once: they are asked with every entry.
_LOCK_HEADS = (
    select(matter.c.id, matter.c.event_count, matter.c.event_head)
    .where(matter.c.id.in_(bindparam("asked", expanding=True)))
    .order_by(matter.c.id)
    .with_for_update()
)
_SALT_BYTES = 16
_KEEP_HEAD = (
    update(matter)
    .where(matter.c.id == bindparam("matter"))
    .values(event_count=bindparam("count"), event_head=bindparam("head"))
)
SYSTEM = "system"  # the actor of an entry that no person brought about


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An entry of a matter's history."""

    matter_id: int
    at: datetime
    actor: str
    kind: str
    details: Mapping[str, object]


@dataclass(slots=True)
class HistoryHead:
    """How far a matter's history has come: how many entries, and the digest of the last."""

    count: int
    digest: bytes | None

    def append(self, new: NewEvent) -> dict[str, object]:
        """The next entry as a row of ``event``; the head is then this entry."""
        details, salt = dict(new.details), secrets.token_bytes(_SALT_BYTES)
        self.count += 1
        self.digest = entry_digest(
            self.digest or NOTHING,
            new.matter_id,
            self.count,
            new.at,
            new.actor,
            new.kind,
            details,
            salt,
        )
        return {
            "matter_id": new.matter_id,
            "at": new.at,
            "actor": new.actor,
            "kind": new.kind,
            "details": details,
            "number": self.count,
            "digest": self.digest,
            "salt": salt,
        }


@dataclass(frozen=True, slots=True)
class NewEntries:
    """Entries about to be written, as rows of ``event``; how far histories come with them."""

    rows: Sequence[Mapping[str, object]]
    heads: Mapping[int, HistoryHead]


def insert_events(connection: Connection, events: Iterable[NewEvent]) -> None:
    """Append to the histories of matters, which are kept for this transaction.

    Webhooks that asked for it are told, once the transaction is done.
    """
    insert_entries(connection, append_events(connection, events))


def append_events(
    connection: Connection, events: Iterable[NewEvent], opened: Set[int] = frozenset()
) -> NewEntries:
    """What ``insert_entries`` is to write, for whoever writes the matters as well.

    ``opened`` are matters that this transaction opens and that have no entry yet.
    """
    new = list(events)
    ids = {each.matter_id for each in new}
    heads = _lock_heads(connection, sorted(ids - opened))
    heads |= {each: HistoryHead(0, None) for each in ids & opened}
    return NewEntries([heads[each.matter_id].append(each) for each in new], heads)


def insert_entries(connection: Connection, new: NewEntries, opened: Set[int] = frozenset()) -> None:
    """See ``insert_events``; ``opened`` are matters that were written with their heads."""
    insert_rows(connection, event, new.rows)
    _keep_heads(connection, {each: new.heads[each] for each in new.heads.keys() - opened})
    emit_of_histories(connection, new.rows)


def _lock_heads(connection: Connection, ids: Sequence[int]) -> dict[int, HistoryHead]:
    """The heads of matters, always locked in the same order."""
    heads: dict[int, HistoryHead] = {}
    for part in chunks(ids):
        rows = connection.execute(_LOCK_HEADS, {"asked": part})
        heads |= {number: HistoryHead(count, head) for number, count, head in rows}
    return heads


def _keep_heads(connection: Connection, heads: Mapping[int, HistoryHead]) -> None:
    if heads:
        connection.execute(
            _KEEP_HEAD,
            [
                {"matter": number, "count": head.count, "head": head.digest}
                for number, head in heads.items()
            ],
        )


def read_events(
    connection: Connection, matter_id: int, limit: int, before: int = 0
) -> list[Row[Any]]:
    """The last ``limit`` entries of a matter's history, oldest first.

    The last before the entry of the number ``before`` where that is not 0.
    """
    query = select(event).where(event.c.matter_id == matter_id).order_by(event.c.number.desc())
    if before:
        query = query.where(event.c.number < before)
    return list(connection.execute(query.limit(limit)))[::-1]


def read_recusing_messages(connection: Connection, matter_id: int) -> set[int]:
    """The messages of a matter that made members step aside, by its history and those of what was
    merged into it; none erased.
    """
    named: set[int] = set()
    for part in chunks(sorted(find_parts(connection, [matter_id]))):
        query = select(event.c.details).where(event.c.matter_id.in_(part), event.c.kind == RECUSED)
        told = connection.execute(query).scalars()
        named |= {int(details["message"]) for details in told if "message" in details}
    there: set[int] = set()
    for part in chunks(sorted(named)):
        is_of_it = demand.c.matter_id == matter_id, demand.c.message_id.in_(part)
        there.update(connection.execute(select(demand.c.message_id).where(*is_of_it)).scalars())
    return there


def read_events_after(connection: Connection, matter_id: int, event_id: int) -> list[Row[Any]]:
    """The entries of a matter's history behind one of them, oldest first."""
    query = select(event).where(event.c.matter_id == matter_id, event.c.id > event_id)
    return list(connection.execute(query.order_by(event.c.number)))


def find_last_event(
    connection: Connection, matter_id: int, kinds: Sequence[str]
) -> Row[Any] | None:
    """The last entry of one of these kinds in a matter's history, or None."""
    query = select(event).where(event.c.matter_id == matter_id, event.c.kind.in_(kinds))
    return connection.execute(query.order_by(event.c.number.desc()).limit(1)).first()


def read_events_of(connection: Connection, matter_id: int, kinds: Sequence[str]) -> list[Row[Any]]:
    """The entries of these kinds in a matter's history, the last first."""
    query = select(event).where(event.c.matter_id == matter_id, event.c.kind.in_(kinds))
    return list(connection.execute(query.order_by(event.c.number.desc())))


def deadlines_asked(connection: Connection, events: Sequence[Row[Any]]) -> list[datetime]:
    """The deadlines that messages asked for by arriving, of those that are there still."""
    arrived = {
        each.details["message"]: datetime.fromisoformat(each.details["due_at"])
        for each in events
        if each.kind == "message" and "due_at" in each.details
    }
    there: set[int] = set()
    for part in chunks(list(arrived)):
        there.update(
            connection.execute(select(message.c.id).where(message.c.id.in_(part))).scalars()
        )
    return [due_at for number, due_at in arrived.items() if number in there]
