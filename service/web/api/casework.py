"""``/api/v1/matters/{id}/moves`` and what members did about a matter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.access import may_move
from service.domain.consultation import ConsultationKind, LoopStep
from service.domain.deadline import SHANGHAI
from service.domain.labels import Labelled
from service.domain.order import MAX_EXTENSION_DAYS, MAX_HELPING, MAX_NOTE_CHARS, Order
from service.domain.path import Move, Need, Refusal, ReturnReason
from service.usecases.casework.casework import move_matter
from service.usecases.casework.consulting import (
    MAX_WHO_CHARS,
    Consultation,
    record_consultation,
    show_consulted,
    take_step,
)
from service.usecases.casework.handling import show_handling
from service.usecases.matters.access import check_move_allowed
from service.usecases.matters.matter_file import show_matter
from service.web.allowed import MayConsult, MayMove, MayRead
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, MatterId
from service.web.matter_tags import MatterContext

router = APIRouter(tags=["办理"])


def _listed(kind: type[Labelled]) -> str:
    return "、".join(f"{member.value} {member.label_zh}" for member in kind)


class MoveIn(BaseModel):
    """办理的一步；每一步只用到其中几项，见 GET …/moves 的 needs。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    move: Move = Field(description=_listed(Move), examples=["signed"])
    note: str = Field(default="", max_length=MAX_NOTE_CHARS, description="说明，记入办理经过")
    department: str = Field(default="", max_length=100, description="转办给哪个承办单位")
    helping: list[Annotated[str, Field(max_length=100)]] = Field(
        default_factory=list, max_length=MAX_HELPING, description="会办单位"
    )
    return_reason: ReturnReason | None = Field(default=None, description=_listed(ReturnReason))
    refusal: Refusal | None = Field(default=None, description=_listed(Refusal))
    days: int = Field(
        default=0, ge=0, le=MAX_EXTENSION_DAYS, strict=True, description="申请延期的工作日数"
    )
    committee: str = Field(default="", max_length=64, description="报送或交给哪个政协，编号")


class MovedOut(BaseModel):
    """办理之后。"""

    status: str = Field(description="事项现在的状态", examples=["signed"])


class MoveOut(BaseModel):
    """可以办理的一步。"""

    move: str = Field(examples=["signed"])
    name: str = Field(examples=["签收"])
    needs: list[str] = Field(description=f"须填写的各项：{_listed(Need)}")


class MovesOut(BaseModel):
    """事项现在可以办理的各步。"""

    status: str
    moves: list[MoveOut]


class ConsultationIn(BaseModel):
    """一次微协商或微监督。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ConsultationKind = Field(description=_listed(ConsultationKind))
    held_on: date = Field(description="日期", examples=["2026-05-20"])
    who: str = Field(min_length=1, max_length=MAX_WHO_CHARS, description="哪些人参加")
    outcome: str = Field(min_length=1, max_length=MAX_NOTE_CHARS, description="结果")
    is_solved: bool = Field(description="是否解决", strict=True)


class StepIn(BaseModel):
    """五步协商的一步。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: LoopStep = Field(description=_listed(LoopStep))
    note: str = Field(min_length=1, max_length=MAX_NOTE_CHARS, description="说明")


class StepOut(BaseModel):
    """已走的一步。"""

    step: str
    name: str
    at: datetime
    actor: str
    note: str


class ConsultedOut(BaseModel):
    """微协商、微监督和五步协商。"""

    consultations: list[ConsultationIn]
    steps: list[StepOut]
    next_steps: list[str] = Field(description="接着可以走的步")


@router.get(
    "/matters/{matter_id}/moves",
    summary="可以办理的各步",
    response_model=MovesOut,
    responses=problems(401, 404, 422, 503),
)
def get_moves(matter_id: MatterId, context: CurrentContext, account: MayRead) -> MovesOut:
    """这个账号能办理的各步。已并入别的事项的，答的是所并入的事项。"""
    matter = show_matter(context, matter_id).matter
    handling = show_handling(context, matter.id)
    return MovesOut(
        status=handling.status.value,
        moves=[
            MoveOut(move=move.value, name=move.label_zh, needs=sorted(n.value for n in needs))
            for move, needs in handling.moves
            if may_move(account, move, matter.department)
        ],
    )


@router.post(
    "/matters/{matter_id}/moves",
    summary="办理一步",
    response_model=MovedOut,
    responses=problems(400, 401, 404, 409, 412, 413, 422, 428, 503),
)
def post_move(
    matter_id: MatterId, wanted: MoveIn, context: MatterContext, account: MayMove
) -> MovedOut:
    """签收、转办、退单、补正、延期、督办、办结等；记入办理经过。答复另有地址。"""
    check_move_allowed(context, account, matter_id, wanted.move)
    order = Order(
        move=wanted.move,
        note=wanted.note,
        department=wanted.department,
        helping=tuple(wanted.helping),
        return_reason=wanted.return_reason.value if wanted.return_reason else "",
        refusal=wanted.refusal.value if wanted.refusal else "",
        days=wanted.days,
        committee=wanted.committee,
    )
    return MovedOut(status=move_matter(context, matter_id, order, account.name).value)


@router.get(
    "/matters/{matter_id}/consultations",
    summary="微协商、微监督和五步协商",
    response_model=ConsultedOut,
    responses=problems(401, 404, 422, 503),
)
def get_consultations(
    matter_id: MatterId, context: CurrentContext, account: MayRead
) -> ConsultedOut:
    """按先后列出。"""
    found = show_consulted(context, show_matter(context, matter_id).matter.id)
    return ConsultedOut(
        consultations=[
            ConsultationIn(
                kind=one.kind,
                held_on=one.held_on,
                who=one.who,
                outcome=one.outcome,
                is_solved=one.is_solved,
            )
            for one in found.consultations
        ],
        steps=[
            StepOut(
                step=one.step.value,
                name=one.step.label_zh,
                at=one.at.astimezone(SHANGHAI),
                actor=one.actor,
                note=one.note,
            )
            for one in found.steps
        ],
        next_steps=[step.value for step in found.next_steps],
    )


@router.post(
    "/matters/{matter_id}/consultations",
    summary="记录微协商或微监督",
    status_code=204,
    responses=problems(400, 401, 404, 409, 412, 413, 422, 428, 503),
)
def post_consultation(
    matter_id: MatterId, held: ConsultationIn, context: MatterContext, account: MayConsult
) -> Response:
    """谁参加、结果如何、是否解决；记入办理经过。"""
    record_consultation(
        context,
        matter_id,
        Consultation(held.kind, held.held_on, held.who, held.outcome, held.is_solved),
        account.name,
    )
    return Response(status_code=204)


@router.post(
    "/matters/{matter_id}/steps",
    summary="五步协商的一步",
    status_code=204,
    responses=problems(400, 401, 404, 409, 412, 413, 422, 428, 503),
)
def post_step(
    matter_id: MatterId, wanted: StepIn, context: MatterContext, account: MayConsult
) -> Response:
    """党政点题、群众出题、委员荐题在前，然后协商解题、政府答题。"""
    take_step(context, matter_id, wanted.step, wanted.note, account.name)
    return Response(status_code=204)
