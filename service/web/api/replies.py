"""Answers: ``/api/v1/matters/{id}/replies`` and ``/api/v1/replies/{id}``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.deadline import SHANGHAI
from service.domain.reply import ReplyState
from service.usecases.casework.answering import (
    MAX_REPLY_CHARS,
    ReplyView,
    check_reply,
    check_text,
    draft_reply,
    list_replies,
    send_reply,
)
from service.usecases.casework.reply_templates import (
    MAX_NAME_CHARS,
    drop_template,
    keep_template,
    list_templates,
)
from service.usecases.matters.matter_file import show_matter
from service.web.allowed import MayCheck, MayDraft, MayRead, MayRule, MaySign
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, MatterId
from service.web.matter_tags import MatterContext

router = APIRouter(tags=["答复"])

TemplateName = Annotated[str, Path(min_length=1, max_length=MAX_NAME_CHARS, description="名称")]
ReplyId = Annotated[int, Path(ge=1, le=2**63 - 1, description="答复的编号（内部）")]


class ReplyIn(BaseModel):
    """答复的正文；{来信人}、{事项编号}、{标题}、{承办单位}、{收到日期}、{今天} 各填各的。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(
        min_length=1, max_length=MAX_REPLY_CHARS, examples=["{来信人}：路灯已于本月8日修好。"]
    )


class TemplatesOut(BaseModel):
    """范本的名称。"""

    names: list[str]


class DraftedOut(BaseModel):
    """已保存的草稿。"""

    id: int = Field(description="答复的编号（内部）")


class ReplyOut(BaseModel):
    """一份答复，个人信息已遮盖。"""

    id: int
    state: str = Field(
        description="、".join(f"{state.value} {state.label_zh}" for state in ReplyState)
    )
    text: str
    department: str
    drafted_by: str
    drafted_at: datetime
    checked_by: str
    checked_at: datetime | None
    sent_by: str
    sent_at: datetime | None
    ratings: dict[str, int] = Field(description="各种评价的人数：satisfied、fair、dissatisfied")


class RepliesOut(BaseModel):
    """事项的各份答复，作废的草稿不列。"""

    replies: list[ReplyOut]


class AnsweredOut(BaseModel):
    """来信问的一件，和答复中回答它的一句；空的是没有回答。"""

    ask: str
    sentence: str


class CheckOut(BaseModel):
    """核对的结果，供核稿的人参考。"""

    asks: list[AnsweredOut]
    unanswered: int = Field(description="没有找到回答的件数")
    has_personal_data: bool = Field(description="正文中似乎有个人信息，每一位来信人都会看到")


@router.get(
    "/matters/{matter_id}/replies",
    summary="事项的答复",
    response_model=RepliesOut,
    responses=problems(401, 404, 422, 503),
)
def get_replies(matter_id: MatterId, context: CurrentContext, account: MayRead) -> RepliesOut:
    """已并入别的事项的，答的是所并入的事项。"""
    whole = show_matter(context, matter_id).matter.id
    return RepliesOut(replies=[_as_out(one) for one in list_replies(context, whole)])


@router.post(
    "/matters/{matter_id}/replies",
    summary="起草答复",
    status_code=201,
    response_model=DraftedOut,
    responses=problems(400, 401, 404, 409, 412, 413, 422, 428, 503),
)
def post_reply(
    matter_id: MatterId, draft: ReplyIn, context: MatterContext, account: MayDraft
) -> DraftedOut:
    """此前没有签发的草稿作废，仍保留在案。"""
    return DraftedOut(id=draft_reply(context, matter_id, draft.text, account.name))


@router.post(
    "/matters/{matter_id}/replies:check",
    summary="核对答复",
    response_model=CheckOut,
    responses=problems(400, 401, 404, 413, 422, 503),
)
def post_check(
    matter_id: MatterId, draft: ReplyIn, context: CurrentContext, account: MayDraft
) -> CheckOut:
    """来信问了几件，答复的哪一句回答了哪一件；不保存。"""
    whole = show_matter(context, matter_id).matter.id
    found = check_text(context, whole, draft.text)
    return CheckOut(
        asks=[AnsweredOut(ask=one.ask, sentence=one.sentence) for one in found.asks],
        unanswered=sum(not one.sentence for one in found.asks),
        has_personal_data=found.has_personal_data,
    )


@router.post(
    "/replies/{reply_id}:approve",
    summary="核稿",
    status_code=204,
    responses=problems(401, 404, 409, 422, 503),
)
def post_approval(reply_id: ReplyId, context: CurrentContext, account: MayCheck) -> Response:
    """记下谁核过这份草稿。"""
    check_reply(context, reply_id, account.name)
    return Response(status_code=204)


@router.post(
    "/replies/{reply_id}:send",
    summary="签发",
    status_code=204,
    responses=problems(401, 404, 409, 422, 503),
)
def post_sending(reply_id: ReplyId, context: CurrentContext, account: MaySign) -> Response:
    """事项中的每一位来信人凭自己的回执码看到这份答复。"""
    send_reply(context, reply_id, account.name)
    return Response(status_code=204)


@router.get(
    "/reply-templates",
    summary="答复的范本",
    response_model=TemplatesOut,
    responses=problems(401, 503),
)
def get_templates(context: CurrentContext, account: MayRead) -> TemplatesOut:
    """范本的名称。"""
    return TemplatesOut(names=list_templates(context))


@router.put(
    "/reply-templates/{name}",
    summary="保存范本",
    status_code=204,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def put_template(
    name: TemplateName, template: ReplyIn, context: CurrentContext, account: MayRule
) -> Response:
    """同名的范本被代替。"""
    keep_template(context, name, template.text, account.name)
    return Response(status_code=204)


@router.delete(
    "/reply-templates/{name}",
    summary="删除范本",
    status_code=204,
    responses=problems(401, 403, 404, 422, 503),
)
def delete_template(name: TemplateName, context: CurrentContext, account: MayRule) -> Response:
    """已经起草的答复不变。"""
    drop_template(context, name)
    return Response(status_code=204)


def _as_out(one: ReplyView) -> ReplyOut:
    def shown(at: datetime | None) -> datetime | None:
        return at.astimezone(SHANGHAI) if at is not None else None

    return ReplyOut(
        id=one.id,
        state=one.state.value,
        text=one.masked_text,
        department=one.department,
        drafted_by=one.drafted_by,
        drafted_at=one.drafted_at.astimezone(SHANGHAI),
        checked_by=one.checked_by,
        checked_at=shown(one.checked_at),
        sent_by=one.sent_by,
        sent_at=shown(one.sent_at),
        ratings={kind.value: count for kind, count in one.ratings},
    )
