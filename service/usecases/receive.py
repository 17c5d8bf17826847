"""Receive: messages come in, are understood, matched, routed and stored.

Reading and judging happen before the transaction begins; inside it only what must see the
other messages: who is known, which matter fits, which number is next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from classifier.spans import Span
from service.domain.assignment import Assignment
from service.domain.classification import Classification
from service.domain.deadline import SHANGHAI
from service.domain.document import Document, DocumentKind
from service.domain.message import IncomingMessage
from service.domain.message_digest import content_digest
from service.domain.receipt import new_receipt
from service.domain.relation import Relation
from service.domain.standing_rule import Ruling
from service.domain.status import MatterStatus
from service.storage.classifications import read_latest_classifications
from service.storage.database import Connection
from service.storage.intake import Batch, next_ids
from service.storage.matters import as_assignment, find_matters_of, read_matter_rows, read_writers
from service.storage.messages import NaturalKey, NewMessage, find_known, read_words
from service.storage.partings import read_parts, read_spans
from service.storage.rows import take_intake_lock
from service.storage.rulings import read_rulings
from service.storage.senders import find_or_add_senders
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.crew import Task, understand_task
from service.usecases.follow_organisation import with_organisation
from service.usecases.joining import Joiner, load_index
from service.usecases.provisions import read_provisions
from service.usecases.work_calendar import with_calendar
from service.usecases.workload import Workload


@dataclass(frozen=True, slots=True)
class PartReceived:
    """A confirmed part as its sender may know of it: masked words, and where its matter is."""

    text: str
    matter_number: str
    status: MatterStatus
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one message.

    ``is_new`` is False for one that was there already. ``is_other`` is True where its number
    already stands for other words: then nothing was stored, and the rest tells of the message
    that holds the number. ``ruling`` is None where no rule applied. ``parts`` are those of a
    message that is taken as several demands, in the order of its text.
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
    parts: tuple[PartReceived, ...] = ()


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
    is to understand these, in their order.
    """

    messages: Sequence[IncomingMessage]
    keys: Sequence[NaturalKey]
    fresh: Sequence[NaturalKey]
    task: Task


@dataclass(frozen=True, slots=True)
class _Entered:
    """Ids of all messages of a draft by key, of those that were there before, relations of new."""

    ids: Mapping[NaturalKey, int]
    known: Mapping[NaturalKey, int]
    relations: Mapping[NaturalKey, Relation]


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
    draft = draft_messages(context, messages)
    understood = understand_task(context.triage, draft.task)
    with context.database.transaction() as connection:
        entered = _enter(context, connection, draft, understood, Workload())
        return _report(context, connection, draft, entered)


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
    numbered = tuple((one, sender_number(context, one)) for one in fresh.values())
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
        words = _words_told_before(connection, draft, entered)
    arrivals = []
    for message, key, is_new in _told_once(draft, entered):
        is_other = _says_other(message, words.get(entered.ids[key]))
        relation = entered.relations.get(key)
        arrivals.append(Arrival(entered.ids[key], relation, is_new, is_other))
    return arrivals


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


def understand(context: Context, message: IncomingMessage) -> Understood:
    """What triage makes of one message by itself."""
    return context.triage.understand(message, sender_number(context, message))


def sender_number(context: Context, message: IncomingMessage) -> int:
    """The number that stands for a message's sender in its profile; 0 where unknown."""
    if message.sender.is_anonymous:
        return 0
    return int.from_bytes(context.sealer.digest(message.sender)[:8])


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
    if not new:
        return _Entered(known, known, {})
    first, batch = _store(current, connection, new, workload)
    stored = dict(zip(new, count(first), strict=False))
    relations = {key: demand.relation for key, demand in zip(new, batch.demands, strict=True)}
    return _Entered(known | stored, known, relations)


def _store(
    context: Context,
    connection: Connection,
    understood: Mapping[NaturalKey, Understood],
    workload: Workload,
) -> tuple[int, Batch]:
    """The id of the first message, the others follow; and what was written, in their order."""
    now = context.now()
    senders = find_or_add_senders(
        connection, context.sealer, [u.incoming.sender for u in understood.values()]
    )
    ids = next_ids(connection)
    batch = Batch()
    joiner = Joiner(
        with_calendar(connection, context.triage),
        load_index(connection, understood.values(), read=batch.read),
        batch,
        next_matter=ids.matter,
        now=now,
        workload=workload.read(connection),
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
        batch.documents.append(_as_document(message_id, message))
        if message.classification is not None:
            batch.classifications.append((message_id, now, message.classification))
        if message.ruling is not None:
            batch.rulings.append((message_id, message.ruling))
        if message.parts:
            batch.offers.append((message_id, message.parts))
        joiner.join(message_id, sender_id, message)
    batch.write(connection)
    workload.keep(joiner.workload)
    return ids.message, batch


def _as_document(message_id: int, message: Understood) -> Document:
    day = message.incoming.sent_at.astimezone(SHANGHAI).date()
    return Document(DocumentKind.MESSAGE, message_id, message_id, day, message.index_terms)


def _report(
    context: Context, connection: Connection, draft: Draft, entered: _Entered
) -> list[Received]:
    distinct = sorted(set(entered.ids.values()))
    parted = read_spans(connection, sorted(set(entered.known.values())))
    placed = find_matters_of(connection, distinct)
    classifications = read_latest_classifications(connection, distinct)
    rulings = read_rulings(connection, distinct)
    words = _words_told_before(connection, draft, entered)
    matters = read_matter_rows(connection, sorted({matter for matter, _, _ in placed.values()}))
    received = []
    for message, key, is_new in _told_once(draft, entered):
        message_id = entered.ids[key]
        matter_id, relation, receipt = placed[message_id]
        row = matters[matter_id]
        is_other = _says_other(message, words.get(message_id))
        received.append(
            Received(
                message_id=message_id,
                receipt=receipt,
                matter_id=matter_id,
                matter_number=row.number,
                relation=relation,
                is_new=is_new,
                is_other=is_other,
                classification=classifications.get(message_id),
                ruling=rulings.get(message_id),
                assignment=as_assignment(row),
                status=MatterStatus(row.status),
                parts=_parts(context, connection, message, message_id)
                if message_id in parted and not is_other
                else (),
            )
        )
    return received


def _parts(
    context: Context, connection: Connection, message: IncomingMessage, message_id: int
) -> tuple[PartReceived, ...]:
    """The parts of a message that was there already, masked as its whole text is."""
    reading = context.triage.reader.read(message.title, message.text, message.sender.name)
    return tuple(
        PartReceived(
            text=reading.masked_span(Span(part.part_start, part.part_end)),
            matter_number=part.number,
            status=MatterStatus(part.status),
            due_at=part.due_at,
        )
        for part in read_parts(connection, message_id)
    )


def _told_once(
    draft: Draft, entered: _Entered
) -> Iterator[tuple[IncomingMessage, NaturalKey, bool]]:
    """Each message with its key and whether it is new: at its first mention only."""
    told: set[NaturalKey] = set()
    for message, key in zip(draft.messages, draft.keys, strict=True):
        yield message, key, key not in entered.known and key not in told
        told.add(key)


def _words_told_before(
    connection: Connection, draft: Draft, entered: _Entered
) -> dict[int, tuple[str, str]]:
    """What stands under numbers that came up before: in the database, or twice in one batch."""
    times = Counter(key for key in draft.keys if key[1])
    ids = {entered.ids[key] for key, number in times.items() if key in entered.known or number > 1}
    return read_words(connection, sorted(ids))


def _says_other(message: IncomingMessage, stored: tuple[str, str] | None) -> bool:
    return stored is not None and stored != (message.title, message.text)
