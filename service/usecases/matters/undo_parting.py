"""Undoing a parting: the parts of a message go back into it, and their matters are as before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.domain.parting import PartingState
from service.domain.relation import Relation
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import ErasedError, IllegalMoveError, InvalidInputError
from service.storage.database import Connection
from service.storage.matters.history import (
    NewEvent,
    deadlines_asked,
    insert_events,
    read_events_after,
)
from service.storage.matters.matter_pairs import NewPair, delete_pairs, take_back_suggestion
from service.storage.matters.matters import change_matter
from service.storage.matters.merges import count_again, lock_matters
from service.storage.matters.partings import (
    delete_part,
    find_left,
    keep_parting,
    read_parting,
    read_parts,
    set_span,
)
from service.storage.messages.erasures import read_erasures
from service.storage.rows import take_intake_lock
from service.usecases.context import Context
from service.usecases.matching.known_senders import numbered, numbers_stored
from service.usecases.matching.postings import forget_exemplars
from service.usecases.matching.understand_stored import as_incoming
from service.usecases.matters.merging import check_reason
from service.usecases.matters.parting import read_with_sender, stand_as, understand_anew

# After these nobody knows any more what the matter would ask for without the part.
_SETTLED = ("corrected", "absorbed", "split")


def undo_parts(context: Context, message_id: int, account: str, reason: str = "") -> None:
    """Take a message as one demand again.

    A matter that a part joined counts as before, and asks for what it asked before or what came
    since asks for; what a person decided on it, and what merges and splits made of it since,
    stands. A matter that a part opened leads to the message's own from then on.

    Raises
    ------
    ErasedError
        The message was erased.
    IllegalMoveError
        The matter of a part is closed; or it was merged, or took in other messages, which must
        be undone before.
    InvalidInputError
        The message is not taken as parts, or the reason is too long.
    NotFoundError
        There is no such message.
    """
    check_reason(reason)
    message, sender = read_with_sender(context, message_id)
    (understood,) = understand_anew(context, [as_incoming(message, sender)])
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        if read_erasures(connection, [message_id]):
            raise ErasedError(f"留言 {message_id}")
        known = read_parting(connection, message_id)
        if known is None or known.state != PartingState.CONFIRMED.value:
            raise InvalidInputError("这条留言没有分件")
        parts = read_parts(connection, message_id)
        matters = lock_matters(connection, sorted({part.matter_id for part in parts}))
        for part in parts:
            _check_can_go(connection, part, matters[part.matter_id])
        (home,) = (part for part in parts if part.part_of is None)
        left = find_left(connection, home.demand_id)
        home_id = left[0].id if left else home.matter_id
        went = {each["message"]: each for each in known.went}
        gone = [part.id for part in parts if part.part_of is not None]
        forget_exemplars(connection, context.triage, gone)
        for part in parts:
            if part.part_of is not None:
                _take_back(connection, part, matters[part.matter_id], went, home_id)
        set_span(connection, message_id, None)
        number = numbers_stored(connection, [message_id])[message_id]
        stand_as(context, connection, message_id, numbered(understood, number))
        now = context.now()
        undone = PartingState.UNDONE.value
        keep_parting(
            connection, message_id, state=undone, decided_by=account, decided_at=now, went=[]
        )
        insert_events(connection, _told(parts, home, account, reason, now))


def _check_can_go(connection: Connection, part: Any, row: Any) -> None:
    status = MatterStatus(row.status)
    if status in ENDED_STATUSES | {MatterStatus.ANSWERED}:
        raise IllegalMoveError(f"{row.number} {status.label_zh}，不能撤回分件")
    if part.part_of is None:
        return
    if left := find_left(connection, part.demand_id):
        raise IllegalMoveError(f"请先把 {left[-1].number} 从 {row.number} 拆分出来")
    if part.relation == Relation.FIRST.value and row.message_count > 1:
        raise IllegalMoveError(f"{row.number} 由这一件开立，又有其他来信，请先移出或拆分")


def _take_back(
    connection: Connection,
    part: Any,
    row: Any,
    went: Mapping[int, Mapping[str, Any]],
    home_id: int,
) -> None:
    before = went[part.id]
    delete_part(connection, part)
    if part.relation == Relation.FIRST.value:
        delete_pairs(connection, [row.id])
        change_matter(connection, row.id, merged_into=home_id)
        return
    for given, earlier in before["suggested"]:
        take_back_suggestion(connection, NewPair(*given), earlier and NewPair(*earlier))
    columns = count_again(connection, row.id)
    if row.id == before["matter"] and "after" in before:
        columns |= _asked_without(connection, row.id, before)
    change_matter(connection, row.id, **columns)


def _asked_without(
    connection: Connection, matter_id: int, before: Mapping[str, Any]
) -> dict[str, object]:
    """Urgency and deadline of a matter that an urgent part leaves."""
    since = read_events_after(connection, matter_id, before["after"])
    if any(event.kind in _SETTLED for event in since):
        return {}
    asked = deadlines_asked(connection, since)
    return {
        "is_urgent": before["was_urgent"] or bool(asked),
        "due_at": min([datetime.fromisoformat(before["was_due_at"]), *asked]),
    }


def _told(parts: list[Any], home: Any, account: str, reason: str, now: datetime) -> list[NewEvent]:
    numbers = [part.number for part in parts if part is not home]
    told = [(home.matter_id, [f"{number} 的一件回到本来信" for number in numbers])]
    told += [(p.matter_id, [f"回到 {home.number} 的来信"]) for p in parts if p is not home]
    return [
        NewEvent(matter_id, now, account, "parting_undone", {"changes": changes, "note": reason})
        for matter_id, changes in told
    ]
