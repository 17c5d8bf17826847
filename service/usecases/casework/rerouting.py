"""Rerouting: where a matter goes that a person judged otherwise; a proposed route is decided on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.domain.access import Account, leads
from service.domain.assignment import Assignment
from service.domain.classification import Classification
from service.domain.organisation import Organisation
from service.domain.route_proposal import IN_HAND_STATUSES, MAX_DECLINE_CHARS, RouteProposal
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.errors import ForbiddenError, IllegalMoveError, InvalidInputError, NotFoundError
from service.storage.database import Connection
from service.storage.learning.teachings import find_leading_of
from service.storage.matters import route_proposals as store
from service.storage.matters.history import SYSTEM, NewEvent, insert_events
from service.storage.matters.matters import change_matter
from service.storage.matters.queue import count_open_by_studio
from service.storage.rows import is_id, take_intake_lock
from service.triage.pipeline import Understood
from service.usecases.casework.casework import lock_matter
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import with_organisation
from service.usecases.in_force.provisions import with_provisions
from service.usecases.matching.understand_stored import understand_stored
from service.usecases.matters.change_of_route import REROUTED, route_columns, tell_changes
from service.usecases.matters.claims import check_claim, end_claim
from service.usecases.matters.studio_members import without_parties

DECLINED = "reroute_declined"


def understand_leading(context: Context, matter_id: int) -> Understood | None:
    """What triage makes of the message that opened a matter; None where there is no matter."""
    with context.database.reading() as connection:
        leading = find_leading_of(connection, [matter_id] if is_id(matter_id) else [])
    understood = understand_stored(context, list(leading.values()))
    return next(iter(understood.values()), None)


def route_anew(
    context: Context,
    connection: Connection,
    matter_id: int,
    message: Understood,
    judged: Classification,
    otherwise: Assignment,
) -> Assignment:
    """Where a matter should go as it is judged now, with the department of ``otherwise``.

    That itself where the router finds no studio. ``message`` opened the matter.
    """
    triage = with_provisions(context, connection).triage
    found = triage.route_anew(message, judged, count_open_by_studio(connection))
    if found.studio in ("", otherwise.studio):
        return otherwise
    found = without_parties(context, connection, matter_id, found, judged.topic.label)
    return replace(found, department=otherwise.department)


def accept_route(context: Context, matter_id: int, account: Account) -> None:
    """Let a matter go where it was proposed to; whom it leaves reads it in its history.

    What was in hand is then on its way 已转办, to be signed by whom it goes to.

    Raises
    ------
    ClaimedError
        Another account holds the matter.
    ForbiddenError
        The account's department only helps with it.
    IllegalMoveError
        The studio or department proposed is no more, or the matter has ended.
    MergedError, NotFoundError
        The matter is part of another, or there is none, or nothing is proposed.
    """
    with context.database.transaction() as connection:
        take_intake_lock(connection)
        organisation = with_organisation(context, connection).triage.organisation
        row, proposal = _lock(context, connection, matter_id, account)
        wanted = proposal.assignment
        _check_is_there(organisation, wanted)
        columns = {**route_columns(organisation, row, wanted), "extension_days": None}
        if MatterStatus(row.status) in IN_HAND_STATUSES - {MatterStatus.SUPPLEMENT}:
            columns["status"] = MatterStatus.TRANSFERRED.value
        end_claim(connection, matter_id)
        store.delete_proposals(connection, [matter_id])
        change_matter(connection, matter_id, **columns)
        told = tell_changes(organisation, row, wanted)
        by = "系统" if proposal.by == SYSTEM else proposal.by
        details = {"because": [*told, f"{by} 提出", *wanted.because]}
        insert_events(
            connection, [NewEvent(matter_id, context.now(), account.name, REROUTED, details)]
        )


def decline_route(context: Context, matter_id: int, account: Account, reason: str) -> None:
    """Let a matter stay where it is, although it was proposed to go elsewhere.

    Raises
    ------
    ClaimedError, ForbiddenError, IllegalMoveError, MergedError, NotFoundError
        As ``accept_route``.
    InvalidInputError
        No reason is given, or it is too long.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_DECLINE_CHARS:
        raise InvalidInputError(f"请写明不改派的理由，不超过 {MAX_DECLINE_CHARS} 字")
    with context.database.transaction() as connection:
        _, proposal = _lock(context, connection, matter_id, account)
        store.delete_proposals(connection, [matter_id])
        details = {"changes": list(proposal.changes), "note": reason}
        insert_events(
            connection, [NewEvent(matter_id, context.now(), account.name, DECLINED, details)]
        )


def _lock(
    context: Context, connection: Connection, matter_id: int, account: Account
) -> tuple[Any, RouteProposal]:
    row = lock_matter(connection, matter_id)
    check_claim(connection, matter_id, account.name, context.now())
    proposal = store.read_proposal(connection, matter_id)
    if proposal is None:
        raise NotFoundError("待定的改派建议")
    if not leads(account, row.department):
        raise ForbiddenError(f"会办单位不能决定改派，由主办单位{row.department}决定")
    if MatterStatus(row.status) not in OPEN_STATUSES:
        raise IllegalMoveError(f"{MatterStatus(row.status).label_zh}，不能改派")
    return row, proposal


def _check_is_there(organisation: Organisation, wanted: Assignment) -> None:
    if wanted.studio and wanted.studio not in organisation.studio_by_code:
        raise IllegalMoveError("建议的委员工作室已不在名录中")
    if wanted.department not in {one.name for one in organisation.departments}:
        raise IllegalMoveError("建议的承办单位已不在名录中")
