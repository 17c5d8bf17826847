"""``/api/v1/thresholds/joining``: the precision wanted of what joins by itself, and its cost."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from service.usecases.administration.joining import (
    JOIN_CHOICES,
    save_join_precision,
    show_joining,
)
from service.usecases.context import Context
from service.web.allowed import MayRule
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["复核要求"])


class JoinPrecision(BaseModel):
    """自动并案所要求的准确率；null 为不另作要求，按设置的概率并案。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    precision: float | None = Field(strict=True, allow_inf_nan=False, examples=[0.95])


class JoinCostOut(BaseModel):
    """一个准确率的代价。"""

    precision: float
    probability: float | None = Field(description="从这个概率起自动并案；null 为达不到或未知")
    share: float | None = Field(description="应当并案的来信中自动并案的比例，其余请人认定")


class JoiningOut(BaseModel):
    """并案要求及其代价，按人工判定过、模型没有学过的来信对计算。"""

    precision: float | None = Field(description="现行的要求；null 为按设置")
    probability: float = Field(description="现在从这个概率起自动并案")
    is_told: bool = Field(description="模型文件是否带有概率与准确率的对照")
    costs: list[JoinCostOut]


@router.get(
    "/thresholds/joining",
    summary="并案要求",
    response_model=JoiningOut,
    responses=problems(401, 403, 503),
)
def get_join_precision(context: CurrentContext, account: MayRule) -> JoiningOut:
    """现行的并案要求，以及各准确率的代价。"""
    return _out(context)


@router.put(
    "/thresholds/joining",
    summary="更改并案要求",
    response_model=JoiningOut,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def put_join_precision(
    wanted: JoinPrecision, context: CurrentContext, account: MayRule
) -> JoiningOut:
    """更改并案要求，对此后收到的留言有效；原来的留存。"""
    save_join_precision(context, wanted.precision, account.name)
    return _out(context)


def _out(context: Context) -> JoiningOut:
    shown = show_joining(context, JOIN_CHOICES)
    return JoiningOut(
        precision=shown.precision,
        probability=shown.probability,
        is_told=shown.is_told,
        costs=[
            JoinCostOut(precision=cost.precision, probability=cost.probability, share=cost.share)
            for cost in shown.costs
        ],
    )
