"""Receive for a studio: a person who takes a message in, or who writes it, says which studio."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.message import IncomingMessage
from service.domain.relation import Relation
from service.errors import InvalidInputError
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.matters import change_matter
from service.usecases.casework.casework import SENDER, lock_matter
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_message
from service.usecases.intake.received import Received
from service.usecases.matters.studio_members import studio_columns


@dataclass(frozen=True, slots=True)
class ReceivedForStudio:
    """What became of the message; ``is_given`` where the matter went to the wanted studio."""

    received: Received
    is_given: bool


def check_studio(context: Context, studio: str) -> None:
    """Let the code of a studio pass, or none.

    Raises
    ------
    InvalidInputError
        There is no such studio.
    """
    if studio and studio not in context.triage.organisation.studio_by_code:
        raise InvalidInputError("委员工作室不在名录中")


def receive_for_studio(
    context: Context, message: IncomingMessage, studio: str, account: str
) -> ReceivedForStudio:
    """Take a message in, and let a person's choice of studio win over the router's.

    It wins where the matter is a new one: a message that joined a matter keeps that matter's
    assignment, and one that was not classified waits for a person anyway.

    Raises
    ------
    InvalidInputError
        There is no such studio; nothing was taken in.
    """
    check_studio(context, studio)
    received = receive_message(context, message)
    return ReceivedForStudio(received, _give(context, received, studio, account))


def receive_at_door(context: Context, message: IncomingMessage, studio: str) -> Received:
    """Take a message in that was written on a studio's own form, which its QR code opens.

    The matter is the studio's where it is a new one and no rule names another; a code that stands
    for no studio any more counts for nothing.
    """
    received = receive_message(context, message)
    is_own = received.is_new and received.relation is Relation.FIRST
    is_ruled = received.ruling is not None and received.ruling.studio
    known = context.triage.organisation.studio_by_code
    if studio in known and is_own and not is_ruled and studio != received.assignment.studio:
        with context.database.transaction() as connection:
            row = lock_matter(connection, received.matter_id)
            given = studio_columns(context, connection, row.id, studio, row.topic, SENDER)
            change_matter(connection, row.id, **given)
            details = {"changes": [f"在{known[studio].name}的二维码上留言"]}
            event = NewEvent(row.id, context.now(), SENDER, "reassigned", details)
            insert_events(connection, [event])
    return received


def _give(context: Context, received: Received, studio: str, account: str) -> bool:
    judged = received.classification
    is_own = received.is_new and received.relation is Relation.FIRST
    if not (studio and is_own and judged) or studio == received.assignment.studio:
        return False
    correction = Correction(
        topic=judged.topic.label,
        department=judged.department.label,
        kind=judged.kind.label,
        is_urgent=judged.is_urgent,
        studio=studio,
        note="登记时指定工作室",
    )
    try:
        correct_matter(context, received.matter_id, correction, account)
    except InvalidInputError:
        # The model named a department that this county's directory lacks: the message is in, and
        # the slip says that a person must decide.
        return False
    return True
