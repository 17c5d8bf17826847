"""What became of messages that were taken in, as their senders may know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from classifier.spans import Span
from service.domain.assignment import Assignment
from service.domain.classification import Classification
from service.domain.message import IncomingMessage
from service.domain.relation import Relation
from service.domain.standing_rule import Ruling
from service.domain.status import MatterStatus
from service.storage.casework.receipts import read_pins
from service.storage.database import Connection
from service.storage.intake.intake import Batch
from service.storage.matters.matters import NewMatter, find_matters_of, read_assigned
from service.storage.matters.partings import read_parts, read_spans
from service.storage.messages.classifications import read_latest_classifications
from service.storage.messages.rulings import read_rulings
from service.usecases.context import Context


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
    message that is taken as several demands, in the order of its text. ``pin`` goes with the
    receipt; it is "" where a phone is asked for in its place, or nothing is.
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
    pin: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A message by id, as one of several that are told of: see ``Received``."""

    message: IncomingMessage
    message_id: int
    is_new: bool
    is_other: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a message stands: its matter and its relation to it, and what was judged of it."""

    receipt: str
    matter_id: int
    relation: Relation
    classification: Classification | None
    ruling: Ruling | None
    pin: bytes | None


def report(
    context: Context, connection: Connection, told: Sequence[Told], batch: Batch
) -> list[Received]:
    """What became of each message, in order.

    What ``batch`` has just written is not read again.
    """
    new = {one.id for one in batch.messages}
    there = sorted({one.message_id for one in told} - new)
    parted = read_spans(connection, there)
    places = _written(batch) | _stored(connection, there)
    matters = _matters(connection, {place.matter_id for place in places.values()}, batch)
    received = []
    for one in told:
        place = places[one.message_id]
        number, status, assignment = matters[place.matter_id]
        is_parted = one.message_id in parted and not one.is_other
        received.append(
            Received(
                message_id=one.message_id,
                receipt=place.receipt,
                matter_id=place.matter_id,
                matter_number=number,
                relation=place.relation,
                is_new=one.is_new,
                is_other=one.is_other,
                classification=place.classification,
                ruling=place.ruling,
                assignment=assignment,
                status=status,
                parts=_parts(context, connection, one) if is_parted else (),
                pin="" if one.is_other else _pin(context, place),
            )
        )
    return received


def _written(batch: Batch) -> dict[int, _Place]:
    judged = {message_id: one for message_id, _, one in batch.classifications}
    rulings = dict(batch.rulings)
    return {
        message.id: _Place(
            message.receipt,
            demand.matter_id,
            demand.relation,
            judged.get(message.id),
            rulings.get(message.id),
            message.pin,
        )
        for message, demand in zip(batch.messages, batch.demands, strict=True)
    }


def _stored(connection: Connection, ids: Sequence[int]) -> dict[int, _Place]:
    judged = read_latest_classifications(connection, ids)
    rulings = read_rulings(connection, ids)
    pins = read_pins(connection, ids)
    return {
        each: _Place(
            receipt, matter_id, relation, judged.get(each), rulings.get(each), pins.get(each)
        )
        for each, (matter_id, relation, receipt) in find_matters_of(connection, ids).items()
    }


def _pin(context: Context, place: _Place) -> str:
    return context.sealer.open_bytes(place.pin, place.receipt).decode() if place.pin else ""


def _matters(
    connection: Connection, ids: set[int], batch: Batch
) -> Mapping[int, tuple[str, MatterStatus, Assignment]]:
    """Number, status and assignment of matters."""
    opened: Mapping[int, NewMatter] = batch.matters
    return read_assigned(connection, sorted(ids - opened.keys())) | {
        each: (new.number, new.status, new.assignment) for each, new in opened.items()
    }


def _parts(context: Context, connection: Connection, one: Told) -> tuple[PartReceived, ...]:
    """The parts of a message that was there already, masked as its whole text is."""
    message = one.message
    reading = context.triage.reader.read(message.title, message.text, message.sender.name)
    return tuple(
        PartReceived(
            text=reading.masked_span(Span(part.part_start, part.part_end)),
            matter_number=part.number,
            status=MatterStatus(part.status),
            due_at=part.due_at,
        )
        for part in read_parts(connection, one.message_id)
    )
