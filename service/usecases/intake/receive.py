"""Receive: messages come in, are understood, matched, routed and stored.

Reading and judging happen before the transaction begins; inside it only what must see the
other messages: who is known, which matter fits, which number is next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from service.domain.deadline import SHANGHAI
from service.domain.document import Document, DocumentKind
from service.domain.message import IncomingMessage
from service.domain.message_digest import content_digest
from service.domain.receipt import new_pin, new_receipt, phone_tail
from service.domain.relation import Relation
from service.storage.database import Connection
from service.storage.intake.intake import Batch, next_ids
from service.storage.matters.matters import read_writers
from service.storage.messages.messages import NaturalKey, NewMessage, find_known, read_words
from service.storage.rows import take_intake_lock
from service.storage.sealing.sealer import DerivedKeys
from service.storage.sealing.senders import find_or_add_senders
from service.triage.pipeline import Understood
from service.usecases.casework.reopening import reopen_ended
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import with_organisation
from service.usecases.in_force.joining import for_joining
from service.usecases.in_force.provisions import read_provisions
from service.usecases.intake.received import Received, Told, report
from service.usecases.matching.crew import Task, understand_task
from service.usecases.matching.joining import Joiner, load_index
from service.usecases.matching.known_senders import (
    bring_forward,
    number_of,
    numbered,
    with_sender_numbers,
)
from service.usecases.matching.workload import Workload
from service.usecases.matters.recusal import recuse_parties


def natural_key(message: IncomingMessage) -> NaturalKey:
    """By what a message is the same again: its number in its source, else its content."""
    if message.external_id:
        return message.source, message.external_id, b""
    return message.source, "", content_digest(message)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one message, in brief; see ``Received``.

    ``relation`` is None of a message that was there already.
    """

    message_id: int
    relation: Relation | None
    is_new: bool
    is_other: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """Messages about to be taken in.

    ``fresh`` holds those that are not there yet, each once, under their natural keys; ``task``
    is to understand these, in their order. ``gives_pins`` where someone is told their receipts.
    """

    messages: Sequence[IncomingMessage]
    keys: Sequence[NaturalKey]
    fresh: Sequence[NaturalKey]
    task: Task
    gives_pins: bool = False


@dataclass(frozen=True, slots=True)
class _Entered:
    """Ids of all messages of a draft by key, of those that were there before; what was written."""

    ids: Mapping[NaturalKey, int]
    known: Mapping[NaturalKey, int]
    batch: Batch


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
    draft = replace(draft_messages(context, messages), gives_pins=True)
    understood = understand_task(context.triage, draft.task)
    with context.database.transaction() as connection:
        entered = _enter(context, connection, draft, understood, Workload())
        return report(context, connection, _told(connection, draft, entered), entered.batch)


def receive_message(context: Context, message: IncomingMessage) -> Received:
    """Take one message in, together with those that come in at the same moment.

    Raises
    ------
    DatabaseUnavailableError
        It was not stored.
    """
    return begin_to_receive(context, message).result()


def begin_to_receive(context: Context, message: IncomingMessage) -> Future[Received]:
    """The same for whoever waits in another way: what the future raises is the same."""
    received: Future[Received] = context.gathering.submit(
        message, lambda all_: receive_messages(context, all_)
    )
    return received


def draft_messages(context: Context, messages: Sequence[IncomingMessage]) -> Draft:
    """Look which messages are there already; the others are to be understood.

    Raises
    ------
    DatabaseUnavailableError
        The database cannot be read.
    """
    keys = [natural_key(message) for message in messages]
    with context.database.reading() as connection:
        known = find_known(connection, keys)
        provisions = read_provisions(connection)
    fresh = _first_of_each(messages, keys, known)
    numbered = with_sender_numbers(context.sealer, fresh.values())
    task = Task(provisions, numbered, seeks_parts=True, is_to_be_found=True, routes=True)
    return Draft(messages, keys, tuple(fresh), task)


def take_in(
    context: Context, draft: Draft, understood: Sequence[Understood], workload: Workload
) -> list[Arrival]:
    """Take in what was understood of a draft's task: like ``receive_messages``, told in brief.

    ``workload`` is one for all batches of a file.
    """
    with context.database.transaction() as connection:
        entered = _enter(context, connection, draft, understood, workload)
        told = _told(connection, draft, entered)
    relations = {demand.message_id: demand.relation for demand in entered.batch.demands}
    return [
        Arrival(one.message_id, relations.get(one.message_id), one.is_new, one.is_other)
        for one in told
    ]


def _first_of_each(
    messages: Sequence[IncomingMessage],
    keys: Sequence[NaturalKey],
    known: Mapping[NaturalKey, int],
) -> dict[NaturalKey, IncomingMessage]:
    fresh: dict[NaturalKey, IncomingMessage] = {}
    for key, message in zip(keys, messages, strict=True):
        if key not in known:
            fresh.setdefault(key, message)
    return fresh


def _enter(
    context: Context,
    connection: Connection,
    draft: Draft,
    understood: Sequence[Understood],
    workload: Workload,
) -> _Entered:
    take_intake_lock(connection)
    current = with_organisation(context, connection)
    if current.organisation_version != context.organisation_version:
        # It was routed beforehand by a directory that is no more.
        understood = [replace(one, assignment=None) for one in understood]
    # Another worker may have stored one of them in the meantime.
    known = find_known(connection, draft.keys)
    new = {key: one for key, one in zip(draft.fresh, understood, strict=True) if key not in known}
    batch = Batch()
    if new:
        _store(current, connection, new, workload, batch, gives_pins=draft.gives_pins)
    stored = {one.key: one.id for one in batch.messages}
    return _Entered(known | stored, known, batch)


def _store(
    context: Context,
    connection: Connection,
    understood: Mapping[NaturalKey, Understood],
    workload: Workload,
    batch: Batch,
    *,
    gives_pins: bool,
) -> None:
    """Write messages that are not there yet, in their order; ``batch`` holds what was written."""
    now = context.now()
    sealed_by = context.sealer.current if gives_pins else None
    senders = find_or_add_senders(
        connection, context.sealer, [u.incoming.sender for u in understood.values()]
    )
    outdated = sorted(senders.outdated)
    brought = bring_forward(connection, context.sealer, outdated) if outdated else {}
    # By the digests that are stored: the key may have changed since they were read, or changes now.
    number = {one: number_of(digest) for one, digest in {**senders.digests, **brought}.items()}
    understood = {
        key: numbered(one, number.get(senders.ids.get(one.incoming.sender, 0), 0))
        for key, one in understood.items()
    }
    ids = next_ids(connection)
    joiner = Joiner(
        for_joining(connection, context.triage),
        load_index(connection, context.auxiliary, understood.values()),
        batch,
        next_matter=ids.matter,
        now=now,
        workload=workload.read(connection),
        writers=read_writers(connection, sorted(senders.known)),
    )
    for message_id, (key, message) in enumerate(understood.items(), start=ids.message):
        sender_id = senders.ids.get(message.incoming.sender)
        receipt = new_receipt()
        batch.messages.append(
            NewMessage(
                id=message_id,
                receipt=receipt,
                key=key,
                incoming=message.incoming,
                sender_id=sender_id,
                masked_title=message.masked_title,
                masked_text=message.masked_text,
                received_at=now,
                pin=_draw_pin(sealed_by, receipt, message.incoming) if sealed_by else None,
            )
        )
        batch.documents.append(_as_document(message_id, message))
        if message.classification is not None:
            batch.classifications.append((message_id, now, message.classification))
            batch.details[message_id] = message.details
        if message.ruling is not None:
            batch.rulings.append((message_id, message.ruling))
        if message.parts:
            batch.offers.append((message_id, message.parts))
        joiner.join(message_id, sender_id, message)
    batch.write(connection, context.auxiliary)
    reopen_ended(context, connection, batch)
    by_id = dict(zip((one.id for one in batch.messages), understood.values(), strict=True))
    recuse_parties(context, connection, batch, by_id)
    workload.keep(joiner.workload)


def _draw_pin(key: DerivedKeys, receipt: str, incoming: IncomingMessage) -> bytes | None:
    """A sealed PIN for whoever cannot prove by a phone that the receipt is theirs."""
    if phone_tail(incoming.sender.phone):
        return None
    return key.seal_bytes(new_pin().encode(), receipt)


def _as_document(message_id: int, message: Understood) -> Document:
    day = message.incoming.sent_at.astimezone(SHANGHAI).date()
    return Document(DocumentKind.MESSAGE, message_id, message_id, day, message.index_terms)


def _told(connection: Connection, draft: Draft, entered: _Entered) -> list[Told]:
    """Each message with what is to be told of it: it is new at its first mention only."""
    words = _words_told_before(connection, draft, entered)
    mentioned: set[NaturalKey] = set()
    told = []
    for message, key in zip(draft.messages, draft.keys, strict=True):
        message_id = entered.ids[key]
        is_new = key not in entered.known and key not in mentioned
        told.append(Told(message, message_id, is_new, _says_other(message, words.get(message_id))))
        mentioned.add(key)
    return told


def _words_told_before(
    connection: Connection, draft: Draft, entered: _Entered
) -> dict[int, tuple[str, str]]:
    """What stands under numbers that came up before: in the database, or twice in one batch."""
    times = Counter(key for key in draft.keys if key[1])
    ids = {entered.ids[key] for key, number in times.items() if key in entered.known or number > 1}
    return read_words(connection, sorted(ids))


def _says_other(message: IncomingMessage, stored: tuple[str, str] | None) -> bool:
    return stored is not None and stored != (message.title, message.text)
