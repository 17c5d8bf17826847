"""``/api/v1/thresholds``: the precision wanted for going out without a look, and its cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from service.domain.review_policy import ReviewPolicy
from service.usecases.administration.thresholds import Cost, Measured, save_policy, show_thresholds
from service.usecases.context import Context
from service.web.allowed import MayRule
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["复核要求"])

_USUAL = (0.9, 0.95, 0.98)
Precisions = Annotated[
    Sequence[Annotated[float, Field(allow_inf_nan=False)]],
    Query(max_length=20, description="要看的准确率，0.5–0.999，可重复"),
]


class PolicyModel(BaseModel):
    """各项判断不经复核交办所要求的准确率；null 为不要求，全部为 null 则沿用模型随附的界限。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic_l1: float | None = Field(default=None, strict=True, allow_inf_nan=False)
    department: float | None = Field(
        default=None, strict=True, allow_inf_nan=False, examples=[0.98]
    )
    kind: float | None = Field(default=None, strict=True, allow_inf_nan=False)


class HereOut(BaseModel):
    """按本县人工决定过的留言计算。"""

    count: int = Field(description="留言数")
    passed: int = Field(description="其中不经复核即可交办的")
    wrong: int = Field(description="其中判错的")


class CostOut(BaseModel):
    """一项判断在一个准确率下的代价。"""

    question: str = Field(description="topic_l1、department、kind 之一")
    precision: float
    share: float | None = Field(description="模型未学过的留言中通过的比例；null 为达不到或未知")
    error: float | None = Field(description="通过的当中判错的比例")
    here: HereOut | None = Field(description="本县的更正不足 200 件时为 null")


class ThresholdsOut(BaseModel):
    """复核要求及其代价。"""

    policy: PolicyModel
    is_told: bool = Field(description="模型文件是否带有把握与准确率的对照")
    costs: list[CostOut]
    correction_count: int = Field(description="本县人工决定过的留言数")
    passing: float | None = Field(description="最近的留言中各项要求都满足的比例")
    looked_at: int = Field(description="上一项看了多少件")


@router.get(
    "/thresholds",
    summary="复核要求",
    response_model=ThresholdsOut,
    responses=problems(401, 403, 422, 503),
)
def get_thresholds(
    context: CurrentContext, account: MayRule, precision: Precisions = _USUAL
) -> ThresholdsOut:
    """现行的复核要求，以及各准确率下通过的比例和误差。"""
    return _out(context, precision)


@router.put(
    "/thresholds",
    summary="更改复核要求",
    response_model=ThresholdsOut,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def put_thresholds(wanted: PolicyModel, context: CurrentContext, account: MayRule) -> ThresholdsOut:
    """更改复核要求，对此后收到的留言有效；原来的留存。"""
    save_policy(context, ReviewPolicy(**wanted.model_dump()), account.name)
    return _out(context, _USUAL)


def _out(context: Context, precisions: Sequence[float]) -> ThresholdsOut:
    shown = show_thresholds(context, precisions)
    policy = shown.policy
    return ThresholdsOut(
        policy=PolicyModel(
            topic_l1=policy.topic_l1, department=policy.department, kind=policy.kind
        ),
        is_told=shown.is_told,
        costs=[_cost(cost) for cost in shown.costs],
        correction_count=shown.correction_count,
        passing=None if shown.passing is None else round(shown.passing, 4),
        looked_at=shown.looked_at,
    )


def _cost(cost: Cost) -> CostOut:
    return CostOut(
        question=cost.question,
        precision=cost.precision,
        share=cost.share,
        error=None if cost.error is None else round(cost.error, 4),
        here=_here(cost.here) if cost.here else None,
    )


def _here(here: Measured) -> HereOut:
    return HereOut(count=here.count, passed=here.passed, wrong=here.wrong)
