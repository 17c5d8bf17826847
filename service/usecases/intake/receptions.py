"""Receptions 接待日: a studio opens one, takes messages in on the spot, and closes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.domain.access import WHOLE, Scope, studio_holder
from service.domain.deadline import SHANGHAI
from service.domain.message import IncomingMessage
from service.domain.organisation import Organisation, Studio
from service.errors import IllegalMoveError, InvalidInputError, NotFoundError
from service.storage.casework import receptions as store
from service.usecases.context import Context
from service.usecases.intake.receive_for_studio import ReceivedForStudio, receive_for_studio

MAX_PLACE_CHARS, MAX_RESULT_CHARS, MAX_MEMBERS = 200, 2000, 50
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Reception:
    """A reception, and how many messages of how many people were taken in at it.

    ``members`` are codes; ``closed_at`` is None while it is open.
    """

    id: int
    studio: str
    held_on: date
    place: str
    members: tuple[str, ...]
    opened_by: str
    closed_at: datetime | None
    result: str
    message_count: int
    people_count: int


def open_reception(
    context: Context, studio: str, held_on: date, place: str, members: tuple[str, ...], account: str
) -> int:
    """Open a reception of a studio.

    Returns
    -------
    int
        Its id.

    Raises
    ------
    InvalidInputError
        There is no such studio or member, a member has nothing to do with the studio, or the place
        is too long.
    """
    organisation = context.triage.organisation
    if studio not in organisation.studio_by_code:
        raise InvalidInputError("委员工作室不在名录中")
    _check_members(organisation, organisation.studio_by_code[studio], members)
    if len(place.strip()) > MAX_PLACE_CHARS:
        raise InvalidInputError(f"地点不超过 {MAX_PLACE_CHARS} 字")
    with context.database.transaction() as connection:
        return store.insert_reception(
            connection,
            studio=studio,
            held_on=held_on,
            place=place.strip(),
            members=list(dict.fromkeys(members)),
            opened_by=account,
            opened_at=context.now(),
        )


def _check_members(organisation: Organisation, studio: Studio, members: Sequence[str]) -> None:
    """Let members of the studio pass, and of its committee and those above and below."""
    known = organisation.member_by_code
    if len(members) > MAX_MEMBERS or not known.keys() >= set(members):
        raise InvalidInputError("委员不在名录中")
    line = {one.code for one in organisation.above(studio.committee)}
    line |= {studio.committee, *(one.code for one in organisation.below(studio.committee))}
    for member in (known[code] for code in members):
        if studio.code not in member.studios and member.committee not in line:
            raise InvalidInputError(
                f"{member.name}委员不属于{studio.name}所在的政协，也不在其上下级"
            )


def receive_at(
    context: Context, reception_id: int, message: IncomingMessage, account: str
) -> ReceivedForStudio:
    """Take a message in at an open reception: its matter goes to the reception's studio.

    Raises
    ------
    IllegalMoveError
        The reception is closed, or its day is still to come.
    NotFoundError
        There is no such reception.
    """
    with context.database.transaction() as connection:
        row = store.lock_reception(connection, reception_id)
    if row is None:
        raise NotFoundError(f"接待 {reception_id}")
    if row.closed_at is not None:
        raise IllegalMoveError("这次接待已经结束")
    if row.held_on > context.now().astimezone(SHANGHAI).date():
        raise IllegalMoveError(f"接待日是 {row.held_on}，还没有到")
    taken = receive_for_studio(context, message, row.studio, account)
    if not taken.received.is_other:
        with context.database.transaction() as connection:
            store.add_message(connection, reception_id, taken.received.message_id)
    return taken


def close_reception(context: Context, reception_id: int, result: str) -> None:
    """End a reception, with a word on what came of it.

    Raises
    ------
    IllegalMoveError
        It is closed already.
    InvalidInputError
        The result is empty or too long.
    NotFoundError
        There is no such reception.
    """
    if not 0 < len(result.strip()) <= MAX_RESULT_CHARS:
        raise InvalidInputError(f"请填写接待的结果，不超过 {MAX_RESULT_CHARS} 字")
    with context.database.transaction() as connection:
        row = store.lock_reception(connection, reception_id)
        if row is None:
            raise NotFoundError(f"接待 {reception_id}")
        if row.closed_at is not None:
            raise IllegalMoveError("这次接待已经结束")
        store.change_reception(
            connection, reception_id, closed_at=context.now(), result=result.strip()
        )


def list_receptions(
    context: Context, studio: str = "", scope: Scope = WHOLE, before: int = 0
) -> list[Reception]:
    """The newest receptions of a studio, of all in a scope where it is "", at most ``SHOWN``.

    Those behind the reception ``before`` where it is not 0.
    """
    organisation = context.triage.organisation
    wanted = [studio] if studio else [each.code for each in organisation.studios]
    own = [each for each in wanted if scope.includes(studio_holder(organisation, each))]
    is_all = scope == WHOLE and not studio
    with context.database.reading() as connection:
        rows = store.read_receptions(connection, None if is_all else own, SHOWN, before)
    return [_as_reception(row) for row in rows]


def show_reception(context: Context, reception_id: int) -> Reception:
    """One reception.

    Raises
    ------
    NotFoundError
        There is no such reception.
    """
    with context.database.reading() as connection:
        row = store.read_reception(connection, reception_id)
    if row is None:
        raise NotFoundError(f"接待 {reception_id}")
    return _as_reception(row)


def _as_reception(row: Any) -> Reception:
    return Reception(
        id=row.id,
        studio=row.studio,
        held_on=row.held_on,
        place=row.place,
        members=tuple(row.members),
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        result=row.result,
        message_count=row.message_count,
        people_count=row.people_count,
    )
