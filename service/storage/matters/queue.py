"""The queue: open matters by urgency, deadline, arrival, in keyset pages both ways.

An index holds each status and urgency in the order of deadline and arrival, so that a page costs
the same wherever it lies: of each the first rows are read, and the first of these are the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Row,
    Select,
    Subquery,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from service.domain.access import WHOLE, Scope
from service.storage.matters.queue_filter import (
    OPEN,
    QueueFilter,
    branches_of,
    is_usual,
    known_by,
    prepared,
)
from service.storage.matters.scopes import in_scope
from service.storage.rows import plan_by_values
from service.storage.tables import (
    STANDS,
    matter,
)

_FEW_COUNTED = 6_000
_STATEMENTS = 64  # that are kept, of each kind
# What a statement is asked with, beside its filter.
_NOW = bindparam("now", type_=matter.c.due_at.type)
_ROOM = bindparam("room", type_=Integer)
_PLACE = tuple_(
    bindparam("place_due_at", type_=matter.c.due_at.type),
    bindparam("place_id", type_=matter.c.id.type),
)


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """A place in the queue's order; what lies behind it is meant, before it if ``is_backward``."""

    is_urgent: bool
    due_at: datetime
    id: int
    is_backward: bool = False


def read_queue(
    connection: Connection,
    wanted: QueueFilter,
    position: QueuePosition | None,
    limit: int,
    now: datetime,
) -> list[Row[Any]]:
    """Rows of at most ``limit`` matters next to a position, in the queue's order."""
    plan_by_values(connection)
    wanted = prepared(connection, wanted, now)
    is_backward = position is not None and position.is_backward
    given: dict[str, object] = {"now": now, "held": wanted.held}
    if position is not None:
        given |= {"place_due_at": position.due_at, "place_id": position.id}
    make = _usual_page if is_usual(wanted) else _page_of
    found: list[Row[Any]] = []
    for is_urgent in _urgencies(wanted, position):
        begins_there = position is not None and position.is_urgent == is_urgent
        page = make(known_by(wanted), is_urgent, begins_there, is_backward)
        if page is None:
            break
        found += connection.execute(page, {**given, "room": limit - len(found)})
        if len(found) == limit:
            break
    return found[::-1] if is_backward else found


def count_queue(connection: Connection, wanted: QueueFilter, now: datetime, at_most: int) -> int:
    """How many matters the filter lets through; ``at_most`` where there are as many or more."""
    plan_by_values(connection)
    # Without an order more of what a department helps with is looked up rather than passed by.
    wanted = prepared(connection, wanted, now, few_helped=_FEW_COUNTED)
    make = _usual_count if is_usual(wanted) else _count_of
    count = make(known_by(wanted))
    if count is None:
        return 0
    given = {"now": now, "held": wanted.held, "room": at_most}
    return int(connection.execute(count, given).scalar_one())


def _page_of(
    wanted: QueueFilter, is_urgent: bool, begins_there: bool, is_backward: bool
) -> Select[Any] | None:
    """The first ``room`` rows of one urgency, behind a place in it where they begin there."""
    branches = [
        _page(branch, begins_there, is_backward) for branch in branches_of(wanted, is_urgent, _NOW)
    ]
    if not branches:
        return None
    page = _first_of(branches, is_backward)
    query = select(matter).join(page, page.c.id == matter.c.id)
    return query.order_by(*_order(matter.c, is_backward))


def _count_of(wanted: QueueFilter) -> Select[Any] | None:
    """How many a filter lets through, no more than ``room``."""
    branches = [
        select(branch.limit(_ROOM).subquery())
        for is_urgent in _urgencies(wanted, None)
        for branch in branches_of(wanted, is_urgent, _NOW)
    ]
    if not branches:
        return None
    return select(func.count()).select_from(union_all(*branches).limit(_ROOM).subquery())


# To put a statement together takes longer than to ask: usual ones are made once.
_usual_page, _usual_count = lru_cache(_STATEMENTS)(_page_of), lru_cache(_STATEMENTS)(_count_of)


def count_open_by_studio(connection: Connection) -> dict[str, int]:
    """Open matters of each studio ("" for those without one)."""
    rows = connection.execute(
        select(matter.c.studio, func.count())
        .where(matter.c.status.in_(OPEN), STANDS)
        .group_by(matter.c.studio)
        .order_by(matter.c.studio)
    )
    return {studio: int(count) for studio, count in rows}


def count_some_by_studio(
    connection: Connection, codes: Sequence[str], at_most: int, scope: Scope = WHOLE
) -> dict[str, int]:
    """Open matters of a scope in each of these studios, counted up to ``at_most``."""
    if not codes:
        return {}
    counts = connection.execute(_counts_by_studio(tuple(codes), at_most, scope))
    return {code: int(count) for code, count in counts}


@lru_cache(64)  # to put it together for dozens of studios takes longer than to ask
def _counts_by_studio(codes: tuple[str, ...], at_most: int, scope: Scope) -> CompoundSelect[Any]:
    counts = []
    for code in codes:
        of_it = matter.c.studio == code, matter.c.status.in_(OPEN), STANDS, *in_scope(scope)
        some = select(matter.c.id).where(*of_it).limit(at_most).subquery()
        counts.append(select(literal(code), func.count()).select_from(some))
    return union_all(*counts)


def _urgencies(wanted: QueueFilter, position: QueuePosition | None) -> list[bool]:
    """The urgencies to look at, in the order in which to do so."""
    if position is None:
        order = [True, False]
    elif position.is_backward:
        order = [False, True] if not position.is_urgent else [True]
    else:
        order = [True, False] if position.is_urgent else [False]
    return [each for each in order if wanted.urgent in (None, each)]


def _page(branch: Select[Any], begins_there: bool, is_backward: bool) -> Select[Any]:
    """The first of a branch behind a place; of another urgency all lies behind it."""
    if begins_there:
        at = tuple_(matter.c.due_at, matter.c.id)
        branch = branch.where(at < _PLACE if is_backward else at > _PLACE)
    return branch.order_by(*_order(matter.c, is_backward)).limit(_ROOM)


def _first_of(branches: Sequence[Select[Any]], is_backward: bool) -> Subquery:
    if len(branches) == 1:
        return branches[0].subquery()
    together = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    return select(together).order_by(*_order(together.c, is_backward)).limit(_ROOM).subquery()


def _order(columns: Any, is_backward: bool) -> list[ColumnElement[Any]]:
    by = [columns.due_at, columns.id]
    return [column.desc() for column in by] if is_backward else by
