"""Taking out: one message leaves a matter that it joined wrongly, and opens a matter of its own."""

from __future__ import annotations

from dataclasses import replace

from service.domain.pair_state import PairState
from service.domain.relation import Relation
from service.errors import InvalidInputError, NotFoundError
from service.storage.database import Connection
from service.storage.intake.intake import next_ids
from service.storage.matching.exemplars import Exemplar, insert_exemplars, read_exemplars
from service.storage.matching.postings import insert_postings
from service.storage.matters import merges as store
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.matter_pairs import settle_pair
from service.storage.matters.matters import NewMatter, change_matter, insert_matters
from service.storage.matters.queue import count_open_by_studio
from service.storage.messages.classifications import read_latest_classifications
from service.storage.messages.erasures import read_erasures
from service.storage.messages.messages import read_message_of
from service.storage.rows import is_id, take_intake_lock
from service.triage.exemplar_index import standing
from service.triage.pipeline import Understood, review_reasons
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import with_organisation
from service.usecases.in_force.work_calendar import with_calendar
from service.usecases.matching.joining import NO_TIME, new_matter
from service.usecases.matching.known_senders import numbered_as_stored
from service.usecases.matching.understand_stored import understand_stored
from service.usecases.matters.merging import check_reason, lock_standing


def take_out(
    context: Context, matter_id: int, message_id: int, account: str, reason: str = ""
) -> int:
    """Let one message open a matter of its own.

    That the two are not the same is remembered. The deadline is counted from when the message
    was sent, as if it had never joined. It is undone by merging the new matter back.

    Returns
    -------
    int
        The id of the new matter.

    Raises
    ------
    InvalidInputError
        The message opened the matter or one that was merged into it, or the reason is too long.
    MergedError
        The matter is part of another.
    NotFoundError
        There is no such matter, or no such message in it.
    """
    check_reason(reason)
    understood = understand_stored(context, [message_id] if is_id(message_id) else [])
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        context = with_organisation(context, connection)
        (left,) = lock_standing(connection, matter_id)
        _check_can_leave(connection, matter_id, message_id)
        if read_erasures(connection, [message_id]):  # perhaps since it was read
            understood = understand_stored(context, [message_id])
        understood = numbered_as_stored(connection, understood)
        message = _as_judged(connection, message_id, understood[message_id])
        opened, routed = _open(context, connection, message)
        store.move_out(connection, message_id, opened.id)
        change_matter(connection, matter_id, **store.count_again(connection, matter_id))
        let_stand(connection, opened.id, message_id, message)
        settle_pair(connection, (matter_id, opened.id), PairState.REFUSED, account, context.now())
        told = ((matter_id, f"另立 {opened.number}"), (opened.id, f"从 {left.number} 移出"))
        events = [
            NewEvent(each, context.now(), account, "taken_out", {"changes": [text], "note": reason})
            for each, text in told
        ]
        insert_events(connection, [*routed, *events])
    return opened.id


def _check_can_leave(connection: Connection, matter_id: int, message_id: int) -> None:
    """Let a message pass without which every matter still has its first one."""
    found = read_message_of(connection, matter_id, message_id) if is_id(message_id) else None
    if found is None:
        raise NotFoundError(f"本事项中的来信 {message_id}")
    if found[1].relation == Relation.FIRST.value:
        raise InvalidInputError("首件不能移出，可以把其他来信移出")
    if opened := store.find_opened_by(connection, message_id):
        raise InvalidInputError(f"这是并入的 {opened} 的首件，可以拆分该事项")


def _as_judged(connection: Connection, message_id: int, message: Understood) -> Understood:
    """The message with the classification in force."""
    stored = read_latest_classifications(connection, [message_id]).get(message_id)
    return replace(message, classification=stored)


def _open(
    context: Context, connection: Connection, message: Understood
) -> tuple[NewMatter, list[NewEvent]]:
    """Open a matter for the message; also what the matter's track begins with."""
    assignment = context.triage.route(message, count_open_by_studio(connection))
    reasons = review_reasons(message, assignment)
    opened = new_matter(
        with_calendar(connection, context.triage),
        next_ids(connection).matter,
        message,
        assignment,
        needs_review=bool(reasons),
        urgent_from=NO_TIME,
    )
    insert_matters(connection, [opened])
    now = context.now()
    routed = [NewEvent(opened.id, now, "system", "routed", {"because": assignment.because})]
    if reasons:
        wanted = NewEvent(opened.id, now, "system", "review_wanted", {"reasons": reasons})
        routed.append(wanted)
    return opened, routed


def let_stand(connection: Connection, matter_id: int, message_id: int, message: Understood) -> None:
    """Let the message be found where it is now, also one that was no exemplar before."""
    if message.profile is not None and not read_exemplars(connection, [message_id]):
        insert_exemplars(connection, [Exemplar(message_id, matter_id, message.profile.tobytes())])
        insert_postings(connection, [standing(message_id, message.keys)])
