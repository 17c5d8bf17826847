"""``/api/v1/messages/{id}:erase``: a citizen's message is erased by law."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from service.domain.deadline import SHANGHAI
from service.domain.erasure import MAX_ERASURE_REASON_CHARS, ErasureGround
from service.usecases.casework.erasing import ErasureView, erase_message, list_erasures
from service.web.allowed import MayErase
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, MessageId

router = APIRouter(tags=["删除"])

_Reason = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_ERASURE_REASON_CHARS,
        description="谁申请、依据哪份文书；长期保存，不要写被删除的内容",
        examples=["来信人书面申请，登记簿第 12 号"],
    ),
]
_Ground = Annotated[
    ErasureGround,
    Field(description="、".join(f"{one.value} {one.label_zh}" for one in ErasureGround)),
]


class EraseIn(BaseModel):
    """依据和缘由。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ground: _Ground
    reason: _Reason


class ErasedOut(BaseModel):
    """删除了什么。"""

    messages: list[int] = Field(description="删除的留言和它的各件，编号（内部）")
    entries: int = Field(description="遮去内容的经过有几条")
    digests: int = Field(description="因引用而撤下的民情汇总有几份")


class ErasureOut(BaseModel):
    """一次删除。"""

    message: int = Field(description="留言的编号（内部）")
    receipt: str
    at: datetime = Field(description="北京时间")
    by: str
    ground: ErasureGround
    reason: str


class ErasuresOut(BaseModel):
    """新的在前，至多一千条。"""

    erasures: list[ErasureOut]


@router.post(
    "/messages/{message_id}:erase",
    summary="依法删除一条留言",
    response_model=ErasedOut,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def post_erase(
    message_id: MessageId, wanted: EraseIn, context: CurrentContext, account: MayErase
) -> ErasedOut:
    """文字和来信人从各处删去，不能恢复；编号、回执和统计保留。分件的，整条来信一并删除。"""
    erased = erase_message(context, message_id, account.name, wanted.ground, wanted.reason)
    return ErasedOut(
        messages=list(erased.message_ids),
        entries=erased.entry_count,
        digests=erased.digest_count,
    )


@router.get(
    "/erasures",
    summary="依法删除的记录",
    response_model=ErasuresOut,
    responses=problems(401, 503),
)
def get_erasures(context: CurrentContext, account: MayErase) -> ErasuresOut:
    """谁、何时、依据什么删除了哪一条。"""
    return ErasuresOut(erasures=[_as_out(one) for one in list_erasures(context)])


def _as_out(one: ErasureView) -> ErasureOut:
    return ErasureOut(
        message=one.message_id,
        receipt=one.receipt,
        at=one.at.astimezone(SHANGHAI),
        by=one.actor,
        ground=one.ground,
        reason=one.reason,
    )
