"""Recusal 回避: whom a later message makes a party to a matter, handles it no longer.

Nobody's work in hand is taken away silently: while somebody works on the matter the change is only
proposed, as any other route is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.domain.assignment import Assignment
from service.domain.history import RECUSED
from service.domain.relation import Relation
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.storage.database import Connection
from service.storage.intake.intake import Batch
from service.storage.matters.history import SYSTEM, NewEvent, insert_events
from service.storage.matters.matters import (
    as_assignment,
    change_matter,
    read_matter_row,
    read_members,
)
from service.storage.matters.route_proposals import keep_proposal, read_proposal
from service.triage.pipeline import Understood
from service.usecases.context import Context
from service.usecases.matters.change_of_route import PROPOSED, reroute, tell_changes
from service.usecases.matters.studio_members import members_of_studio


def recuse_parties(
    context: Context, connection: Connection, batch: Batch, understood: Mapping[int, Understood]
) -> None:
    """Let the members step aside that messages name, or that wrote them, which joined a matter.

    Call it holding the intake lock, when the batch is written.

    Parameters
    ----------
    batch
        Its demands tell which message joined which matter.
    understood
        The messages of the batch, by id.
    """
    joined = [one for one in batch.demands if one.relation is not Relation.FIRST]
    members = read_members(connection, sorted({one.matter_id for one in joined}))
    wholes = {one.id: one.part_of for one in batch.messages if one.part_of is not None}
    parties: dict[int, dict[str, tuple[int, str]]] = {}
    for one in joined:
        codes = members.get(one.matter_id, ())
        found = context.triage.parties(codes, understood[one.message_id]) if codes else {}
        for code, line in found.items():
            parties.setdefault(one.matter_id, {}).setdefault(code, (one.message_id, line))
    for matter_id, of_matter in sorted(parties.items()):
        row = read_matter_row(connection, matter_id, lock=True)
        _recuse(context, connection, row, of_matter, wholes)


def _recuse(
    context: Context,
    connection: Connection,
    row: Any,
    parties: Mapping[str, tuple[int, str]],
    wholes: Mapping[int, int],
) -> None:
    """Replace these members of a matter; each with the message that names them, and why.

    ``wholes`` tell of a message that is a part of another which one that is.
    """
    if MatterStatus(row.status) not in OPEN_STATUSES:
        return  # what they did is done
    now = context.now()
    by_message: dict[int, list[str]] = {}
    for message_id, line in parties.values():
        by_message.setdefault(message_id, []).append(line)
    events = [
        NewEvent(row.id, now, SYSTEM, RECUSED, {**_named_by(one, wholes), "because": lines})
        for one, lines in by_message.items()
    ]
    pending = read_proposal(connection, row.id)
    if pending is not None:
        # Whoever decides on it has the say already; it must not name who stepped aside.
        left = _wanted(context, connection, row, pending.assignment, parties)
        changes = tell_changes(context.triage.organisation, row, left)
        keep_proposal(connection, replace(pending, assignment=left, changes=changes))
    else:
        wanted = _wanted(context, connection, row, as_assignment(row), parties)
        rerouting = reroute(context, connection, row, wanted, SYSTEM)
        if rerouting.is_proposed:
            told = {"because": list(rerouting.told)}
            events.append(NewEvent(row.id, now, SYSTEM, PROPOSED, told))
        elif rerouting.columns:
            change_matter(connection, row.id, **rerouting.columns)
    insert_events(connection, events)


def _named_by(message_id: int, wholes: Mapping[int, int]) -> dict[str, object]:
    """What tells the message in a history: the whole is there still when its parts are undone."""
    whole = wholes.get(message_id)
    return {"message": message_id, **({} if whole is None else {"whole": whole})}


def _wanted(
    context: Context,
    connection: Connection,
    row: Any,
    assignment: Assignment,
    parties: Mapping[str, tuple[int, str]],
) -> Assignment:
    """An assignment of a matter without these members; with others of its studio if none is left
    who is in the directory still.
    """
    left = _without(assignment, parties)
    known = context.triage.organisation.member_by_code
    if left == assignment or any(code in known for code in left.members):
        return left
    besides = {message_id for message_id, _ in parties.values()}
    members, because = members_of_studio(
        context, connection, row.id, assignment.studio, row.topic, besides
    )
    return replace(left, members=members, because=_once(*left.because, *because))


def _without(assignment: Assignment, parties: Mapping[str, tuple[int, str]]) -> Assignment:
    left = tuple(code for code in assignment.members if code not in parties)
    lines = (line for code, (_, line) in parties.items() if code in assignment.members)
    return replace(assignment, members=left, because=_once(*assignment.because, *lines))


def _once(*lines: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))
