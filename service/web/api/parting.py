"""``/api/v1/messages/{id}/parts``: a message with several demands, taken as parts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from classifier.spans import Span
from service.domain.deadline import SHANGHAI
from service.triage.parts import MAX_PARTS
from service.usecases.matters.merging import MAX_REASON_CHARS
from service.usecases.matters.parting import FEWEST_PARTS, confirm_parts, decline_parts
from service.usecases.matters.show_parting import (
    PartingView,
    PartView,
    check_parts_visible,
    show_visible_parting,
)
from service.usecases.matters.undo_parting import undo_parts
from service.web.allowed import MayJoin, MayRead
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, MessageId

router = APIRouter(tags=["事项"])

_Place = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
_Reason = Annotated[str, Field(max_length=MAX_REASON_CHARS, examples=["路灯和收费是两件事"])]


class SpanIn(BaseModel):
    """一件在原文中的起止。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: _Place = Field(description="从第几字起（0 起，按字符计）", examples=[0])
    end: _Place = Field(description="到第几字之前", examples=[31])


class PartsIn(BaseModel):
    """分成哪几件。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: list[SpanIn] = Field(
        min_length=FEWEST_PARTS,
        max_length=MAX_PARTS,
        description="按原文先后，互不重叠；不在任何一件中的文字不另办理",
    )
    stays: Annotated[int, Field(ge=0, lt=MAX_PARTS, strict=True)] = Field(
        default=0, description="留在原事项的是其中第几件，从 0 起"
    )
    reason: _Reason = Field(default="", description="理由，记入办理经过")


class ReasonIn(BaseModel):
    """理由。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: _Reason = Field(default="", description="理由，记入办理经过")


class PartMatterOut(BaseModel):
    """一件所属的事项。"""

    id: int
    number: str = Field(examples=["2026-000124"])
    status: str = Field(description="received、review、assigned、closed 之一")
    due_at: datetime = Field(description="办理时限：最后一天的 24 时，北京时间")
    message_id: int = Field(description="这一件作为留言的编号（内部）")


class PartOut(BaseModel):
    """一件，文字已遮盖个人信息。"""

    start: int
    end: int
    text: str
    stays: bool = Field(description="是否留在原事项；待认定时是建议")
    matter: PartMatterOut | None = Field(description="待认定时为 null")


class PartsOut(BaseModel):
    """一条留言的各件：已认定的，或待认定的。"""

    message_id: int = Field(description="整条留言；查的是其中一件时也是它")
    receipt: str = Field(description="各件共用的回执码；看不到原文的账号为空")
    matter_id: int = Field(description="整条留言所在的事项")
    state: str = Field(
        description="offered 待认定，confirmed 已分件，declined 认定是一件事，"
        "undone 已撤回，none 从未提出"
    )
    decided_by: str
    decided_at: datetime | None
    parts: list[PartOut]


@router.get(
    "/messages/{message_id}/parts",
    summary="一条留言分成的各件",
    response_model=PartsOut,
    responses=problems(401, 404, 422, 503),
)
def get_parts(message_id: MessageId, context: CurrentContext, account: MayRead) -> PartsOut:
    """系统提出、待人认定的，或已认定的；都没有时 parts 为空。"""
    return _as_out(show_visible_parting(context, account, message_id))


@router.post(
    "/messages/{message_id}/parts",
    summary="认定分成几件",
    response_model=PartsOut,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def post_parts(
    message_id: MessageId, wanted: PartsIn, context: CurrentContext, account: MayJoin
) -> PartsOut:
    """一件留在原事项，其余各自并入或另立事项；原文和回执不变，办结之前可以撤回。"""
    spans = [Span(part.start, part.end) for part in wanted.parts]
    confirm_parts(
        context,
        message_id,
        spans,
        account.name,
        stays=wanted.stays,
        reason=wanted.reason.strip(),
    )
    return _as_out(show_visible_parting(context, account, message_id))


@router.post(
    "/messages/{message_id}/parts:decline",
    summary="认定是一件事，不分",
    status_code=204,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def post_parts_decline(
    message_id: MessageId, wanted: ReasonIn, context: CurrentContext, account: MayJoin
) -> Response:
    """此后不再提示这一条。"""
    decline_parts(context, message_id, account.name, wanted.reason.strip())
    return Response(status_code=204)


@router.post(
    "/messages/{message_id}/parts:undo",
    summary="撤回分件",
    status_code=204,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def post_undo(
    message_id: MessageId, wanted: ReasonIn, context: CurrentContext, account: MayJoin
) -> Response:
    """各件回到原来的留言，各事项恢复原状；有一件已办结的不能撤回。"""
    check_parts_visible(context, account, message_id)
    undo_parts(context, message_id, account.name, wanted.reason.strip())
    return Response(status_code=204)


def _as_out(view: PartingView) -> PartsOut:
    return PartsOut(
        message_id=view.message.id,
        receipt=view.message.receipt,
        matter_id=view.matter_id,
        state=view.state.value if view.state else "none",
        decided_by=view.decided_by,
        decided_at=view.decided_at.astimezone(SHANGHAI) if view.decided_at else None,
        parts=[_as_part(part) for part in view.parts],
    )


def _as_part(part: PartView) -> PartOut:
    matter = part.matter
    return PartOut(
        start=part.span.start,
        end=part.span.end,
        text=part.text,
        stays=part.stays,
        matter=None
        if matter is None
        else PartMatterOut(
            id=matter.id,
            number=matter.number,
            status=matter.status.value,
            due_at=matter.due_at.astimezone(SHANGHAI),
            message_id=matter.message_id,
        ),
    )
