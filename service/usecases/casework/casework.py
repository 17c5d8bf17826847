"""Casework: a person moves a matter along its path."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.domain.order import Order, check_order
from service.domain.path import PATH, Move, check_move
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import InvalidInputError, NotFoundError
from service.storage.database import Connection
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.matters import change_matter, read_matter_row
from service.storage.matters.route_proposals import delete_proposals
from service.usecases.casework.move_effects import Case, effect_of
from service.usecases.context import Context
from service.usecases.in_force.work_calendar import read_calendar
from service.usecases.matters.claims import check_claim, end_claim
from service.usecases.matters.whole_matter import check_stands

_ROUTE = frozenset({"department", "studio", "committee"})  # columns that say whose a matter is
_SETTLED_STATUSES = ENDED_STATUSES | {MatterStatus.ANSWERED}
# With these it leaves whoever asked for more days, or needs none any more.
_AWAY = frozenset(
    {Move.REVIEW, Move.TRANSFER, Move.RETURN, Move.ANSWER, Move.HAND_UP, Move.HAND_DOWN}
)
SENDER = "来信人"  # the actor where the person who wrote did something


def move_matter(context: Context, matter_id: int, order: Order, account: str) -> MatterStatus:
    """Make a move, and say so in the matter's history.

    Returns
    -------
    MatterStatus
        The state that the matter is in now.

    Raises
    ------
    ClaimedError
        Another account holds the matter.
    IllegalMoveError
        The table has no such move from the matter's state, or it is too late for it.
    InvalidInputError
        What the move needs is missing, too long, or not in the directory.
    MergedError
        The matter is part of another.
    NotFoundError
        There is no such matter.
    """
    if PATH[order.move].is_own:
        raise InvalidInputError(f"{order.move.label_zh}须连同正文一起提交")
    check_order(order)
    with context.database.transaction() as connection:
        row = lock_matter(connection, matter_id)
        return make_move(context, connection, row, order, account)


def make_move(
    context: Context, connection: Connection, row: Any, order: Order, account: str
) -> MatterStatus:
    """Make a move within a transaction: ``row`` is the matter's, kept for it.

    Raises
    ------
    ClaimedError, IllegalMoveError, InvalidInputError
        As ``move_matter``.
    """
    now = context.now()
    if account != SENDER:
        check_claim(connection, row.id, account, now)
    before = MatterStatus(row.status)
    step = check_move(before, order.move)
    effect = effect_of(_case(context, connection, row, order, now))
    after = effect.target or step.target or before
    columns = {"status": after.value, **_ending(before, after, now), **effect.columns}
    told = list(effect.told)
    if order.move in _AWAY and row.extension_days is not None:
        columns["extension_days"] = None
        told.append("延期申请没有决定，不再有效")
    change_matter(connection, row.id, **columns)
    if after in ENDED_STATUSES:
        end_claim(connection, row.id)
    if after in _SETTLED_STATUSES or not _ROUTE.isdisjoint(effect.columns):
        delete_proposals(connection, [row.id])
    details = {**effect.facts, "changes": told, "note": order.note.strip()}
    insert_events(connection, [NewEvent(row.id, now, account, order.move.value, details)])
    return after


def _case(context: Context, connection: Connection, row: Any, order: Order, now: datetime) -> Case:
    calendar = read_calendar(connection)
    organisation = context.triage.organisation
    return Case(connection, organisation, calendar.is_working_day, row, order, now)


def lock_matter(connection: Connection, matter_id: int) -> Any:
    """The row of a matter that stands for itself, kept for this transaction.

    Raises
    ------
    MergedError
        It is part of another.
    NotFoundError
        There is no such matter.
    """
    row = read_matter_row(connection, matter_id, lock=True)
    if row is None:
        raise NotFoundError(f"事项 {matter_id}")
    check_stands(connection, row)
    return row


def _ending(before: MatterStatus, after: MatterStatus, now: datetime) -> dict[str, object]:
    """What ends with a matter, and begins again with one that is opened again."""
    if after in ENDED_STATUSES:
        return {"closed_at": now, "paused_at": None, "paused_in": "", "extension_days": None}
    return {"closed_at": None} if before in ENDED_STATUSES else {}
