"""Parting: a message with several demands is taken as parts, each of which belongs to a matter."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from classifier.reading.places import NOWHERE
from classifier.spans import Span
from service.domain.message import IncomingMessage, Message, SenderDetails
from service.domain.parting import PartingState
from service.domain.relation import Relation
from service.errors import ErasedError, InvalidInputError, NotFoundError, PartedError
from service.storage.database import Connection
from service.storage.intake.intake import Batch, next_ids
from service.storage.matching.exemplars import (
    Exemplar,
    insert_exemplars,
    read_exemplars,
)
from service.storage.matching.postings import insert_postings
from service.storage.matters.history import NewEvent, insert_events, read_events
from service.storage.matters.matter_pairs import NewPair, read_suggested
from service.storage.matters.matters import find_matters_of, read_matter_row, read_writers
from service.storage.matters.merges import lock_matters
from service.storage.matters.partings import keep_parting, read_parting, set_span
from service.storage.matters.queue import count_open_by_studio
from service.storage.messages.erasures import read_erasures
from service.storage.messages.messages import NewMessage, read_message
from service.storage.rows import take_intake_lock
from service.storage.sealing.senders import read_senders
from service.triage.exemplar_index import standing
from service.triage.parts import MAX_PARTS
from service.triage.pipeline import Understood
from service.triage.workload import OpenMatters
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import with_organisation
from service.usecases.in_force.joining import for_joining
from service.usecases.in_force.provisions import read_provisions
from service.usecases.matching.crew import Task, understand_task
from service.usecases.matching.joining import Joiner, load_index
from service.usecases.matching.known_senders import numbered, numbers_stored, with_sender_numbers
from service.usecases.matching.postings import forget_exemplars
from service.usecases.matching.understand_stored import as_incoming
from service.usecases.matters.merging import check_reason
from service.usecases.matters.recusal import recuse_parties

FEWEST_PARTS = 2


@dataclass(frozen=True, slots=True)
class NewPart:
    """A part about to join a matter: of which message, where in its text, and what it says."""

    whole: Message
    span: Span
    understood: Understood


def confirm_parts(
    context: Context,
    message_id: int,
    spans: Sequence[Span],
    account: str,
    *,
    stays: int = 0,
    reason: str = "",
) -> None:
    """Take a message as several demands: one stays in its matter, each other joins or opens one.

    The text stays whole and unchanged, under its one receipt. Each part has sender, channel and
    time of the message, its place where the part names none, and a deadline counted from when
    the message was sent. No part joins the matter of another. Nothing need have been offered.

    Parameters
    ----------
    spans
        Where the parts stand in the characters of the text: 2–10, in its order and disjoint;
        what stands in none of them is no demand.
    stays
        Which of them stays in the message's own matter.

    Raises
    ------
    ErasedError
        The message was erased just now.
    InvalidInputError
        The spans are none of that, the message is itself a part, or the reason is too long.
    NotFoundError
        There is no such message.
    PartedError
        It is taken as parts already, perhaps by somebody else just now.
    """
    check_reason(reason)
    message, sender = read_with_sender(context, message_id)
    if message.part_of is not None:
        raise InvalidInputError("这是另一条留言的一件，请先撤回原来的分件")
    check_spans(message.text, spans, stays)
    understood = _understand_parts(context, message, sender, spans, stays)
    now = context.now()
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        context = with_organisation(context, connection)
        check_undecided(connection, message_id, PartingState.CONFIRMED)
        if read_erasures(connection, [message_id]):  # since it was read
            raise ErasedError(f"留言 {message_id}")
        number = numbers_stored(connection, [message_id])[message_id]
        understood = [numbered(one, number) for one in understood]
        home_id = find_matters_of(connection, [message_id])[message_id][0]
        taken, went = {home_id}, []
        for place, part in enumerate(understood):
            if place != stays:
                demand = NewPart(message, spans[place], part)
                went.append(_let_join(context, connection, demand, taken, now))
                taken.add(went[-1]["matter"])
        set_span(connection, message_id, spans[stays])
        stand_as(context, connection, message_id, understood[stays])
        keep_parting(
            connection,
            message_id,
            state=PartingState.CONFIRMED.value,
            spans=[list(span) for span in spans],
            decided_by=account,
            decided_at=now,
            went=went,
            last_part_id=went[-1]["message"],
        )
        _note_parted(connection, home_id, went, account, reason, now)


def decline_parts(context: Context, message_id: int, account: str, reason: str = "") -> None:
    """Keep that an offered message is one demand: it is not offered again.

    Raises
    ------
    InvalidInputError
        Nothing is offered, or the reason is too long.
    NotFoundError
        There is no such message.
    PartedError
        Somebody has decided already.
    """
    check_reason(reason)
    read_with_sender(context, message_id)
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        check_undecided(connection, message_id, PartingState.CONFIRMED, PartingState.DECLINED)
        known = read_parting(connection, message_id)
        if known is None or known.state != PartingState.OFFERED.value:
            raise InvalidInputError("这条留言没有待认定的分件")
        now = context.now()
        declined = PartingState.DECLINED.value
        keep_parting(connection, message_id, state=declined, decided_by=account, decided_at=now)
        home_id = find_matters_of(connection, [message_id])[message_id][0]
        note = {"changes": [], "note": reason}
        insert_events(connection, [NewEvent(home_id, now, account, "parting_declined", note)])


def read_with_sender(context: Context, message_id: int) -> tuple[Message, SenderDetails]:
    """A message and who sent it.

    Raises
    ------
    NotFoundError
        There is no such message.
    """
    with context.database.reading() as connection:
        message = read_message(connection, message_id)
        if message is None:
            raise NotFoundError(f"留言 {message_id}")
        known = [] if message.sender_id is None else [message.sender_id]
        senders = read_senders(connection, context.sealer, known)
    return message, senders.get(message.sender_id or 0, SenderDetails())


def check_spans(text: str, spans: Sequence[Span], stays: int) -> None:
    """Let spans pass that can be parts of a text.

    Raises
    ------
    InvalidInputError
        They are too few or too many, out of order, overlap, lie outside, or say nothing.
    """
    if not FEWEST_PARTS <= len(spans) <= MAX_PARTS:
        raise InvalidInputError(f"应分为 {FEWEST_PARTS} 至 {MAX_PARTS} 件")
    if not 0 <= stays < len(spans):
        raise InvalidInputError("请选择留在本事项的一件")
    done = 0
    for number, (start, end) in enumerate(spans, 1):
        if not done <= start < end <= len(text):
            raise InvalidInputError(
                f"第 {number} 件的起止不正确：各件须按原文先后，互不重叠，不超出原文"
            )
        if not any(map(str.isalnum, text[start:end])):
            raise InvalidInputError(f"第 {number} 件没有文字")
        done = end


def check_undecided(connection: Connection, message_id: int, *decided: PartingState) -> None:
    """Let a message pass on which nobody decided one of these things.

    Raises
    ------
    PartedError
        Somebody did; the error tells who and what.
    """
    known = read_parting(connection, message_id)
    if known is not None and PartingState(known.state) in decided:
        raise PartedError(f"{known.decided_by} {PartingState(known.state).label_zh}")


def understand_anew(context: Context, incoming: Sequence[IncomingMessage]) -> list[Understood]:
    """What triage makes of messages under the rules of today."""
    with context.database.reading() as connection:
        provisions = read_provisions(connection)
    numbered = with_sender_numbers(context.sealer, incoming)
    return understand_task(context.triage, Task(provisions, numbered))


def stand_as(
    context: Context, connection: Connection, message_id: int, message: Understood
) -> None:
    """Let a message that stands for its matter be found by what it says now, and by no more."""
    found = read_exemplars(connection, [message_id])
    if found and message.profile is not None:
        forget_exemplars(connection, context.triage, [message_id])
        made = Exemplar(message_id, found[0].matter_id, message.profile.tobytes())
        insert_exemplars(connection, [made])
        insert_postings(connection, [standing(message_id, message.keys)])


def _understand_parts(
    context: Context,
    message: Message,
    sender: SenderDetails,
    spans: Sequence[Span],
    stays: int,
) -> list[Understood]:
    """What triage makes of each part: masked as the whole is, at its place where it names none.

    Title and votes are those of the part that stays.
    """
    bare = replace(message, title="", like_count=0, dislike_count=0)
    understood = understand_anew(
        context,
        [
            as_incoming(message if place == stays else bare, sender, span)
            for place, span in enumerate(spans)
        ],
    )
    reading = context.triage.reader.read(message.title, message.text, sender.name)
    where = context.triage.gazetteer.resolve(reading.places) if reading.places else NOWHERE
    return [
        replace(
            one,
            masked_text=reading.masked_span(span),
            place=where if one.place == NOWHERE else one.place,
        )
        for one, span in zip(understood, spans, strict=True)
    ]


def _let_join(
    context: Context, connection: Connection, part: NewPart, taken: set[int], now: datetime
) -> dict[str, Any]:
    """Let a part join a matter that is not taken, or open one.

    Returns
    -------
    dict
        What undoing needs: ``message``, the part's id; ``matter``, where it went; ``suggested``,
        the suggestions that it brought and those before them; and of a matter that the part made
        urgent how that stood (``was_urgent``, ``was_due_at``) when its track ended with ``after``.
    """
    message, understood = part.whole, part.understood
    ids, batch = next_ids(connection), Batch()
    joiner = Joiner(
        for_joining(connection, context.triage),
        load_index(connection, context.auxiliary, [understood], without=taken),
        batch,
        next_matter=ids.matter,
        now=now,
        workload=OpenMatters(partial(count_open_by_studio, connection)),
        writers=read_writers(connection, [] if message.sender_id is None else [message.sender_id]),
    )
    joiner.join(ids.message, message.sender_id, understood)
    batch.demands[0] = replace(batch.demands[0], span=part.span)
    batch.messages.append(_as_new(message, ids.message, understood))
    if understood.classification is not None:
        batch.classifications.append((ids.message, now, understood.classification))
    if understood.ruling is not None:
        batch.rulings.append((ids.message, understood.ruling))
    joined = batch.demands[0]
    went: dict[str, Any] = {"message": ids.message, "matter": joined.matter_id}
    went["suggested"] = [
        [_as_json(pair), _as_json(read_suggested(connection, pair.ids))] for pair in batch.pairs
    ]
    if joined.relation is not Relation.FIRST and understood.is_urgent:
        went |= _standing(connection, joined.matter_id)
    batch.write(connection, context.auxiliary)
    recuse_parties(context, connection, batch, {ids.message: understood})
    return went


def _as_json(pair: NewPair | None) -> list[Any] | None:
    return None if pair is None else [*pair.ids, pair.probability, list(pair.because)]


def _standing(connection: Connection, matter_id: int) -> dict[str, Any]:
    row = lock_matters(connection, [matter_id])[matter_id]
    (last,) = read_events(connection, matter_id, 1)
    due_at = row.due_at.isoformat()
    return {"was_urgent": row.is_urgent, "was_due_at": due_at, "after": last.id}


def _as_new(message: Message, part_id: int, part: Understood) -> NewMessage:
    """A part as a message of its own, without a receipt by which it could be found.

    Its key can be that of nothing that comes in: those digests are made of other things.
    """
    digest = hashlib.sha256(f"part {part_id}".encode()).digest()
    return NewMessage(
        id=part_id,
        receipt=f"part-{part_id}",
        key=(message.source, "", digest),
        incoming=replace(part.incoming, external_id=""),
        sender_id=message.sender_id,
        masked_title="",
        masked_text=part.masked_text,
        received_at=message.received_at,
        part_of=message.id,
    )


def _note_parted(
    connection: Connection,
    home_id: int,
    went: Sequence[dict[str, Any]],
    account: str,
    reason: str,
    now: datetime,
) -> None:
    """Tell in the track of each matter who took the message as parts, and why."""
    home = read_matter_row(connection, home_id)
    rows = [read_matter_row(connection, each["matter"]) for each in went]
    assert home is not None  # noqa: S101 - a demand belongs to a matter
    numbers = [row.number for row in rows if row is not None]
    told = [(home_id, [f"来信分为 {len(went) + 1} 件", *(f"另有一件在 {n}" for n in numbers)])]
    told += [(each["matter"], [f"{home.number} 来信中的一件"]) for each in went]
    insert_events(
        connection,
        [
            NewEvent(matter_id, now, account, "parted", {"changes": changes, "note": reason})
            for matter_id, changes in told
        ],
    )
