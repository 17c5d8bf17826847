"""Complete: what came in while there was no model is judged, matched and routed when there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.storage.database import Connection
from service.storage.intake.intake import Batch
from service.storage.intake.waiting import Waiting, find_waiting, lock_waiting, write_completed
from service.storage.matters.history import NewEvent
from service.storage.matters.matters import change_matter, read_writers
from service.storage.matters.partings import read_parting
from service.storage.matters.queue import count_open_by_studio
from service.storage.messages.classifications import first_by_model, read_classifications
from service.storage.rows import chunks, take_intake_lock
from service.triage.pipeline import Understood
from service.triage.workload import OpenMatters
from service.usecases.casework.reopening import reopen_ended
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import with_organisation
from service.usecases.in_force.joining import for_joining
from service.usecases.matching.joining import Joiner, load_index
from service.usecases.matching.known_senders import numbered_as_stored
from service.usecases.matching.understand_stored import understand_stored
from service.usecases.matters.recusal import recuse_parties

BATCH = 500


def complete_waiting(context: Context) -> int:
    """Judge, match and route what waits for a model, each message once.

    A matter that nobody has touched becomes what it would have been at arrival, or its message
    joins an earlier matter. One that a person has acted on stays as that person left it: the
    model's view is kept beside, and later messages can join it.

    Returns
    -------
    int
        How many messages waited; 0 without a model.
    """
    if context.triage.model is None:
        return 0
    with context.database.reading() as connection:
        ids = find_waiting(connection, _can_match(context))
    for part in chunks(ids, BATCH):
        _complete(context, part)
    return len(ids)


def _can_match(context: Context) -> bool:
    return context.triage.pair_model is not None


def _complete(context: Context, ids: Sequence[int]) -> None:
    understood = understand_stored(context, ids, seeks_parts=True)
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        context = with_organisation(context, connection)
        complete_part(context, connection, understood)


def complete_part(
    context: Context,
    connection: Connection,
    understood: Mapping[int, Understood],
    *,
    only_moves: bool = False,
) -> None:
    """Complete those of these messages that wait; call it holding the intake lock.

    Where ``only_moves``, a matter that none of the others takes in stays just as it is, and so
    does one that has ended: nothing came in.
    """
    # Another worker may have completed some of them in the meantime.
    waiting = lock_waiting(connection, list(understood), _can_match(context))
    understood = numbered_as_stored(connection, understood)
    joiner = _joiner(context, connection, waiting, understood)
    for one in waiting:
        message = _judged(connection, joiner, one, understood[one.message_id])
        if one.is_touched or one.matter.status != MatterStatus.REVIEW.value:
            _keep(connection, joiner, one, message)
        elif only_moves and not joiner.would_move(message, one.sender_id):
            joiner.remember(one.matter.id, one.message_id, message, Relation.FIRST)
        else:
            joiner.workload.add(one.matter.studio, -1)
            joiner.rejoin(one.matter.id, one.message_id, one.sender_id, message)
    stood_in = {one.message_id: one.matter.id for one in waiting}
    write_completed(connection, joiner.batch, stood_in)
    if not only_moves:
        reopen_ended(context, connection, joiner.batch)
    recuse_parties(context, connection, joiner.batch, understood)


def _joiner(
    context: Context,
    connection: Connection,
    waiting: Sequence[Waiting],
    understood: Mapping[int, Understood],
) -> Joiner:
    now: datetime = context.now()
    senders = sorted({one.sender_id for one in waiting if one.sender_id is not None})
    # Counted at once: matters change before anybody asks.
    workload = count_open_by_studio(connection)
    return Joiner(
        for_joining(connection, context.triage),
        load_index(connection, context.auxiliary, [understood[one.message_id] for one in waiting]),
        Batch(),
        next_matter=0,  # each message brings its own
        now=now,
        workload=OpenMatters(lambda: workload),
        writers=read_writers(connection, senders),
        urgent_from=now,
    )


def _judged(
    connection: Connection, joiner: Joiner, one: Waiting, message: Understood
) -> Understood:
    """The message with the model's classification: the stored one, or the new one, to be stored."""
    if one.is_judged:
        stored = first_by_model(read_classifications(connection, one.message_id))
        return replace(message, classification=stored)
    if message.classification is not None:
        joiner.batch.classifications.append((one.message_id, joiner.now, message.classification))
        if message.parts and read_parting(connection, one.message_id) is None:
            joiner.batch.offers.append((one.message_id, message.parts))
    return message


def _keep(connection: Connection, joiner: Joiner, one: Waiting, message: Understood) -> None:
    """Leave a matter as it stands; only a topic that nobody chose is filled in."""
    joiner.remember(one.matter.id, one.message_id, message, Relation.FIRST)
    joiner.batch.events.append(NewEvent(one.matter.id, joiner.now, "system", "judged", {}))
    if not one.matter.topic and message.classification is not None:
        change_matter(connection, one.matter.id, topic=message.classification.topic.label)
