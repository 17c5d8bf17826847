"""Messages: stored once, never altered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, func, select, tuple_

from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.message import IncomingMessage, Message
from service.domain.relation import Relation
from service.storage.messages.erasures import is_erased
from service.storage.rows import chunks, insert_rows, is_id
from service.storage.tables import IS_PART, demand, message

NaturalKey = tuple[str, str, bytes]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What is stored of a message at its arrival; ``pin`` is sealed, None where it has none."""

    id: int
    receipt: str
    key: NaturalKey
    incoming: IncomingMessage
    sender_id: int | None
    masked_title: str
    masked_text: str
    received_at: datetime
    part_of: int | None = None
    pin: bytes | None = None


def insert_messages(connection: Connection, messages: Iterable[NewMessage]) -> None:
    """Store messages."""
    rows = [_as_row(new) for new in messages]
    insert_rows(connection, message, rows)


def _as_row(new: NewMessage) -> dict[str, object]:
    incoming = new.incoming
    source, external_id, digest = new.key
    return {
        "id": new.id,
        "receipt": new.receipt,
        "source": source,
        "external_id": external_id,
        "digest": digest,
        "channel": incoming.channel.value,
        "sender_id": new.sender_id,
        "title": incoming.title,
        "text": incoming.text,
        "masked_title": new.masked_title,
        "masked_text": new.masked_text,
        "sent_at": incoming.sent_at,
        "sent_on": incoming.sent_at.astimezone(SHANGHAI).date(),
        "received_at": new.received_at,
        "like_count": incoming.like_count,
        "dislike_count": incoming.dislike_count,
        "part_of": new.part_of,
        "pin": new.pin,
        "consent_version": incoming.consent_version,
        "taken_by": incoming.taken_by,
    }


def find_known(connection: Connection, keys: Sequence[NaturalKey]) -> dict[NaturalKey, int]:
    """Ids of the messages that are there already, by natural key."""
    # A numbered message has no digest, and any other no number: two plain lists for each source.
    numbers: defaultdict[tuple[str, bytes], list[str]] = defaultdict(list)
    digests: defaultdict[str, list[bytes]] = defaultdict(list)
    for source, external_id, digest in keys:
        if external_id:
            numbers[source, digest].append(external_id)
        else:
            digests[source].append(digest)
    known: dict[NaturalKey, int] = {}
    for (source, digest), wanted in numbers.items():
        known |= _find_keys(connection, _BY_NUMBER, wanted, source=source, digest=digest)
    for source, asked in digests.items():
        known |= _find_keys(connection, _BY_DIGEST, asked, source=source)
    return known


# Made once: they are asked with every message.
_KEYS = select(message.c.id, message.c.source, message.c.external_id, message.c.digest).where(
    message.c.source == bindparam("source")
)
_ASKED: BindParameter[Any] = bindparam("asked", expanding=True)
_BY_NUMBER = _KEYS.where(message.c.digest == bindparam("digest"), message.c.external_id.in_(_ASKED))
_BY_DIGEST = _KEYS.where(message.c.external_id == "", message.c.digest.in_(_ASKED))


def _find_keys(
    connection: Connection, query: Select[Any], values: Sequence[object], **given: object
) -> dict[NaturalKey, int]:
    found: dict[NaturalKey, int] = {}
    for part in chunks(values):
        rows = connection.execute(query, {**given, "asked": part})
        found.update({(row[1], row[2], bytes(row[3])): row[0] for row in rows})
    return found


def read_words(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Title and text of these messages, by id; of one that was erased nothing."""
    columns = message.c.id, message.c.title, message.c.text
    found: dict[int, tuple[str, str]] = {}
    for part in chunks(ids):
        is_one = and_(message.c.id.in_(part), ~is_erased(message.c.id))
        rows = connection.execute(select(*columns).where(is_one))
        found.update({row.id: (row.title, row.text) for row in rows})
    return found


def read_masked(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    """``id``, ``sent_on`` and the masked words of these messages."""
    columns = message.c.id, message.c.sent_on, message.c.masked_title, message.c.masked_text
    found: list[Row[Any]] = []
    for part in chunks(ids):
        found.extend(connection.execute(select(*columns).where(message.c.id.in_(part))))
    return found


def read_messages_of(
    connection: Connection, matter_id: int, limit: int, after: int = 0
) -> list[tuple[Message, Row[Any]]]:
    """At most ``limit`` messages of a matter, each with its demand's row.

    They come in the order they were sent; those behind the message ``after`` where it is not 0.
    """
    query = _of_matter(matter_id).order_by(message.c.sent_at, message.c.id).limit(limit)
    if after:
        place = select(message.c.sent_at, message.c.id).where(message.c.id == after)
        query = query.where(tuple_(message.c.sent_at, message.c.id) > place.scalar_subquery())
    return [(as_message(row), row) for row in connection.execute(query)]


def read_message_of(
    connection: Connection, matter_id: int, message_id: int
) -> tuple[Message, Row[Any]] | None:
    """One message of a matter with its demand's row, None where it is none of the matter's."""
    row = connection.execute(_of_matter(matter_id).where(message.c.id == message_id)).first()
    return None if row is None else (as_message(row), row)


def _of_matter(matter_id: int) -> Select[Any]:
    whole = message.alias("whole")
    # A part is found again by the receipt of the message that it is part of.
    receipt = func.coalesce(whole.c.receipt, message.c.receipt).label("receipt")
    return (
        select(
            *(column for column in message.c if column is not message.c.receipt),
            receipt,
            demand.c.relation,
            demand.c.same_probability,
            demand.c.because,
        )
        .join(demand, demand.c.message_id == message.c.id)
        .outerjoin(whole, whole.c.id == message.c.part_of)
        .where(demand.c.matter_id == matter_id)
    )


def find_leading(connection: Connection, matter_id: int) -> int:
    """The message that opened a matter; its classification is the matter's."""
    query = select(demand.c.message_id).where(
        demand.c.matter_id == matter_id, demand.c.relation == Relation.FIRST.value
    )
    return int(connection.execute(query).scalar_one())


def read_messages(connection: Connection, ids: Sequence[int]) -> list[Message]:
    """These messages, in the order of their ids."""
    found: list[Message] = []
    for part in chunks(ids):
        rows = connection.execute(select(message).where(message.c.id.in_(part)))
        found.extend(as_message(row) for row in rows)
    return sorted(found, key=lambda one: one.id)


def read_newest_messages(connection: Connection, count: int) -> list[Row[Any]]:
    """The rows of the ``count`` messages received last, the newest first; parts are left out."""
    query = select(message).where(~IS_PART).order_by(message.c.id.desc()).limit(count)
    return list(connection.execute(query))


def read_message(connection: Connection, message_id: int) -> Message | None:
    """One message, or None."""
    if not is_id(message_id):
        return None
    row = connection.execute(select(message).where(message.c.id == message_id)).first()
    return None if row is None else as_message(row)


def as_message(row: Row[Any]) -> Message:
    """The message a row holds."""
    return Message(
        id=row.id,
        receipt=row.receipt,
        title=row.title,
        text=row.text,
        sent_at=row.sent_at,
        received_at=row.received_at,
        channel=Channel(row.channel),
        source=row.source,
        external_id=row.external_id,
        sender_id=row.sender_id,
        like_count=row.like_count,
        dislike_count=row.dislike_count,
        part_of=row.part_of,
        consent_version=row.consent_version,
        taken_by=row.taken_by,
    )


def last_received_at(connection: Connection) -> datetime | None:
    """When the message that was stored last came in; None where there is none."""
    newest = select(message.c.received_at).order_by(message.c.id.desc()).limit(1)
    return connection.execute(newest).scalar()
