"""What the queue is filtered by, as conditions on matters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    bindparam,
    func,
    or_,
    select,
    union,
)

from service.domain.access import WHOLE, Scope, ScopeKind
from service.domain.claim import ClaimState
from service.domain.pair_state import PairState
from service.domain.parting import PartingState
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.storage.matters.matter_filter import (
    MatterFilter,
    hidden_text,
    hidden_truth,
    named_conditions,
)
from service.storage.matters.scopes import helped, in_scope, is_only_helped, parts_of_scope
from service.storage.matters.unindexed import MATTER_STANDS
from service.storage.tables import (
    IS_DUE_BEFORE_OPENED,
    IS_SUPERVISED,
    MORE_DAYS_ASKED,
    PROPOSED_MEMBERS,
    STANDS,
    claim,
    demand,
    matter,
    matter_pair,
    message,
    parting,
    route_proposal,
)

# So few matters are read and sorted rather than passed by in the queue's order.
_FEW = 3_000
OPEN = tuple(sorted(status.value for status in OPEN_STATUSES))
Moment = (
    datetime | BindParameter[datetime]
)  # a parameter where the query is made once for all times
_HELD = (ClaimState.MINE.value, ClaimState.SOMEONE.value)
_SOME_HELD = (0,)


@dataclass(frozen=True, slots=True)
class QueueFilter(MatterFilter):
    """What to show of the queue; an empty text or None asks for all, no status for what is open.

    ``place`` is the matter's own, ``member`` is among the proposed ones. ``due_by`` and
    ``opened_from`` are included themselves, ``opened_before`` is not. ``claim`` is a value of
    ClaimState, for which ``account`` says who looks; ``scope`` is that account's. ``waits`` asks
    for what waits for a person's word: in review, perhaps the same as another, perhaps several
    demands, or proposed to go elsewhere. ``channel`` is that of any of its messages, ``words``
    stand in the title. ``supervised`` asks for what is supervised 督办, ``extension`` for what more
    days are asked for and not decided on. ``held``, ``few`` and ``helps_few`` are for ``prepared``
    to fill in.
    """

    committee: str = ""
    member: str = ""
    channel: str = ""
    statuses: tuple[str, ...] = ()
    overdue: bool | None = None
    waits: bool | None = None
    supervised: bool | None = None
    extension: bool | None = None
    due_by: datetime | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    claim: str = ""
    account: str = ""
    scope: Scope = WHOLE
    words: str = ""
    held: tuple[int, ...] | None = None
    few: bool = False
    helps_few: bool = False


def prepared(
    connection: Connection, wanted: QueueFilter, now: datetime, few_helped: int | None = None
) -> QueueFilter:
    """The filter with what must be known before it can be asked at the least cost.

    The ids of what is held, where it asks for that: they are few beside all matters. Whether few
    matters were opened in the time that it asks for; and whether the departments of the scope help
    with few: with less than ``few_helped``.
    """
    if wanted.claim in _HELD:
        held = select(claim.c.matter_id).where(claim.c.ends_at > now)
        if wanted.claim == ClaimState.MINE.value:
            held = held.where(claim.c.account == wanted.account)
        return replace(wanted, held=tuple(connection.execute(held).scalars()))
    opened, scope = _opened(wanted), wanted.scope
    if opened:
        wanted = replace(wanted, few=_are_few(connection, select(matter.c.id).where(*opened)))
    if scope.kind is ScopeKind.DEPARTMENT:
        helps_few = _are_few(connection, helped(scope.codes), few_helped)
        wanted = replace(wanted, helps_few=helps_few)
    return wanted


def known_by(wanted: QueueFilter) -> QueueFilter:
    """By what the statement of a prepared filter is known again, whoever asks or holds what."""
    held = _SOME_HELD if wanted.held else wanted.held
    return replace(wanted, held=held, account="")


def is_usual(wanted: QueueFilter) -> bool:
    """Whether a filter asks for nothing of which there is no end: words, places, times."""
    times = wanted.due_by, wanted.opened_from, wanted.opened_before
    return not (wanted.words or wanted.place or any(times))


def _are_few(connection: Connection, query: Select[Any], few: int | None = None) -> bool:
    few = _FEW if few is None else few
    some = query.limit(few).subquery()
    return bool(connection.execute(select(func.count()).select_from(some)).scalar_one() < few)


def branches_of(wanted: QueueFilter, is_urgent: bool, now: Moment) -> list[Select[Any]]:
    """What the filter lets through of one urgency (``id``, ``due_at``), in parts without overlap.

    Each has the queue's order from an index, or is small. Where something is held, its ids are the
    parameter ``held``.
    """
    if wanted.held == ():
        return []
    branch = select(matter.c.id, matter.c.due_at).where(*_plain_conditions(wanted, now))
    statuses = wanted.statuses or OPEN
    if wanted.held is not None or wanted.few:
        in_any = branch.where(*in_scope(wanted.scope, by_index=False))
        return [_gathered(in_any, wanted, is_urgent)]
    in_order = branch.where(STANDS, matter.c.is_urgent == is_urgent)
    if wanted.member:
        # Proposed at one place only; and nobody has so many that sorting them takes long.
        waiting = matter.c.status.in_(statuses), *_waits(wanted)
        of_member = in_order.where(*waiting, *in_scope(wanted.scope, by_index=False))
        return [of_member.where(proposed == wanted.member) for proposed in PROPOSED_MEMBERS]
    helps = [is_only_helped(wanted.scope.codes)] if wanted.helps_few else []
    few = [_gathered(branch.where(condition), wanted, is_urgent) for condition in helps]
    return few + [
        part
        for of_scope in parts_of_scope(wanted.scope, with_helped=not wanted.helps_few)
        for status in statuses
        for of_it in _from_opening(
            in_order.where(*of_scope, matter.c.status == status), wanted.opened_from
        )
        for part in _waiting(of_it, status, wanted.waits)
    ]


def _gathered(branch: Select[Any], wanted: QueueFilter, is_urgent: bool) -> Select[Any]:
    """A branch of few matters: they are read and sorted, whatever index has the order."""
    members = [_is_proposed(wanted.member)] if wanted.member else []
    return branch.where(
        hidden_text(matter, "status").in_(wanted.statuses or OPEN),
        MATTER_STANDS,
        hidden_truth(matter, "is_urgent") == is_urgent,
        *_waits(wanted),
        *members,
    )


def _from_opening(branch: Select[Any], opened_from: datetime | None) -> list[Select[Any]]:
    """What was opened from a time on is due from then on as well, so that one begins to look there.

    But for what is due before it was opened, of which there is little.
    """
    if opened_from is None:
        return [branch]
    is_due_after = matter.c.due_at >= opened_from
    return [branch.where(is_due_after), branch.where(~is_due_after, IS_DUE_BEFORE_OPENED)]


def conditions_of(wanted: QueueFilter, now: Moment) -> list[ColumnElement[bool]]:
    """What a filter asks of a matter, but for status, urgency and who holds it."""
    members = [_is_proposed(wanted.member)] if wanted.member else []
    scope = in_scope(wanted.scope)
    return [*_plain_conditions(wanted, now), *scope, *members, *_waits(wanted)]


def _is_proposed(member: str) -> ColumnElement[bool]:
    return or_(*(proposed == member for proposed in PROPOSED_MEMBERS))


def _waits(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    return [] if wanted.waits is None else [is_waiting(wanted.waits)]


def _plain_conditions(wanted: QueueFilter, now: Moment) -> list[ColumnElement[bool]]:
    conditions = named_conditions(wanted, lambda name: matter.c[name])
    named = ("committee", "place")
    conditions += [matter.c[name] == value for name in named if (value := getattr(wanted, name))]
    if wanted.channel:
        sent = select(demand.c.id).join(message, message.c.id == demand.c.message_id)
        through = message.c.channel == wanted.channel
        conditions.append(sent.where(demand.c.matter_id == matter.c.id, through).exists())
    if wanted.supervised is not None:
        conditions.append(IS_SUPERVISED if wanted.supervised else ~IS_SUPERVISED)
    if wanted.extension is not None:
        conditions.append(MORE_DAYS_ASKED if wanted.extension else ~MORE_DAYS_ASKED)
    if wanted.words:
        conditions.append(matter.c.title.contains(wanted.words, autoescape=True))
    if wanted.held is not None:
        # Written out: there may be more than a statement has room for as parameters.
        ids: BindParameter[Any] = bindparam("held", expanding=True, literal_execute=True)
        conditions.append(matter.c.id.in_(ids))
    if wanted.claim == ClaimState.NOBODY.value:
        ends_at = matter.c.claim_ends_at
        conditions.append(or_(ends_at.is_(None), ends_at <= now))
    return [*conditions, *_due(wanted, now), *_opened(wanted)]


def _due(wanted: QueueFilter, now: Moment) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.overdue is not None:
        conditions.append(matter.c.due_at <= now if wanted.overdue else matter.c.due_at > now)
    if wanted.due_by is not None:
        conditions.append(matter.c.due_at <= wanted.due_by)
    return conditions


def _opened(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.opened_from is not None:
        conditions.append(matter.c.opened_at >= wanted.opened_from)
    if wanted.opened_before is not None:
        conditions.append(matter.c.opened_at < wanted.opened_before)
    return conditions


def _for_a_word() -> Subquery:
    """The ids of matters that are perhaps the same as another, perhaps several demands, or for
    which another route is proposed.

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
    proposed = select(route_proposal.c.matter_id)
    return union(*suggested, offered, proposed).subquery()


def is_waiting(waits: bool) -> ColumnElement[bool]:
    """Whether a matter waits for a person's word, of whatever status."""
    ids = select(_for_a_word().c.matter_id)
    does = or_(matter.c.status == MatterStatus.REVIEW.value, matter.c.id.in_(ids))
    return does if waits else ~does


def _waiting(branch: Select[Any], status: str, waits: bool | None) -> list[Select[Any]]:
    """What waits, or does not, of one status; all in review waits."""
    if waits is None:
        return [branch]
    if status == MatterStatus.REVIEW.value:
        return [branch] if waits else []
    ids = _for_a_word()
    if waits:
        return [branch.join(ids, ids.c.matter_id == matter.c.id)]
    return [branch.where(matter.c.id.not_in(select(ids.c.matter_id)))]
