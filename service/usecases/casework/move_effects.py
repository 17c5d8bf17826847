"""What each move of a matter changes besides its state, and what its history tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from service.domain.assignment import Assignment
from service.domain.deadline import (
    SHANGHAI,
    IsWorkingDay,
    count_working_days,
    days_allowed,
    deadline,
    extended,
    last_day,
    resumed,
)
from service.domain.order import Order
from service.domain.organisation import Committee, Organisation
from service.domain.path import Move, Refusal, ReturnReason
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import IllegalMoveError, InvalidInputError
from service.storage.database import Connection
from service.storage.matters.history import read_events_of
from service.storage.matters.matters import assignment_columns

RETURN_DAYS = 5  # working days in which a matter may be sent back
RETURNS_UP = 3  # the return that takes a matter up a level
_SENDS_OUT = (Move.DISPATCH, Move.TRANSFER, Move.UPHOLD, Move.REOPEN)
_SENT_OUT = frozenset({"routed", "rerouted", *(move.value for move in _SENDS_OUT)})
_MAY_SEND = ("corrected", "reassigned")  # they send it out where they change whose it is
SENT_ANEW: Mapping[str, object] = MappingProxyType({"sent": True})  # what these tell then
_FROM = "from"  # the state in which a matter was ended, as its history tells it
_DESK = (MatterStatus.RECEIVED.value, MatterStatus.REVIEW.value)


@dataclass(frozen=True, slots=True)
class Case:
    """A matter in hand (its row, kept for this transaction) and what is wanted of it."""

    connection: Connection
    organisation: Organisation
    is_working_day: IsWorkingDay
    row: Any
    order: Order
    now: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """Columns that a move sets, and lines and facts for the history.

    ``target`` is where it leads where the table leaves a choice.
    """

    columns: Mapping[str, object] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    target: MatterStatus | None = None


def effect_of(case: Case) -> Effect:
    """What the ordered move does to the matter.

    Raises
    ------
    IllegalMoveError
        It is too late for it, or what it decides on is not there.
    InvalidInputError
        A department or committee is not one that it could go to.
    """
    return _EFFECTS.get(case.order.move, _nothing_else)(case)


def _nothing_else(_: Case) -> Effect:
    return Effect()


def _dispatch(case: Case) -> Effect:
    if not (case.row.studio or case.row.department):
        raise InvalidInputError("请先指定委员工作室或承办单位")
    return _helped(case, ())


def _transfer(case: Case) -> Effect:
    before, after = case.row.department, case.order.department
    if after == before:
        raise InvalidInputError(f"现在就由{after}承办")
    _check_departments(case, after)
    told = f"承办单位：{before or '未定'} → {after}"
    helped = _helped(case, (told,))
    return Effect({**helped.columns, "department": after}, helped.told)


def _helped(case: Case, told: tuple[str, ...]) -> Effect:
    """Departments that help, where the order names some."""
    helping = list(dict.fromkeys(case.order.helping))
    if not helping:
        return Effect(told=told)
    _check_departments(case, *helping)
    lead = case.order.department or case.row.department
    if lead in helping:
        raise InvalidInputError(f"{lead}已经是主办单位")
    return Effect({"helping": helping}, (*told, f"会办：{'、'.join(helping)}"))


def _check_departments(case: Case, *names: str) -> None:
    known = {department.name for department in case.organisation.departments}
    for name in names:
        if name not in known:
            raise InvalidInputError("承办单位不在名录中")


def _return(case: Case) -> Effect:
    days = count_working_days(_day(_sent_at(case)), _day(case.now), case.is_working_day)
    if days > RETURN_DAYS:
        raise IllegalMoveError(f"退单须在交办后 {RETURN_DAYS} 个工作日内提出")
    reason = ReturnReason(case.order.return_reason)
    count = case.row.return_count + 1
    columns: dict[str, object] = {"return_count": count}
    told = [f"理由：{reason.label_zh}", f"第 {count} 次退单"]
    if count >= RETURNS_UP:
        columns |= {"is_supervised": True, **_up(case, told)}
    facts = {"reason": reason.value, "department": case.row.department, "studio": case.row.studio}
    return Effect(columns, tuple(told), facts)


def _sent_at(case: Case) -> datetime:
    """When the matter was last given to those who have it."""
    for entry in read_events_of(case.connection, case.row.id, (*sorted(_SENT_OUT), *_MAY_SEND)):
        if entry.kind in _SENT_OUT or SENT_ANEW.items() <= entry.details.items():
            at: datetime = entry.at
            return at
    opened_at: datetime = case.row.opened_at
    return opened_at


def _up(case: Case, told: list[str]) -> dict[str, object]:
    """A matter that nobody wants goes to the committee above, where there is one."""
    committees = case.organisation.committee_by_code
    own = committees.get(case.row.committee)
    above = committees.get(own.parent) if own else None
    told.append(f"提级督办：{above.name}" if above else "督办")
    return {"committee": above.code} if above else {}


def _ask(case: Case) -> Effect:
    return Effect({"paused_at": case.now, "paused_in": case.row.status}, ("办理时限暂停",))


def _supplement(case: Case) -> Effect:
    due_at = resumed(case.row.due_at, case.row.paused_at, case.now, case.is_working_day)
    was_at_desk = case.row.paused_in in _DESK
    return Effect(
        {"paused_at": None, "paused_in": "", "due_at": due_at},
        _moved_deadline(case, due_at),
        target=MatterStatus.REVIEW if was_at_desk else MatterStatus.HANDLING,
    )


def _close(case: Case) -> Effect:
    return Effect(facts={_FROM: case.row.status})


def _refuse(case: Case) -> Effect:
    refusal = Refusal(case.order.refusal)
    return Effect(
        told=(f"理由：{refusal.label_zh}", f"告知：{refusal.way_zh}"),
        facts={"refusal": refusal.value, _FROM: case.row.status},
    )


def _reopen(case: Case) -> Effect:
    row = case.row
    due_at = deadline(case.now, days_allowed(row.kind, row.is_urgent), case.is_working_day)
    has_handler = bool(row.studio or row.department) and not _ended_at_the_desk(case)
    return Effect(
        {"due_at": due_at, "reopen_count": row.reopen_count + 1},
        _moved_deadline(case, due_at),
        target=MatterStatus.ASSIGNED if has_handler else MatterStatus.REVIEW,
    )


def _ended_at_the_desk(case: Case) -> bool:
    """Whether the desk ended the matter while it lay there: who has it is only proposed."""
    if MatterStatus(case.row.status) not in ENDED_STATUSES:
        return False
    ended = read_events_of(case.connection, case.row.id, (Move.CLOSE.value, Move.REFUSE.value))
    return bool(ended) and ended[0].details.get(_FROM) in (*_DESK, MatterStatus.RETURNED.value)


def _extend(case: Case) -> Effect:
    if case.row.extension_days is not None:
        raise IllegalMoveError("已有一项延期申请等待决定")
    days = case.order.days
    return Effect({"extension_days": days}, (f"申请延期 {days} 个工作日",), {"days": days})


def _grant(case: Case) -> Effect:
    days = _asked_days(case)
    due_at = extended(case.row.due_at, days, case.is_working_day)
    return Effect(
        {"due_at": due_at, "extension_days": None}, _moved_deadline(case, due_at), {"days": days}
    )


def _deny(case: Case) -> Effect:
    return Effect({"extension_days": None}, facts={"days": _asked_days(case)})


def _asked_days(case: Case) -> int:
    if case.row.extension_days is None:
        raise IllegalMoveError("没有等待决定的延期申请")
    return int(case.row.extension_days)


def _urge(_: Case) -> Effect:
    return Effect({"is_supervised": True})


def _hand_up(case: Case) -> Effect:
    return _hand_over(case, case.organisation.above(case.row.committee))


def _hand_down(case: Case) -> Effect:
    return _hand_over(case, case.organisation.below(case.row.committee))


def _hand_over(case: Case, allowed: Iterable[Committee]) -> Effect:
    committees = case.organisation.committee_by_code
    before, after = committees.get(case.row.committee), committees.get(case.order.committee)
    if after is None:
        raise InvalidInputError("政协不在名录中")
    if after not in allowed:
        raise InvalidInputError(f"{after.name}不在相应的层级上")
    told = f"政协：{before.name if before else '未定'} → {after.name}"
    nobody = Assignment("", (), case.row.department, (told,))
    return Effect({"committee": after.code, **assignment_columns(nobody)}, (told,))


def _moved_deadline(case: Case, due_at: datetime) -> tuple[str, ...]:
    before, after = last_day(case.row.due_at), last_day(due_at)
    return () if before == after else (f"时限：{before:%Y-%m-%d} → {after:%Y-%m-%d}",)


def _day(at: datetime) -> Any:
    return at.astimezone(SHANGHAI).date()


_EFFECTS: Mapping[Move, Callable[[Case], Effect]] = MappingProxyType(
    {
        Move.DISPATCH: _dispatch,
        Move.TRANSFER: _transfer,
        Move.RETURN: _return,
        Move.ASK: _ask,
        Move.SUPPLEMENT: _supplement,
        Move.CLOSE: _close,
        Move.REFUSE: _refuse,
        Move.REOPEN: _reopen,
        Move.EXTEND: _extend,
        Move.GRANT: _grant,
        Move.DENY: _deny,
        Move.URGE: _urge,
        Move.HAND_UP: _hand_up,
        Move.HAND_DOWN: _hand_down,
    }
)
