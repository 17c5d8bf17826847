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
    Row,
    Select,
    Subquery,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from service.domain.access import WHOLE, Scope
from service.storage.queue_filter import (
    OPEN,
    QueueFilter,
    branches_of,
    prepared,
)
from service.storage.rows import plan_by_values
from service.storage.scopes import in_scope
from service.storage.tables import (
    STANDS,
    matter,
)

_FEW_COUNTED = 6_000


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
    found: list[Row[Any]] = []
    for is_urgent in _urgencies(wanted, position):
        branches = [
            _page(branch, is_urgent, position, limit - len(found))
            for branch in branches_of(wanted, is_urgent, now)
        ]
        if not branches:
            break
        page = _first_of(branches, limit - len(found), is_backward)
        query = select(matter).join(page, page.c.id == matter.c.id)
        found += connection.execute(query.order_by(*_order(matter.c, is_backward)))
        if len(found) == limit:
            break
    return found[::-1] if is_backward else found


def count_queue(connection: Connection, wanted: QueueFilter, now: datetime, at_most: int) -> int:
    """How many matters the filter lets through; ``at_most`` where there are as many or more."""
    plan_by_values(connection)
    # Without an order more of what a department helps with is looked up rather than passed by.
    wanted = prepared(connection, wanted, now, few_helped=_FEW_COUNTED)
    branches = [
        select(branch.limit(at_most).subquery())
        for is_urgent in _urgencies(wanted, None)
        for branch in branches_of(wanted, is_urgent, now)
    ]
    if not branches:
        return 0
    first = union_all(*branches).limit(at_most).subquery()
    return int(connection.execute(select(func.count()).select_from(first)).scalar_one())


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


def _page(
    branch: Select[Any], is_urgent: bool, position: QueuePosition | None, limit: int
) -> Select[Any]:
    """The first of a branch behind a position; of another urgency all lies behind it."""
    is_backward = position is not None and position.is_backward
    if position is not None and position.is_urgent == is_urgent:
        place = tuple_(literal(position.due_at, matter.c.due_at.type), literal(position.id))
        at = tuple_(matter.c.due_at, matter.c.id)
        branch = branch.where(at < place if is_backward else at > place)
    return branch.order_by(*_order(matter.c, is_backward)).limit(limit)


def _first_of(branches: Sequence[Select[Any]], limit: int, is_backward: bool) -> Subquery:
    if len(branches) == 1:
        return branches[0].subquery()
    together = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    return select(together).order_by(*_order(together.c, is_backward)).limit(limit).subquery()


def _order(columns: Any, is_backward: bool) -> list[ColumnElement[Any]]:
    by = [columns.due_at, columns.id]
    return [column.desc() for column in by] if is_backward else by
