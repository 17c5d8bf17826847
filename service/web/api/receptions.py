"""``/api/v1/receptions``: sessions at which a studio takes messages in on the spot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.errors import NumberTakenError
from service.intake.messages import ReadOptions
from service.usecases.intake.receptions import (
    MAX_MEMBERS,
    MAX_PLACE_CHARS,
    MAX_RESULT_CHARS,
    SHOWN,
    Reception,
    close_reception,
    list_receptions,
    open_reception,
    receive_at,
)
from service.usecases.matters.access import check_studio_allowed
from service.web.allowed import MayReceive
from service.web.api.documented import problems
from service.web.api.message_models import MessageIn
from service.web.api.messages import (
    Answer,
    IdempotencyKey,
    RequestDigest,
    answer_once,
    numbered,
)
from service.web.api.receipt_models import ReceiptOut, as_receipt
from service.web.dependencies import CurrentContext, RowId
from service.web.links import link_next
from service.web.names import Names

router = APIRouter(tags=["接待"])

ReceptionId = Annotated[int, Path(ge=1, le=2**63 - 1, description="接待的编号（内部）")]


class ReceptionIn(BaseModel):
    """一次接待。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    studio: str = Field(max_length=64, description="委员工作室的编号", examples=["DB-01"])
    held_on: date = Field(description="日期", examples=["2026-03-05"])
    place: str = Field(default="", max_length=MAX_PLACE_CHARS, description="地点")
    members: list[Annotated[str, Field(max_length=64)]] = Field(
        default_factory=list, max_length=MAX_MEMBERS, description="参加的委员的编号"
    )


class OpenedOut(BaseModel):
    """已开始的接待。"""

    id: int = Field(description="接待的编号（内部）")


class ClosingIn(BaseModel):
    """接待的结果。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    result: str = Field(min_length=1, max_length=MAX_RESULT_CHARS, examples=["登记诉求8件"])


class ReceptionOut(BaseModel):
    """一次接待和其间受理的留言数。"""

    id: int
    studio: str
    held_on: date
    place: str
    members: list[str]
    opened_by: str
    closed_at: datetime | None = Field(description="结束的时间，还在进行为 null")
    result: str
    messages: int = Field(description="其间受理的留言条数")
    people: int = Field(description="来访的人数")


class ReceptionsOut(BaseModel):
    """最近的接待，新的在前。"""

    receptions: list[ReceptionOut]


@router.get(
    "/receptions",
    summary="接待",
    response_model=ReceptionsOut,
    responses=problems(401, 422, 503),
)
def get_receptions(
    request: Request,
    response: Response,
    context: CurrentContext,
    account: MayReceive,
    studio: Annotated[str, Query(max_length=64, description="委员工作室的编号，不写为全部")] = "",
    before: RowId = 0,
) -> ReceptionsOut:
    """每页一百次，新的在前；下一页的地址在 Link 响应头中。"""
    found = list_receptions(context, studio, account.scope, before)
    link_next(request, response, [one.id for one in found], SHOWN)
    return ReceptionsOut(receptions=[_as_out(one) for one in found])


@router.post(
    "/receptions",
    summary="开始接待",
    status_code=201,
    response_model=OpenedOut,
    responses=problems(400, 401, 413, 422, 503),
)
def post_reception(wanted: ReceptionIn, context: CurrentContext, account: MayReceive) -> OpenedOut:
    """此后的来访留言当场登记，交给这个工作室。"""
    check_studio_allowed(context, account, wanted.studio)
    members = tuple(wanted.members)
    made = open_reception(
        context, wanted.studio, wanted.held_on, wanted.place, members, account.name
    )
    return OpenedOut(id=made)


@router.post(
    "/receptions/{reception_id}/messages",
    summary="当场登记一条留言",
    status_code=201,
    response_model=ReceiptOut,
    responses={
        200: {"model": ReceiptOut, "description": "此前已经收到"},
        **problems(400, 401, 404, 409, 413, 422, 503),
    },
)
def post_message_at(
    *,
    reception_id: ReceptionId,
    message: MessageIn,
    context: CurrentContext,
    account: MayReceive,
    digest: RequestDigest,
    key: IdempotencyKey = None,
) -> Response:
    """渠道不写时为接待；事项交给接待的工作室，并入已有事项的仍由原工作室办理。"""
    limit = context.settings.max_text_chars
    options = ReadOptions(context.now(), max_text_chars=limit, channel=Channel.VISIT)
    if "channel" not in message.model_fields_set:
        message = message.model_copy(update={"channel": Channel.VISIT.value})
    incoming = numbered(replace(message.as_incoming(options), taken_by=account.name), key)

    def run() -> Answer:
        taken = receive_at(context, reception_id, incoming, account.name)
        if taken.received.is_other:
            raise NumberTakenError(incoming.external_id)
        names = Names(context.triage.taxonomy, context.triage.organisation)
        body = as_receipt(taken.received, names).model_dump(mode="json")
        return 201 if taken.received.is_new else 200, body

    return answer_once(context, key, digest, run, account.name)


@router.post(
    "/receptions/{reception_id}:close",
    summary="结束接待",
    status_code=204,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def post_closing(
    reception_id: ReceptionId, wanted: ClosingIn, context: CurrentContext, account: MayReceive
) -> Response:
    """写明结果；此后不能再登记。"""
    close_reception(context, reception_id, wanted.result)
    return Response(status_code=204)


def _as_out(one: Reception) -> ReceptionOut:
    closed_at = one.closed_at.astimezone(SHANGHAI) if one.closed_at else None
    return ReceptionOut(
        id=one.id,
        studio=one.studio,
        held_on=one.held_on,
        place=one.place,
        members=list(one.members),
        opened_by=one.opened_by,
        closed_at=closed_at,
        result=one.result,
        messages=one.message_count,
        people=one.people_count,
    )
