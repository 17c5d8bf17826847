"""What the queue is filtered by, as conditions on matters."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    union,
)

from service.domain.claim import ClaimState
from service.domain.pair_state import PairState
from service.domain.parting import PartingState
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.storage.tables import STANDS, claim, demand, matter, matter_pair, message, parting

OPEN = tuple(sorted(status.value for status in OPEN_STATUSES))
_HELD = (ClaimState.MINE.value, ClaimState.SOMEONE.value)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show of the queue; an empty text or None asks for all, no status for what is open.

    ``topic`` is a code of the first or second level; ``member`` is among the proposed ones.
    ``due_by`` and ``opened_from`` are included themselves, ``opened_before`` is not. ``claim``
    is a value of ClaimState, for which ``account`` says who looks. ``waits`` asks for what waits
    for a person's word: in review, perhaps the same as another, or perhaps several demands.
    ``channel`` is that of any of its messages, ``words`` stand in the title. ``held`` is for
    ``with_held`` to fill in.
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
    held: tuple[int, ...] | None = None


def branches_of(wanted: QueueFilter, is_urgent: bool, now: datetime) -> list[Select[Any]]:
    """What the filter lets through of one urgency, apart for each status."""
    if wanted.held == ():
        return []
    stands: ColumnElement[bool] = STANDS
    of_status: ColumnElement[str] = matter.c.status
    if wanted.held is not None:
        # SQLite would look for these by an index, and not for the few that are held by their ids.
        stands = func.coalesce(matter.c.merged_into, 0) == 0
        of_status = func.coalesce(matter.c.status, "")
    conditions = [stands, matter.c.is_urgent == is_urgent, *conditions_of(wanted, now)]
    branches = []
    for status in wanted.statuses or OPEN:
        branch = select(matter.c.id, matter.c.due_at).where(of_status == status, *conditions)
        if wanted.waits is not None:
            branches += _waiting(branch, status, wanted.waits)
        else:
            branches.append(branch)
    return branches


def conditions_of(wanted: QueueFilter, now: datetime) -> list[ColumnElement[bool]]:
    """What a filter asks of a matter, but for status, urgency, who holds it and what waits."""
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
    if wanted.held is not None:
        # Written out: there may be more than a statement has room for as parameters.
        ids: BindParameter[Any] = bindparam(
            "held", wanted.held, expanding=True, literal_execute=True
        )
        conditions.append(matter.c.id.in_(ids))
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


def with_held(connection: Connection, wanted: QueueFilter, now: datetime) -> QueueFilter:
    """The filter with the ids of what is held, where it asks for that.

    They are few beside all matters, and are read first: SQLite would read all matters instead.
    """
    if wanted.claim not in _HELD:
        return wanted
    held = select(claim.c.matter_id).where(claim.c.ends_at > now)
    if wanted.claim == ClaimState.MINE.value:
        held = held.where(claim.c.account == wanted.account)
    return replace(wanted, held=tuple(connection.execute(held).scalars()))


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


def is_waiting(waits: bool) -> ColumnElement[bool]:
    """Whether a matter waits for a person's word, of whatever status."""
    ids = select(_for_a_word().c.matter_id)
    does = or_(matter.c.status == MatterStatus.REVIEW.value, matter.c.id.in_(ids))
    return does if waits else ~does


def _waiting(branch: Select[Any], status: str, waits: bool) -> list[Select[Any]]:
    """What waits, or does not, of one status; all in review waits."""
    if status == MatterStatus.REVIEW.value:
        return [branch] if waits else []
    ids = _for_a_word()
    if waits:
        return [branch.join(ids, ids.c.matter_id == matter.c.id)]
    return [branch.where(matter.c.id.not_in(select(ids.c.matter_id)))]
