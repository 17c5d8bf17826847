"""What is already open on a draft: for anyone, and with more for those who are logged in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from service.usecases.context import Context
from service.usecases.intake.already_open import (
    LEAST_LETTERS,
    SHOWN,
    AlreadyOpen,
    PublicMatter,
    find_already_open,
    find_for_anyone,
)
from service.web.allowed import MayRead
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, address_of
from service.web.names import Names, show_day
from service.web.throttle import Throttle

router = APIRouter(tags=["受理"])


class DraftIn(BaseModel):
    """还没有提交的留言。只用来查找，不保存、不记录。"""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    title: str = Field(default="", description="主题，可以留空", examples=["东巷路灯全黑"])
    text: str = Field(
        default="",
        description=f"详情；连同主题不足 {LEAST_LETTERS} 字的，不作查找",
        examples=["三合村东巷的路灯从腊月起全黑，"],
    )


class PublicMatterOut(BaseModel):
    """可能说的是同一件事的事项，不含任何个人信息，也不含编号。"""

    title: str = Field(description="遮盖后的标题；可能涉及个人的，只写主题分类")
    place: str = Field(description="地点，没有的为空")
    stage: str = Field(description="进展", examples=["已交办，正在办理"])
    since: str = Field(description="始于哪个月", examples=["2026-03"])
    people: str = Field(description="反映人数，只说大概", examples=["少于 3 人", "10 人以上"])


class PublicMattersOut(BaseModel):
    """查找结果，最像的在前。"""

    matters: list[PublicMatterOut] = Field(description=f"最多 {SHOWN} 个")


class OpenMatterOut(BaseModel):
    """可能说的是同一件事的事项。"""

    id: int
    number: str = Field(description="事项编号", examples=["2026-000123"])
    title: str = Field(description="标题，个人信息已遮盖")
    place: str = Field(description="地点，没有的为空")
    stage: str = Field(description="进展", examples=["已交办，正在办理"])
    since: str = Field(description="始于哪一天", examples=["2026-03-03"])
    people: str = Field(description="反映人数", examples=["12 人"])
    same_p: float = Field(description="是同一件事的概率，0–1")


class OpenMattersOut(BaseModel):
    """查找结果，最像的在前。"""

    matters: list[OpenMatterOut] = Field(description=f"最多 {SHOWN} 个")


def _throttled(request: Request) -> None:
    throttle: Throttle = request.app.state.throttle
    throttle.check(address_of(request))


@router.post(
    "/messages:already-open",
    summary="可能已有人反映",
    response_model=PublicMattersOut,
    responses=problems(400, 413, 422, 429, 503),
)
def post_draft(
    draft: DraftIn, context: CurrentContext, _: Annotated[None, Depends(_throttled)]
) -> PublicMattersOut:
    """正在写的留言可能已有人反映过：列出在办和最近办结的事项。草稿不保存；每个地址限次数。"""
    found = find_for_anyone(context, draft.title, draft.text)
    return PublicMattersOut(matters=[_as_public(one, _names(context)) for one in found])


@router.post(
    "/matters:already-open",
    summary="登记时查找在办的同一事项",
    response_model=OpenMattersOut,
    responses=problems(400, 401, 413, 422, 503),
)
def post_desk_draft(draft: DraftIn, context: CurrentContext, account: MayRead) -> OpenMattersOut:
    """同上，供登录的工作人员用：带编号，不限次数，举报也在其中。草稿不保存。"""
    found = find_already_open(context, draft.title, draft.text, account.scope)
    return OpenMattersOut(matters=[_as_open(one) for one in found])


def _as_public(found: PublicMatter, names: Names) -> PublicMatterOut:
    return PublicMatterOut(
        title=found.title or f"“{names.topic(found.topic)}”方面的一件事",
        place=found.place,
        stage=found.stage_zh,
        since=found.since,
        people=found.people_zh,
    )


def _as_open(found: AlreadyOpen) -> OpenMatterOut:
    matter = found.matter
    return OpenMatterOut(
        id=matter.id,
        number=matter.number,
        title=matter.title,
        place=matter.place,
        stage=found.stage_zh,
        since=show_day(matter.opened_at),
        people=f"{matter.people_count} 人",
        same_p=round(found.probability, 4),
    )


def _names(context: Context) -> Names:
    return Names(context.triage.taxonomy, context.triage.organisation)
