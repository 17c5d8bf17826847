"""Which records hold something sealed or keyed, under which key, and the way through them."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    String,
    Table,
    and_,
    cast,
    func,
    literal,
    select,
    update,
)

from service.domain.history import NOTHING
from service.storage.sealing.sealer import key_id_of
from service.storage.tables import (
    account,
    api_token,
    attachment,
    event,
    idempotency,
    message,
    recovery_code,
    redaction,
    sender,
    webhook,
)

_HEADER, _HEADER_LETTERS = 3, 4  # bytes of a record, and letters of them in base 64
ANSWER = "sealed"  # under what name an answer's record stands in ``idempotency.response``


@dataclass(frozen=True, slots=True)
class Place:
    """A column of sealed records, its table's key, and to what a record is bound, if anything."""

    id: Column[Any]
    sealed: Column[Any]
    owner: ColumnElement[str] | None = None

    @property
    def is_there(self) -> ColumnElement[bool]:
        """Whether a row holds a record."""
        return and_(self.sealed.is_not(None), func.length(self.sealed) > _HEADER)


SENDERS = Place(sender.c.id, sender.c.sealed)
PINS = Place(message.c.id, message.c.pin, message.c.receipt)
# Bound as by ``service/usecases/accounts/second_factor.py``.
FACTORS = Place(account.c.name, account.c.totp_secret, literal("totp ") + account.c.name)
# Bound as by ``service/usecases/intake/attaching.py``.
_ATTACHED = literal("attachment ").concat(
    cast(attachment.c.message_id, String).concat("/").concat(cast(attachment.c.number, String))
)
FILES = Place(attachment.c.id, attachment.c.content, _ATTACHED)
FILE_NAMES = Place(attachment.c.id, attachment.c.name, _ATTACHED)
WEBHOOK_SECRETS = Place(webhook.c.id, webhook.c.secret)
FORMER_SECRETS = Place(webhook.c.id, webhook.c.former_secret)


def read_sealed(
    connection: Connection, place: Place, after: int | str | None, limit: int
) -> list[Row[Any]]:
    """The next records of a place (``id``, ``sealed``, ``owner``), kept for this transaction."""
    owner = literal("") if place.owner is None else place.owner
    columns = place.id.label("id"), place.sealed.label("sealed"), owner.label("owner")
    query = select(*columns).where(place.is_there).order_by(place.id).limit(limit)
    if after is not None:
        query = query.where(place.id > after)
    return list(connection.execute(query.with_for_update(of=place.id.table)))


def write_sealed(connection: Connection, place: Place, records: Mapping[Any, bytes]) -> None:
    """Put other records in the place of those of these ids."""
    for identity, sealed in records.items():
        is_it = place.id == identity
        connection.execute(update(place.id.table).where(is_it).values({place.sealed: sealed}))


def count_sealed(connection: Connection, place: Place) -> Counter[int]:
    """How many records of a place there are, by key."""
    header = func.substr(place.sealed, 1, _HEADER, type_=LargeBinary)
    # The third byte is chance: it only makes more groups.
    rows = connection.execute(select(header, func.count()).where(place.is_there).group_by(header))
    count: Counter[int] = Counter()
    for beginning, number in rows:
        count[key_id_of(bytes(beginning))] += number
    return count


def read_sealed_answers(connection: Connection, after: str, limit: int) -> list[Row[Any]]:
    """The next answers kept, sealed or not (``id``, ``response``), kept for this transaction."""
    columns = idempotency.c.key.label("id"), idempotency.c.response
    query = select(*columns).where(idempotency.c.key > after, idempotency.c.status.is_not(None))
    query = query.order_by(idempotency.c.key).limit(limit)
    return list(connection.execute(query.with_for_update()))


def write_answers(connection: Connection, answers: Mapping[str, Mapping[str, str]]) -> None:
    """Put other answers in the place of those of these keys."""
    for key, response in answers.items():
        is_it = idempotency.c.key == key
        connection.execute(update(idempotency).where(is_it).values(response=dict(response)))


def count_answers(connection: Connection) -> Counter[int]:
    """How many sealed answers there are, by key."""
    letters = func.substr(idempotency.c.response[ANSWER].as_string(), 1, _HEADER_LETTERS)
    query = select(letters, func.count()).where(idempotency.c.status.is_not(None))
    count: Counter[int] = Counter()
    for beginning, number in connection.execute(query.group_by(letters)):
        if beginning:
            count[key_id_of(b64decode(beginning))] += number
    return count


def read_redactions(connection: Connection, after: int, limit: int) -> list[Row[Any]]:
    """The next redactions (``id``, ``mac``, ``key_id``), each with its entry's columns.

    ``before`` is the digest of the entry before it. They are kept for this transaction.
    """
    earlier = event.alias("earlier")
    is_before = and_(
        earlier.c.matter_id == event.c.matter_id, earlier.c.number == event.c.number - 1
    )
    columns = (
        redaction.c.event_id.label("id"),
        redaction.c.mac,
        redaction.c.key_id,
        *(event.c.matter_id, event.c.number, event.c.at, event.c.actor, event.c.kind),
        *(event.c.details, event.c.digest),
        func.coalesce(earlier.c.digest, NOTHING).label("before"),
    )
    query = select(*columns).join(event, event.c.id == redaction.c.event_id)
    query = query.outerjoin(earlier, is_before).where(redaction.c.event_id > after)
    query = query.order_by(redaction.c.event_id).limit(limit)
    return list(connection.execute(query.with_for_update(of=redaction)))


def write_redaction(connection: Connection, event_id: int, mac: bytes, key_id: int) -> None:
    """Put another seal in the place of a redaction's."""
    is_it = redaction.c.event_id == event_id
    connection.execute(update(redaction).where(is_it).values(mac=mac, key_id=key_id))


def count_redactions(connection: Connection) -> Counter[int]:
    """How many redactions there are, by key."""
    return _count_by_key(connection, redaction)


def count_tokens(connection: Connection) -> Counter[int]:
    """How many tokens of programs there are, by key."""
    return _count_by_key(connection, api_token)


def count_recovery_codes(connection: Connection) -> Counter[int]:
    """How many recovery codes there are, by key."""
    return _count_by_key(connection, recovery_code)


def _count_by_key(connection: Connection, table: Table) -> Counter[int]:
    rows = connection.execute(
        select(table.c.key_id, func.count().label("number")).group_by(table.c.key_id)
    )
    return Counter({row.key_id: row.number for row in rows})
