"""Merging: two matters become one, and one of them can be split off again exactly as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.matching.profile import as_records, is_current
from service.domain.pair_state import PairState
from service.domain.relation import Relation
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import IllegalMoveError, InvalidInputError, NotFoundError
from service.storage.database import Connection
from service.storage.matching.exemplars import read_exemplars_of
from service.storage.matters import merges as store
from service.storage.matters.history import NewEvent, deadlines_asked, insert_events
from service.storage.matters.matter_pairs import settle_pair
from service.storage.matters.matters import change_matter, read_matter_row
from service.storage.matters.merges import Moved
from service.storage.matters.route_proposals import delete_proposals
from service.storage.rows import is_id, take_intake_lock
from service.usecases.context import Context
from service.usecases.matters.claims import check_claim
from service.usecases.matters.whole_matter import check_stands

MAX_REASON_CHARS = 500


def merge_matters(
    context: Context, matter_id: int, into_id: int, account: str, reason: str = ""
) -> None:
    """Let a matter become part of another: all its messages belong there until it is split off.

    Every message keeps its receipt, its sender and its text. The other matter takes the earlier
    deadline and the higher urgency of both, unless the matter was closed: what was answered asks
    for nothing any more. What the matter was stays in its row, untouched.

    Parameters
    ----------
    matter_id
        The matter that becomes part of the other.
    into_id
        The matter that stays; it must not be closed.

    Raises
    ------
    ClaimedError
        Another account holds one of them.
    IllegalMoveError
        The other matter is closed.
    InvalidInputError
        Both are the same matter, or the reason is too long.
    MergedError
        One of them is part of another matter already.
    NotFoundError
        There is no such matter.
    """
    check_reason(reason)
    if matter_id == into_id:
        raise InvalidInputError("不能把事项并入它自己")
    with context.database.transaction() as connection:
        # What comes in meanwhile would join a matter that is just leaving.
        take_intake_lock(connection)
        absorbed, into = lock_standing(connection, matter_id, into_id)
        if MatterStatus(into.status) in ENDED_STATUSES:
            ended = MatterStatus(into.status).label_zh
            raise IllegalMoveError(f"{into.number} {ended}，不能再并入事项")
        now = context.now()
        for each in (matter_id, into_id):
            check_claim(connection, each, account, now)
        delete_proposals(connection, [matter_id])
        moved = _with_new_relations(context, connection, matter_id, into_id)
        store.insert_merge(connection, matter_id, into, moved, reason=reason, actor=account, at=now)
        store.move_demands(connection, into_id, moved)
        change_matter(connection, matter_id, merged_into=into_id)
        change_matter(
            connection,
            into_id,
            **store.count_again(connection, into_id),
            **_urgency_of_both(absorbed, into),
        )
        told = {"note": reason}
        insert_events(
            connection,
            [
                NewEvent(matter_id, now, account, "merged", {"changes": [into.number], **told}),
                NewEvent(into_id, now, account, "absorbed", {"changes": [absorbed.number], **told}),
            ],
        )


def split_matter(context: Context, matter_id: int, account: str, reason: str = "") -> int:
    """Split off a matter that was merged into another: it becomes what it was, and so does that.

    What came to the other matter meanwhile stays there. Of several matters merged into one, the
    last one is split off first, because each merge rests on those before it.

    Returns
    -------
    int
        The id of the matter that it was part of.

    Raises
    ------
    IllegalMoveError
        Another matter must be split off before.
    InvalidInputError
        The matter is part of no other, or the reason is too long.
    NotFoundError
        There is no such matter.
    """
    check_reason(reason)
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        row = _row(connection, matter_id)
        merge = store.find_merge(connection, matter_id)
        if merge is None:
            raise InvalidInputError(f"{row.number} 没有并入别的事项")
        into = store.lock_matters(connection, [merge.into_id, matter_id])[merge.into_id]
        _check_is_last(connection, into, matter_id)
        now = context.now()
        # What was taken out since is a matter of its own, and stays so.
        moved = store.read_moved(connection, merge.id, into.id)
        store.move_demands(connection, matter_id, moved)
        store.note_split(connection, merge.id, now)
        counts = store.count_again(connection, matter_id)
        change_matter(connection, matter_id, merged_into=None, **counts)
        change_matter(connection, into.id, **_as_before(connection, merge, into))
        insert_events(
            connection,
            [
                NewEvent(
                    matter_id, now, account, "split", {"changes": [into.number], "note": reason}
                ),
                NewEvent(into.id, now, account, "split", {"changes": [row.number], "note": reason}),
            ],
        )
        return int(into.id)


def settle_matters(
    context: Context, matter_id: int, other_id: int, state: PairState, account: str
) -> None:
    """Keep that two matters are not one (never suggested again), or are related (shown).

    Raises
    ------
    InvalidInputError
        Both are the same matter.
    MergedError
        One of them is part of another matter.
    NotFoundError
        There is no such matter.
    """
    if matter_id == other_id:
        raise InvalidInputError("两件事项是同一件")
    with context.database.transaction() as connection:
        # A message that arrives may suggest the same two: both would wait for each other's rows.
        take_intake_lock(connection)
        one, other = lock_standing(connection, matter_id, other_id)
        settle_pair(connection, (matter_id, other_id), state, account, context.now())
        insert_events(
            connection,
            [
                NewEvent(each.id, context.now(), account, state.value, {"changes": [far.number]})
                for each, far in ((one, other), (other, one))
            ],
        )


def check_reason(reason: str) -> None:
    """Let a reason of bearable length pass.

    Raises
    ------
    InvalidInputError
        It is too long.
    """
    if len(reason) > MAX_REASON_CHARS:
        raise InvalidInputError(f"理由不超过 {MAX_REASON_CHARS} 字")


def lock_standing(connection: Connection, *ids: int) -> list[Any]:
    """Rows of matters that are part of no other, locked, in the order asked for.

    Raises
    ------
    MergedError
        One of them is part of another matter.
    NotFoundError
        One of them does not exist.
    """
    found = store.lock_matters(connection, [each for each in ids if is_id(each)])
    for each in ids:
        if each not in found:
            raise NotFoundError(f"事项 {each}")
        check_stands(connection, found[each])
    return [found[each] for each in ids]


def _row(connection: Connection, matter_id: int) -> Any:
    row = read_matter_row(connection, matter_id)
    if row is None:
        raise NotFoundError(f"事项 {matter_id}")
    return row


def _check_is_last(connection: Connection, into: Any, matter_id: int) -> None:
    if into.merged_into is not None:
        raise IllegalMoveError(f"请先把 {into.number} 拆分出来")
    last = store.read_merges(connection, into.id)[0]
    if last.matter_id != matter_id:
        raise IllegalMoveError(f"请先拆分后来并入的 {last.number}")


def _urgency_of_both(absorbed: Any, into: Any) -> dict[str, object]:
    if MatterStatus(absorbed.status) in ENDED_STATUSES:
        return {}
    return {
        "is_urgent": into.is_urgent or absorbed.is_urgent,
        "due_at": min(into.due_at, absorbed.due_at),
    }


def _as_before(connection: Connection, merge: Any, into: Any) -> Mapping[str, object]:
    """The columns of the other matter when a part leaves it.

    Deadline and urgency go back to what they were, or to what the messages ask that came since.
    What a person decided on them since the merge stands.
    """
    counts = store.count_again(connection, into.id)
    since = store.read_events_since(connection, merge)
    if any(event.kind == "corrected" for event in since):
        return counts
    asked = deadlines_asked(connection, since)
    return {
        **counts,
        "is_urgent": merge.was_urgent or bool(asked),
        "due_at": min([merge.was_due_at, *asked]),
    }


def _with_new_relations(
    context: Context, connection: Connection, matter_id: int, into_id: int
) -> list[Moved]:
    """The demands of a matter, with the relation that each has to the one it comes to.

    A copy stays one. Anything else is a copy where it says what a message there says, the same
    person again where its sender wrote there, and else another voice.
    """
    writers = {row.sender_id for row in store.read_demands(connection, into_id)} - {None}
    same_texts = _same_texts(context, connection, matter_id, into_id)
    moved = []
    for row in store.read_demands(connection, matter_id):
        old = Relation(row.relation)
        if old is Relation.COPY or row.message_id in same_texts:
            new = Relation.COPY
        elif old is Relation.RESUBMISSION or row.sender_id in writers:
            new = Relation.RESUBMISSION
        else:
            new = Relation.VOICE
        moved.append(Moved(row.id, row.message_id, old, new))
    return moved


def _same_texts(context: Context, connection: Connection, matter_id: int, into_id: int) -> set[int]:
    """Which of a matter's exemplars say what one of the other's says."""
    model = context.triage.pair_model
    own, others = (
        [each for each in read_exemplars_of(connection, [number]) if is_current(each.profile)]
        for number in (matter_id, into_id)
    )
    if model is None or not own or not others:
        return set()
    standing = as_records([each.profile for each in others])
    return {
        each.message_id
        for each in own
        for score in model.score(as_records([each.profile])[0], standing)
        if score.is_same_text
    }
