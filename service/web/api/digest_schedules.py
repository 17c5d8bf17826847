"""``/api/v1/digest-schedules``: which digests are made by themselves."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from service.digest.periods import PeriodKind
from service.digest.schedule import Timing
from service.domain.digest_scope import DigestScopeKind
from service.usecases.digests.digest_schedules import (
    MAX_RECIPIENTS,
    Schedule,
    add_schedule,
    list_schedules,
    remove_schedule,
)
from service.web.allowed import MayAdminister
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext
from service.web.scope_query import AskedScope

router = APIRouter(tags=["民情汇总"])

ScheduleId = Annotated[int, Path(ge=1, le=2**63 - 1, description="定时汇总的编号")]


class ScheduleIn(BaseModel):
    """何时生成汇总、寄给谁。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: PeriodKind = Field(
        default=PeriodKind.WEEK, description="day、week、month、quarter 或 year", examples=["week"]
    )
    on_day: int = Field(default=1, ge=1, le=28, description="周期结束后的第几天；周报 1 为周一")
    at: time = Field(default=time(7, 30), description="北京时间", examples=["07:30"])
    recipients: list[Annotated[str, Field(max_length=254)]] = Field(
        default_factory=list,
        max_length=MAX_RECIPIENTS,
        description="邮箱",
        examples=[["zhengxie@example.gov.cn"]],
    )
    forms: list[str] = Field(
        default=["docx"],
        min_length=1,
        max_length=4,
        description="邮件所附的形式",
        examples=[["docx"]],
    )


class ScheduleOut(BaseModel):
    """一项定时汇总。"""

    id: int
    period: PeriodKind
    on_day: int
    at: str
    scope_kind: DigestScopeKind
    scope_key: str
    scope_name: str
    recipients: list[str]
    forms: list[str]
    made_by: str


class ScheduleIdOut(BaseModel):
    """定时汇总的编号。"""

    id: int


@router.get("/digest-schedules", summary="定时汇总", responses=problems(401, 503))
def get_schedules(context: CurrentContext, account: MayAdminister) -> list[ScheduleOut]:
    """按编号。"""
    return [
        ScheduleOut(
            id=each.id,
            period=each.timing.kind,
            on_day=each.timing.on_day,
            at=each.timing.at_zh,
            scope_kind=each.scope.kind,
            scope_key=each.scope.key,
            scope_name=each.scope.name,
            recipients=list(each.recipients),
            forms=list(each.forms),
            made_by=each.made_by,
        )
        for each in list_schedules(context)
    ]


@router.post(
    "/digest-schedules",
    status_code=201,
    summary="添加定时汇总",
    responses=problems(400, 401, 404, 413, 422, 503),
)
def post_schedule(
    wanted: ScheduleIn, scope: AskedScope, context: CurrentContext, account: MayAdminister
) -> ScheduleIdOut:
    """从此按时生成并留存；停机期间错过的，开机后补上（每项至多五期）。"""
    timing = Timing(wanted.period, wanted.on_day, wanted.at.hour * 60 + wanted.at.minute)
    recipients, forms = tuple(wanted.recipients), tuple(wanted.forms)
    schedule = Schedule(timing, scope, recipients, forms)
    return ScheduleIdOut(id=add_schedule(context, schedule, account.name))


@router.delete(
    "/digest-schedules/{schedule_id}",
    status_code=204,
    summary="删除定时汇总",
    responses=problems(401, 404, 422, 503),
)
def delete_schedule(
    schedule_id: ScheduleId, context: CurrentContext, account: MayAdminister
) -> Response:
    """已经生成的不变。"""
    remove_schedule(context, schedule_id)
    return Response(status_code=204)
