"""The path of a matter: one table of the moves that a person may make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.domain.labels import Labelled
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import IllegalMoveError

_S = MatterStatus


class Move(Labelled):
    """What a person does with a matter. The value is also the kind of its event."""

    REVIEW = "sent_to_review", "送复核"
    DISPATCH = "dispatched", "交办"
    SIGN = "signed", "签收"
    START = "started", "开始办理"
    TRANSFER = "transferred", "转办"
    RETURN = "returned", "退单"
    UPHOLD = "return_refused", "退单不成立"
    ASK = "supplement_asked", "要求补正"
    SUPPLEMENT = "supplemented", "收到补正"
    ANSWER = "answered", "答复"
    CLOSE = "closed", "办结"
    REFUSE = "refused_to_accept", "不予受理"
    REOPEN = "reopened", "重新办理"
    EXTEND = "extension_asked", "申请延期"
    GRANT = "extension_granted", "同意延期"
    DENY = "extension_denied", "不同意延期"
    URGE = "urged", "督办"
    HAND_UP = "handed_up", "报送上级政协"
    HAND_DOWN = "handed_down", "交下级政协"


class Need(Labelled):
    """What must be told with a move."""

    NOTE = "note", "说明"
    DEPARTMENT = "department", "承办单位"
    RETURN_REASON = "return_reason", "退单理由"
    REFUSAL = "refusal", "不予受理的理由"
    DAYS = "days", "工作日数"
    COMMITTEE = "committee", "政协"


@dataclass(frozen=True, slots=True)
class Step:
    """From where a move may be made, where it leads, and what must be told with it.

    ``targets`` is empty where the matter stays in its state; of several the move's own use case
    chooses. ``is_own`` where only that makes the move, because more belongs to it (an answer
    needs its text).
    """

    sources: frozenset[MatterStatus]
    targets: tuple[MatterStatus, ...]
    needs: frozenset[Need] = frozenset()
    is_own: bool = False

    @property
    def target(self) -> MatterStatus | None:
        """Where the move leads first of all, None where the matter stays in its state."""
        return self.targets[0] if self.targets else None


_WITH_THE_DESK = frozenset({_S.RECEIVED, _S.REVIEW, _S.RETURNED})
_GONE_OUT = frozenset({_S.ASSIGNED, _S.TRANSFERRED, _S.SIGNED, _S.HANDLING})
_IN_HAND = frozenset({_S.SIGNED, _S.HANDLING})
_AT_WORK = _GONE_OUT | {_S.SUPPLEMENT}

PATH: Mapping[Move, Step] = MappingProxyType(
    {
        Move.REVIEW: Step(frozenset({_S.RECEIVED, _S.ASSIGNED}), (_S.REVIEW,)),
        Move.DISPATCH: Step(_WITH_THE_DESK, (_S.ASSIGNED,)),
        Move.SIGN: Step(frozenset({_S.ASSIGNED, _S.TRANSFERRED}), (_S.SIGNED,)),
        Move.START: Step(frozenset({_S.SIGNED}), (_S.HANDLING,)),
        Move.TRANSFER: Step(_IN_HAND, (_S.TRANSFERRED,), frozenset({Need.DEPARTMENT, Need.NOTE})),
        Move.RETURN: Step(_GONE_OUT, (_S.RETURNED,), frozenset({Need.RETURN_REASON, Need.NOTE})),
        Move.UPHOLD: Step(frozenset({_S.RETURNED}), (_S.ASSIGNED,), frozenset({Need.NOTE})),
        Move.ASK: Step(
            _IN_HAND | {_S.RECEIVED, _S.REVIEW}, (_S.SUPPLEMENT,), frozenset({Need.NOTE})
        ),
        Move.SUPPLEMENT: Step(
            frozenset({_S.SUPPLEMENT}), (_S.HANDLING, _S.REVIEW), frozenset({Need.NOTE})
        ),
        Move.ANSWER: Step(_GONE_OUT, (_S.ANSWERED,), is_own=True),
        Move.CLOSE: Step(_AT_WORK | {_S.REVIEW, _S.ANSWERED}, (_S.CLOSED,), frozenset({Need.NOTE})),
        Move.REFUSE: Step(
            _WITH_THE_DESK | {_S.ASSIGNED, _S.SUPPLEMENT}, (_S.REFUSED,), frozenset({Need.REFUSAL})
        ),
        Move.REOPEN: Step(
            ENDED_STATUSES | {_S.ANSWERED}, (_S.ASSIGNED, _S.REVIEW), frozenset({Need.NOTE})
        ),
        Move.EXTEND: Step(_AT_WORK, (), frozenset({Need.DAYS, Need.NOTE})),
        Move.GRANT: Step(_AT_WORK, ()),
        Move.DENY: Step(_AT_WORK, (), frozenset({Need.NOTE})),
        Move.URGE: Step(_AT_WORK | _WITH_THE_DESK, (), frozenset({Need.NOTE})),
        Move.HAND_UP: Step(
            _WITH_THE_DESK | _GONE_OUT, (_S.REVIEW,), frozenset({Need.COMMITTEE, Need.NOTE})
        ),
        Move.HAND_DOWN: Step(
            _WITH_THE_DESK | _GONE_OUT, (_S.REVIEW,), frozenset({Need.COMMITTEE, Need.NOTE})
        ),
    }
)


def moves_from(status: MatterStatus) -> tuple[Move, ...]:
    """The moves that the table has from a state, in the table's order."""
    return tuple(move for move, step in PATH.items() if status in step.sources)


def check_move(current: MatterStatus, move: Move) -> Step:
    """The step that an allowed move makes.

    Raises
    ------
    IllegalMoveError
        The table has no such move from this state.
    """
    step = PATH[move]
    if current not in step.sources:
        raise IllegalMoveError(f"{current.label_zh}的事项不能{move.label_zh}")
    return step


class ReturnReason(Labelled):
    """Why a department or studio says that a matter is not its own."""

    NOT_OURS = "not_ours", "不属于本单位职责"
    OTHER_AREA = "other_area", "不属于本地区"
    OTHER_LEVEL = "other_level", "属于上级或下级的职权"
    UNCLEAR = "unclear", "内容不清，无法办理"
    HANDLED = "handled", "已由别处办理"
    OTHER = "other", "其他理由"


class Refusal(Labelled):
    """Why a matter is not accepted; ``way_zh`` tells the sender where it can lawfully go."""

    LITIGATION = "litigation", "已经或者应当通过诉讼、仲裁、行政复议解决"
    EMERGENCY = "emergency", "正在发生的危险或紧急求助"
    OTHER_LEVEL = "other_level", "属于上级或其他地区的职权"
    CONCLUDED = "concluded", "已经终结，没有新的事实和理由"
    SUPERVISION = "supervision", "检举公职人员违纪违法"
    NO_DEMAND = "no_demand", "没有具体的诉求"

    @property
    def way_zh(self) -> str:
        """What the sender is told to do instead."""
        return _WAYS[self]


_WAYS = {
    Refusal.LITIGATION: "请向有管辖权的法院、仲裁机构或复议机关提出，也可拨打 12348 咨询法律援助。",
    Refusal.EMERGENCY: "请立即拨打 110（报警）、119（火警）或 120（急救）。",
    Refusal.OTHER_LEVEL: "请向有权处理的上级机关或所在地区反映，也可拨打当地 12345 热线。",
    Refusal.CONCLUDED: "如有新的事实和理由，请另行来信说明。",
    Refusal.SUPERVISION: "请向纪检监察机关反映，举报电话 12388。",
    Refusal.NO_DEMAND: "请写明时间、地点和希望怎样解决，重新来信。",
}
