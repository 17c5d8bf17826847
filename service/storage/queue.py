"""The queue: open matters by urgency, deadline, arrival, in keyset pages both ways.

An index holds each status and urgency in the order of deadline and arrival, so that a page costs
the same wherever it lies: of each the first rows are read, and the first of these are the page.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    Text,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
    update,
)

from service.domain.claim import ClaimState
from service.domain.pair_state import PairState
from service.domain.parting import PartingState
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.storage.tables import (
    IS_FREE,
    STANDS,
    claim,
    demand,
    matter,
    matter_pair,
    message,
    parting,
)

_OPEN = tuple(sorted(status.value for status in OPEN_STATUSES))
_HELD = (ClaimState.MINE.value, ClaimState.SOMEONE.value)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show of the queue; an empty text or None asks for all, no status for what is open.

    ``topic`` is a code of the first or second level; ``member`` is among the proposed ones.
    ``due_by`` and ``opened_from`` are included themselves, ``opened_before`` is not. ``claim``
    is a value of ClaimState, for which ``account`` says who looks. ``waits`` asks for what waits
    for a person's word: in review, perhaps the same as another, or perhaps several demands.
    ``channel`` is that of any of its messages, ``words`` stand in the title.
    """

    studio: str = ""
    department: str = ""
    committee: str = ""
    place: str = ""
    kind: str = ""
    topic: str = ""
    member: str = ""
    channel: str = ""
    statuses: tuple[str, ...] = ()
    urgent: bool | None = None
    overdue: bool | None = None
    waits: bool | None = None
    due_by: datetime | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    claim: str = ""
    account: str = ""
    words: str = ""


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
    is_backward = position is not None and position.is_backward
    found: list[Row[Any]] = []
    for is_urgent in _urgencies(wanted, position):
        branches = [
            _page(branch, is_urgent, position, limit - len(found))
            for branch in _branches(wanted, is_urgent, now)
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
    branches = [
        select(branch.limit(at_most).subquery())
        for is_urgent in _urgencies(wanted, None)
        for branch in _branches(wanted, is_urgent, now)
    ]
    if not branches:
        return 0
    first = union_all(*branches).limit(at_most).subquery()
    return int(connection.execute(select(func.count()).select_from(first)).scalar_one())


def take_next_unclaimed(
    connection: Connection, wanted: QueueFilter, now: datetime, ends_at: datetime
) -> int | None:
    """Let a claim end at a time on the first open matter of a filter that has none: its id.

    What another transaction keeps is passed over. None where nothing is left. A claim that has
    ended must have been deleted before: an index holds the matters that have none.
    """
    first = (
        select(matter.c.id)
        .where(
            matter.c.status.in_(wanted.statuses or _OPEN),
            *IS_FREE,
            *_conditions(wanted, now),
            *(() if wanted.urgent is None else (matter.c.is_urgent == wanted.urgent,)),
        )
        .order_by(matter.c.is_urgent.desc(), matter.c.due_at, matter.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    query = update(matter).where(matter.c.id == first).values(claim_ends_at=ends_at)
    found = connection.execute(query.returning(matter.c.id)).scalar()
    return None if found is None else int(found)


def count_open_by_studio(connection: Connection) -> dict[str, int]:
    """Open matters of each studio ("" for those without one)."""
    rows = connection.execute(
        select(matter.c.studio, func.count())
        .where(matter.c.status.in_(_OPEN), STANDS)
        .group_by(matter.c.studio)
        .order_by(matter.c.studio)
    )
    return {studio: int(count) for studio, count in rows}


def count_some_by_studio(
    connection: Connection, codes: Sequence[str], at_most: int
) -> dict[str, int]:
    """Open matters of each of these studios; ``at_most`` where there are as many or more."""
    counts = []
    for code in codes:
        of_it = matter.c.studio == code, matter.c.status.in_(_OPEN), STANDS
        some = select(matter.c.id).where(*of_it).limit(at_most).subquery()
        counts.append(select(literal(code), func.count()).select_from(some))
    if not counts:
        return {}
    return {code: int(count) for code, count in connection.execute(union_all(*counts))}


def _urgencies(wanted: QueueFilter, position: QueuePosition | None) -> list[bool]:
    """The urgencies to look at, in the order in which to do so."""
    if position is None:
        order = [True, False]
    elif position.is_backward:
        order = [False, True] if not position.is_urgent else [True]
    else:
        order = [True, False] if position.is_urgent else [False]
    return [each for each in order if wanted.urgent in (None, each)]


def _branches(wanted: QueueFilter, is_urgent: bool, now: datetime) -> list[Select[Any]]:
    """What the filter lets through of one urgency, apart for each status."""
    conditions = [STANDS, matter.c.is_urgent == is_urgent, *_conditions(wanted, now)]
    branches = []
    for status in wanted.statuses or _OPEN:
        branch = select(matter.c.id, matter.c.due_at).where(matter.c.status == status, *conditions)
        if wanted.claim in _HELD:
            held = _held(wanted, now)
            branch = branch.join(held, held.c.matter_id == matter.c.id)
        if wanted.waits is not None:
            branches += _waiting(branch, status, wanted.waits)
        else:
            branches.append(branch)
    return branches


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


def _conditions(wanted: QueueFilter, now: datetime) -> list[ColumnElement[bool]]:
    named = ("studio", "department", "committee", "place", "kind")
    conditions = [matter.c[n] == value for n in named if (value := getattr(wanted, n))]
    if wanted.topic:
        conditions.append(_is_about(wanted.topic))
    if wanted.member:
        # As it stands in the column: a list of texts in JSON.
        written = json.dumps(wanted.member)
        conditions.append(cast(matter.c.members, Text).contains(written, autoescape=True))
    if wanted.channel:
        sent = select(demand.c.id).join(message, message.c.id == demand.c.message_id)
        through = message.c.channel == wanted.channel
        conditions.append(sent.where(demand.c.matter_id == matter.c.id, through).exists())
    if wanted.words:
        conditions.append(matter.c.title.contains(wanted.words, autoescape=True))
    if wanted.claim == ClaimState.NOBODY.value:
        ends_at = matter.c.claim_ends_at
        conditions.append(or_(ends_at.is_(None), ends_at <= now))
    return [*conditions, *_times(wanted, now)]


def _times(wanted: QueueFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.overdue is not None:
        conditions.append(matter.c.due_at <= now if wanted.overdue else matter.c.due_at > now)
    if wanted.due_by is not None:
        conditions.append(matter.c.due_at <= wanted.due_by)
    if wanted.opened_from is not None:
        conditions.append(matter.c.opened_at >= wanted.opened_from)
    if wanted.opened_before is not None:
        conditions.append(matter.c.opened_at < wanted.opened_before)
    return conditions


def _is_about(topic: str) -> ColumnElement[bool]:
    """A topic of the second level is one value; one of the first is all that begin with it."""
    return matter.c.topic == topic if len(topic) > 2 else matter.c.topic.startswith(topic)


def _held(wanted: QueueFilter, now: datetime) -> Subquery:
    """The ids of matters that are held, by the one who looks or by anybody."""
    held = select(claim.c.matter_id).where(claim.c.ends_at > now)
    if wanted.claim == ClaimState.MINE.value:
        held = held.where(claim.c.account == wanted.account)
    # Grouped, though each stands there once: SQLite reads a group first, and then the matters.
    return held.group_by(claim.c.matter_id).subquery()


def _for_a_word() -> Subquery:
    """The ids of matters that are perhaps the same as another or perhaps several demands.

    They are few beside all matters, and are looked for in their own tables.
    """
    suggested = [
        select(end.label("matter_id")).where(matter_pair.c.state == PairState.SUGGESTED.value)
        for end in (matter_pair.c.low_id, matter_pair.c.high_id)
    ]
    offered = (
        select(demand.c.matter_id)
        .join(parting, parting.c.message_id == demand.c.message_id)
        .where(parting.c.state == PartingState.OFFERED.value)
    )
    return union(*suggested, offered).subquery()


def _waiting(branch: Select[Any], status: str, waits: bool) -> list[Select[Any]]:
    """What waits, or does not, of one status; all in review waits."""
    if status == MatterStatus.REVIEW.value:
        return [branch] if waits else []
    ids = _for_a_word()
    if waits:
        return [branch.join(ids, ids.c.matter_id == matter.c.id)]
    return [branch.where(matter.c.id.not_in(select(ids.c.matter_id)))]
