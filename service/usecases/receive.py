"""Receive: messages come in, are understood, matched, routed and stored.

Reading and judging happen before the transaction begins; inside it only what must see the
other messages: who is known, which matter fits, which number is next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.assignment import Assignment
from service.domain.classification import Classification
from service.domain.message import IncomingMessage
from service.domain.message_digest import content_digest
from service.domain.receipt import new_receipt
from service.domain.relation import Relation
from service.domain.standing_rule import Ruling
from service.domain.status import MatterStatus
from service.storage.classifications import read_latest_classifications
from service.storage.database import Connection
from service.storage.intake import Batch, next_ids
from service.storage.matters import (
    as_assignment,
    find_matters_of,
    read_matter_rows,
    read_writers,
)
from service.storage.messages import NaturalKey, NewMessage, find_known, read_words
from service.storage.queue import count_open_by_studio
from service.storage.rows import take_intake_lock
from service.storage.rulings import read_rulings
from service.storage.senders import find_or_add_senders
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.joining import Joiner, load_index
from service.usecases.provisions import with_provisions


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one message.

    ``is_new`` is False for one that was there already. ``is_other`` is True where its number
    already stands for other words: then nothing was stored, and the rest tells of the message
    that holds the number. ``ruling`` is None where no rule applied.
    """

    message_id: int
    receipt: str
    matter_id: int
    matter_number: str
    relation: Relation
    is_new: bool
    is_other: bool
    classification: Classification | None
    ruling: Ruling | None
    assignment: Assignment
    status: MatterStatus


def natural_key(message: IncomingMessage) -> NaturalKey:
    """By what a message is the same again: its number in its source, else its content."""
    if message.external_id:
        return message.source, message.external_id, b""
    return message.source, "", content_digest(message)


def receive_messages(context: Context, messages: Sequence[IncomingMessage]) -> list[Received]:
    """Take messages in, all or none of them, in the order given.

    Returns
    -------
    list of Received
        One each, in order. The same message again (by number in its source, or by sender, time
        and text) is not stored twice: its earlier receipt comes back.

    Raises
    ------
    DatabaseUnavailableError
        Nothing was stored.
    """
    keys = [natural_key(message) for message in messages]
    with context.database.reading() as connection:
        known = find_known(connection, keys)
        context = with_provisions(context, connection)
    fresh = _first_of_each(messages, keys, known)
    understood = {key: understand(context, message) for key, message in fresh.items()}
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        # Another worker may have stored one of them in the meantime.
        known = find_known(connection, keys)
        _store(context, connection, {k: u for k, u in understood.items() if k not in known})
        ids = known | find_known(connection, [key for key in understood if key not in known])
        return _report(connection, messages, keys, ids, known)


def _first_of_each(
    messages: Sequence[IncomingMessage],
    keys: Sequence[NaturalKey],
    known: dict[NaturalKey, int],
) -> dict[NaturalKey, IncomingMessage]:
    fresh: dict[NaturalKey, IncomingMessage] = {}
    for key, message in zip(keys, messages, strict=True):
        if key not in known:
            fresh.setdefault(key, message)
    return fresh


def understand(context: Context, message: IncomingMessage) -> Understood:
    """What triage makes of one message by itself."""
    return context.triage.understand(message, _sender_number(context, message))


def _sender_number(context: Context, message: IncomingMessage) -> int:
    if message.sender.is_anonymous:
        return 0
    return int.from_bytes(context.sealer.digest(message.sender)[:8])


def _store(
    context: Context, connection: Connection, understood: dict[NaturalKey, Understood]
) -> None:
    if not understood:
        return
    now = context.now()
    senders = find_or_add_senders(
        connection, context.sealer, [u.incoming.sender for u in understood.values()]
    )
    ids = next_ids(connection)
    batch = Batch()
    index = load_index(connection, understood.values())
    joiner = Joiner(
        context.triage,
        index,
        batch,
        next_matter=ids.matter,
        now=now,
        workload=count_open_by_studio(connection),
        writers=read_writers(connection, sorted(senders.values())),
    )
    for message_id, (key, message) in enumerate(understood.items(), start=ids.message):
        sender_id = senders.get(context.sealer.digest(message.incoming.sender))
        batch.messages.append(
            NewMessage(
                id=message_id,
                receipt=new_receipt(),
                key=key,
                incoming=message.incoming,
                sender_id=sender_id,
                masked_title=message.masked_title,
                masked_text=message.masked_text,
                received_at=now,
            )
        )
        if message.classification is not None:
            batch.classifications.append((message_id, now, message.classification))
        if message.ruling is not None:
            batch.rulings.append((message_id, message.ruling))
        joiner.join(message_id, sender_id, message)
    batch.write(connection)


def _report(
    connection: Connection,
    messages: Sequence[IncomingMessage],
    keys: Sequence[NaturalKey],
    ids: dict[NaturalKey, int],
    known: dict[NaturalKey, int],
) -> list[Received]:
    distinct = sorted(set(ids.values()))
    placed = find_matters_of(connection, distinct)
    classifications = read_latest_classifications(connection, distinct)
    rulings = read_rulings(connection, distinct)
    words = read_words(connection, sorted(_ids_told_before(keys, ids, known)))
    matters = read_matter_rows(connection, sorted({matter for matter, _, _ in placed.values()}))
    told: set[NaturalKey] = set()
    received = []
    for message, key in zip(messages, keys, strict=True):
        matter_id, relation, receipt = placed[ids[key]]
        row = matters[matter_id]
        received.append(
            Received(
                message_id=ids[key],
                receipt=receipt,
                matter_id=matter_id,
                matter_number=row.number,
                relation=relation,
                is_new=key not in known and key not in told,
                is_other=_says_other(message, words.get(ids[key])),
                classification=classifications.get(ids[key]),
                ruling=rulings.get(ids[key]),
                assignment=as_assignment(row),
                status=MatterStatus(row.status),
            )
        )
        told.add(key)
    return received


def _ids_told_before(
    keys: Sequence[NaturalKey], ids: dict[NaturalKey, int], known: dict[NaturalKey, int]
) -> set[int]:
    """Ids of messages whose number came up before: in the database, or twice in one batch."""
    times = Counter(key for key in keys if key[1])
    return {ids[key] for key, count in times.items() if key in known or count > 1}


def _says_other(message: IncomingMessage, stored: tuple[str, str] | None) -> bool:
    return stored is not None and stored != (message.title, message.text)
