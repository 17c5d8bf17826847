"""Erasing, in the database: the words and the sender of a message go, its row and number stay."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from time import sleep
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from service.domain.history import RECUSED
from service.domain.relation import Relation
from service.domain.reply import ReplyState
from service.storage.database import Database
from service.storage.failures import told_in_chinese
from service.storage.rows import chunks, insert_rows
from service.storage.tables import (
    attachment,
    classification,
    demand,
    erasure,
    event,
    exemplar,
    matter_pair,
    message,
    parting,
    rating,
    redaction,
    reply,
    ruling,
    sender,
    supplement,
)

logger = logging.getLogger(__name__)

_TRIES, _PAUSE_SECONDS = 10, 0.2
_ARRIVED = "message"
_REASONS = frozenset({"because", "reasons"})  # what details name that may hold a writer's words
_VOID = (ReplyState.DRAFT.value, ReplyState.CHECKED.value, ReplyState.WITHDRAWN.value)


def is_erased(message_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the message with this id was erased."""
    return exists().where(erasure.c.message_id == message_id)


def insert_erasures(connection: Connection, message_ids: Sequence[int], **columns: object) -> None:
    """Keep that messages were erased: ``at``, ``actor``, ``ground``, ``reason``."""
    insert_rows(connection, erasure, [{"message_id": each, **columns} for each in message_ids])


def read_erasures(connection: Connection, message_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Of those of these messages that were erased the row that tells of it, by message."""
    found: dict[int, Row[Any]] = {}
    for part in chunks(message_ids):
        rows = connection.execute(select(erasure).where(erasure.c.message_id.in_(part)))
        found.update({row.message_id: row for row in rows})
    return found


def read_newest_erasures(connection: Connection, limit: int) -> list[Row[Any]]:
    """The last erasures, the newest first, each with the receipt of its message."""
    query = select(erasure, message.c.receipt).join(message, message.c.id == erasure.c.message_id)
    query = query.order_by(erasure.c.at.desc(), erasure.c.message_id.desc()).limit(limit)
    return list(connection.execute(query))


def read_whole(connection: Connection, message_id: int) -> list[Row[Any]]:
    """The rows of a message and of its confirmed parts, kept for this transaction.

    Each with ``matter_id`` and ``relation``; of a part of a message the whole's.
    """
    whole = select(message.c.part_of).where(message.c.id == message_id).scalar_subquery()
    columns = (message, demand.c.matter_id, demand.c.relation)
    is_meant = or_(
        message.c.id == message_id,
        message.c.part_of == message_id,
        message.c.id == whole,
        message.c.part_of == whole,
    )
    query = select(*columns).join(demand, demand.c.message_id == message.c.id).where(is_meant)
    return list(connection.execute(query.order_by(message.c.id).with_for_update(of=message)))


def wipe_messages(connection: Connection, message_ids: Sequence[int]) -> None:
    """Take the words of messages out of every row that holds some of them, and let go of senders.

    Who sent no other message is wiped too.
    """
    is_one = message.c.id.in_(message_ids)
    known = select(message.c.sender_id).where(is_one, message.c.sender_id.is_not(None))
    senders = list(connection.execute(known.distinct()).scalars())
    nothing = {"title": "", "text": "", "masked_title": "", "masked_text": "", "sender_id": None}
    connection.execute(update(message).where(is_one).values(nothing))
    left = exists().where(message.c.sender_id == sender.c.id)
    connection.execute(delete(sender).where(sender.c.id.in_(senders), ~left))
    connection.execute(delete(ruling).where(ruling.c.message_id.in_(message_ids)))
    connection.execute(delete(supplement).where(supplement.c.message_id.in_(message_ids)))
    connection.execute(delete(exemplar).where(exemplar.c.message_id.in_(message_ids)))
    connection.execute(delete(attachment).where(attachment.c.message_id.in_(message_ids)))
    own = rating.c.message_id.in_(message_ids)
    connection.execute(update(rating).where(own).values(reason=""))
    own = demand.c.message_id.in_(message_ids)
    connection.execute(update(demand).where(own).values(because=[]))


def wipe_evidence(connection: Connection, matter_ids: Sequence[int]) -> None:
    """Forget by which words these matters were likened to others, also where parts were taken
    into some of them: what undoing would give back.
    """
    is_own = or_(matter_pair.c.low_id.in_(matter_ids), matter_pair.c.high_id.in_(matter_ids))
    pairs = select(matter_pair.c.low_id, matter_pair.c.high_id).where(is_own)
    near = {*matter_ids, *(each for pair in connection.execute(pairs) for each in pair)}
    connection.execute(update(matter_pair).where(is_own).values(because=[]))
    for part in chunks(sorted(near)):
        _wipe_in_partings(connection, part, frozenset(matter_ids))


def _wipe_in_partings(
    connection: Connection, near: Sequence[int], matter_ids: frozenset[int]
) -> None:
    query = select(parting.c.message_id, parting.c.went).where(
        parting.c.message_id.in_(
            select(message.c.part_of)
            .join(demand, demand.c.message_id == message.c.id)
            .where(demand.c.matter_id.in_(near), message.c.part_of.is_not(None))
        )
    )
    for message_id, went in connection.execute(query).all():
        wiped = [
            {**each, "suggested": [_without_words(pair, matter_ids) for pair in each["suggested"]]}
            for each in went
        ]
        is_it = parting.c.message_id == message_id
        connection.execute(update(parting).where(is_it).values(went=wiped))


def _without_words(
    suggested: Sequence[Sequence[Any] | None], matter_ids: frozenset[int]
) -> list[Sequence[Any] | None]:
    """A suggestion of two matters and the one before it, each [id, id, probability, reasons]."""
    return [
        [*pair[:-1], []] if pair is not None and matter_ids & set(pair[:2]) else pair
        for pair in suggested
    ]


def wipe_answers(connection: Connection, matter_ids: Sequence[int]) -> None:
    """Of matters without a sender any more: drafts go, what was sent stays with masked words."""
    own = reply.c.matter_id.in_(matter_ids)
    void = and_(own, reply.c.state.in_(_VOID))
    connection.execute(update(reply).where(void).values(text="", masked_text="", check=[]))
    connection.execute(update(reply).where(own, ~void).values(text=reply.c.masked_text, check=[]))


def find_title(connection: Connection, matter_id: int) -> tuple[str, str] | None:
    """Masked title and text of a matter's first message that was not erased, None where none is."""
    query = (
        select(message.c.masked_title, message.c.masked_text)
        .join(demand, demand.c.message_id == message.c.id)
        .where(demand.c.matter_id == matter_id, ~is_erased(message.c.id))
        .order_by(message.c.id)
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else (row.masked_title, row.masked_text)


def find_told(
    connection: Connection, message_ids: Sequence[int], sender_name: str
) -> list[Row[Any]]:
    """The entries of histories that tell by words of these messages, with what binds them.

    Those give reasons taken from their words, tell whom they made step aside, or are what their
    senders said of answers and on being asked for more. Each row has ``before``, the digest of the
    entry before it.
    """
    said = [
        *_said_at_arrival(connection, message_ids),
        *_said_by_sender(connection, message_ids, sender_name),
    ]
    earlier = event.alias("earlier")
    is_before = and_(
        earlier.c.matter_id == event.c.matter_id, earlier.c.number == event.c.number - 1
    )
    query = select(event, earlier.c.digest.label("before")).outerjoin(earlier, is_before)
    found: list[Row[Any]] = []
    for part in chunks(sorted(set(said))):
        found += connection.execute(query.where(event.c.id.in_(part)).order_by(event.c.id))
    return found


def _said_at_arrival(connection: Connection, message_ids: Sequence[int]) -> list[int]:
    """Entries that give reasons: of the message that opened a matter all of them, of another
    those between its arrival and the next one's; and of each those of whom it made step aside.
    """
    found: list[int] = []
    number, whole = (event.c.details[key].as_integer() for key in ("message", "whole"))
    begun = select(event.c.id, event.c.matter_id, event.c.number, event.c.kind, event.c.details)
    is_of_one = or_(number.in_(message_ids), whole.in_(message_ids))
    query = begun.where(event.c.kind.in_((_ARRIVED, RECUSED)), is_of_one)
    for first in connection.execute(query).all():
        is_behind = and_(event.c.matter_id == first.matter_id, event.c.number > first.number)
        behind = connection.execute(begun.where(is_behind).order_by(event.c.number))
        tells = _parties_told if first.kind == RECUSED else _arrival_told
        found += tells(first, behind)
    return found


def _arrival_told(arrived: Any, behind: Iterable[Any]) -> Iterable[int]:
    for row in behind:
        if row.kind == _ARRIVED and arrived.details["relation"] != Relation.FIRST.value:
            break
        # Whom another message made step aside is not this one's to tell.
        if row.kind != RECUSED and not _REASONS.isdisjoint(row.details):
            yield row.id


def _parties_told(recused: Any, behind: Iterable[Any]) -> Iterable[int]:
    """It, those behind it up to the next arrival, and later ones that give one of its reasons."""
    yield recused.id
    reasons, has_arrived = set(recused.details["because"]), False
    for row in behind:
        has_arrived = has_arrived or row.kind == _ARRIVED
        told = row.details.get("because", ())
        if row.kind != RECUSED and told and not (has_arrived and reasons.isdisjoint(told)):
            yield row.id


def _said_by_sender(
    connection: Connection, message_ids: Sequence[int], sender_name: str
) -> list[int]:
    """Entries that senders made, found by the times of their ratings and supplements."""
    rated = select(reply.c.matter_id, rating.c.at).join(rating, rating.c.reply_id == reply.c.id)
    told = select(supplement.c.matter_id, supplement.c.at)
    times = {
        *connection.execute(rated.where(rating.c.message_id.in_(message_ids))),
        *connection.execute(told.where(supplement.c.message_id.in_(message_ids))),
    }
    found: list[int] = []
    for matter_id, at in sorted(times):
        query = select(event.c.id).where(
            event.c.matter_id == matter_id, event.c.actor == sender_name, event.c.at == at
        )
        found += connection.execute(query).scalars()
    return found


def redact_event(
    connection: Connection, event_id: int, details: Mapping[str, object], mac: bytes, key_id: int
) -> None:
    """Put other details in an entry's place, under a seal of their own; its salt goes."""
    is_it = event.c.id == event_id
    connection.execute(update(event).where(is_it).values(details=dict(details), salt=None))
    is_it = redaction.c.event_id == event_id
    connection.execute(delete(redaction).where(is_it))
    connection.execute(insert(redaction).values(event_id=event_id, mac=mac, key_id=key_id))


def forget_judgements(connection: Connection, message_ids: Sequence[int]) -> None:
    """Of what was judged of messages only the labels stay, for counting."""
    is_one = classification.c.message_id.in_(message_ids)
    rows = connection.execute(select(classification.c.id, classification.c.details).where(is_one))
    for row in rows.all():
        plain = {**row.details, "review": []}
        is_it = classification.c.id == row.id
        connection.execute(update(classification).where(is_it).values(details=plain))


def find_successors(
    connection: Connection, matter_ids: Sequence[int], gone: Sequence[int]
) -> dict[int, int]:
    """By matter its first message that is neither erased nor among those ``gone``, if any."""
    query = (
        select(demand.c.matter_id, func.min(demand.c.message_id))
        .where(
            demand.c.matter_id.in_(matter_ids),
            demand.c.message_id.not_in(gone),
            ~is_erased(demand.c.message_id),
        )
        .group_by(demand.c.matter_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def scrub(connection: Connection) -> None:
    """Let SQLite overwrite what is deleted in this connection from now on; nothing elsewhere."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def empty_log(database: Database) -> None:
    """Let SQLite write its log into its file and cut it off: it holds pages as they were.

    While others read, that waits; what a long reader holds up is told in the program's log, and
    done with the next erasure or when the last desk stops.
    """
    if database.engine.dialect.name != "sqlite":
        return
    with told_in_chinese(), closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        for _ in range(_TRIES):
            is_busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                return
            sleep(_PAUSE_SECONDS)
    logger.warning("数据库日志正被读取，已删除的文字稍后才能覆盖")
