"""``/api/v1/receipts``: what whoever holds a receipt may see and do, without an account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.deadline import SHANGHAI
from service.domain.reply import Satisfaction
from service.usecases.casework.proofs import Presented
from service.usecases.casework.receipts import (
    MAX_REASON_CHARS,
    MAX_SUPPLEMENT_CHARS,
    MatterUnder,
    look_up,
    rate_answer,
    supplement_message,
)
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, address_of
from service.web.throttle import Throttle

router = APIRouter(tags=["回执"])

_Receipt = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        description="回执码，有没有短横都可以",
        examples=["7M3KQ-2W9X-D0TA"],
    ),
]
_Proof = Annotated[
    str,
    Field(
        max_length=20,
        description="留言时所留手机号的后四位；没有留的，为回执上的六位查询密码",
        examples=["2222"],
    ),
]


def throttled(request: Request) -> None:
    """Let nobody try receipts one after the other.

    Raises
    ------
    TooManyRequestsError
        This address has asked too often.
    """
    throttle: Throttle = request.app.state.receipt_throttle
    throttle.check(address_of(request))


Throttled = Depends(throttled)


class ReceiptIn(BaseModel):
    """回执码和凭据。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    receipt: _Receipt
    proof: _Proof = ""

    def as_presented(self, request: Request) -> Presented:
        """What is shown, and from where."""
        return Presented(self.receipt, self.proof, address_of(request))


class RatingIn(ReceiptIn):
    """对一份答复的评价。"""

    reply: int = Field(ge=1, le=2**63 - 1, strict=True, description="答复的编号")
    satisfaction: Satisfaction = Field(
        description="、".join(f"{one.value} {one.label_zh}" for one in Satisfaction)
    )
    reason: str = Field(default="", max_length=MAX_REASON_CHARS, description="不满意的须说明")


class RatedOut(BaseModel):
    """评价之后。"""

    is_reopened: bool = Field(description="不满意的第一次重新办理")


class SupplementIn(ReceiptIn):
    """补充的情况。"""

    matter: str = Field(max_length=24, description="事项编号", examples=["2026-000123"])
    text: str = Field(min_length=1, max_length=MAX_SUPPLEMENT_CHARS, description="补充的情况")


class AnswerOut(BaseModel):
    """一份答复。"""

    id: int
    text: str
    department: str
    sent_at: datetime
    satisfaction: str = Field(description="您的评价，还没有评价为空")


class MatterUnderOut(BaseModel):
    """回执下的一件事项；没有关于其他来信人的任何内容。"""

    number: str = Field(examples=["2026-000123"])
    stage: str = Field(description="办到哪一步", examples=["已交办，正在办理"])
    is_ended: bool
    text: str = Field(description="分件办理的，这一件的文字；整件办理的为空")
    department: str
    due_at: datetime
    asked: str = Field(description="请您补充什么；不需要补充为空")
    way: str = Field(description="不予受理的，告知可以去的地方")
    answers: list[AnswerOut]


class UnderReceiptOut(BaseModel):
    """回执下的内容。"""

    receipt: str
    title: str
    sent_at: datetime
    matters: list[MatterUnderOut]
    is_erased: bool = Field(description="来信已依法删除，只剩办理情况")
    attachments: int = Field(description="已收到的附件数")


@router.post(
    "/receipts:look-up",
    summary="凭回执码查询",
    response_model=UnderReceiptOut,
    responses=problems(400, 404, 413, 422, 429, 503),
    dependencies=[Throttled],
)
def post_look_up(request: Request, wanted: ReceiptIn, context: CurrentContext) -> UnderReceiptOut:
    """办到哪一步、答复和评价；不需要登录。回执码不存在和凭据不对，答复相同。"""
    found = look_up(context, wanted.as_presented(request))
    return UnderReceiptOut(
        receipt=found.receipt,
        title=found.title,
        sent_at=found.sent_at.astimezone(SHANGHAI),
        matters=[_matter(one) for one in found.matters],
        is_erased=found.is_erased,
        attachments=found.attachment_count,
    )


@router.post(
    "/receipts:rate",
    summary="评价答复",
    response_model=RatedOut,
    responses=problems(400, 404, 409, 413, 422, 429, 503),
    dependencies=[Throttled],
)
def post_rating(request: Request, wanted: RatingIn, context: CurrentContext) -> RatedOut:
    """每份答复评价一次；不满意的说明理由，第一次会重新办理。"""
    is_reopened = rate_answer(
        context, wanted.as_presented(request), wanted.reply, wanted.satisfaction, wanted.reason
    )
    return RatedOut(is_reopened=is_reopened)


@router.post(
    "/receipts:supplement",
    summary="补充情况",
    status_code=204,
    responses=problems(400, 404, 409, 413, 422, 429, 503),
    dependencies=[Throttled],
)
def post_supplement(request: Request, wanted: SupplementIn, context: CurrentContext) -> Response:
    """应要求补充；补充之后继续办理，时限接着计算。"""
    supplement_message(context, wanted.as_presented(request), wanted.matter, wanted.text)
    return Response(status_code=204)


def _matter(one: MatterUnder) -> MatterUnderOut:
    return MatterUnderOut(
        number=one.number,
        stage=one.stage_zh,
        is_ended=one.is_ended,
        text=one.text,
        department=one.department,
        due_at=one.due_at.astimezone(SHANGHAI),
        asked=one.asked,
        way=one.way,
        answers=[
            AnswerOut(
                id=answer.reply_id,
                text=answer.text,
                department=answer.department,
                sent_at=answer.sent_at.astimezone(SHANGHAI),
                satisfaction=answer.satisfaction.value if answer.satisfaction else "",
            )
            for answer in one.answers
        ],
    )
