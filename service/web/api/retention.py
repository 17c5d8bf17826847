"""``/api/v1/retention``: how long each class of data is kept."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from service.domain.retention import PERIODS, RetentionPolicy
from service.usecases.upkeep.retention import save_retention_policy, show_retention_policy
from service.web.allowed import MayRule
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["保存期限"])

_USUAL = RetentionPolicy()


def _period(name: str) -> int:
    bounds = PERIODS[name]
    told = f"{bounds.label_zh}，{bounds.told_zh}"
    field: int = Field(
        default=getattr(_USUAL, name), description=told, strict=True, ge=0, le=bounds.most
    )
    return field


class RetentionPolicyModel(BaseModel):
    """各类数据的保存期限；不写的按通常的期限，0 是一直保存。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    message_years: int = _period("message_years")
    digest_years: int = _period("digest_years")
    look_months: int = _period("look_months")
    account_event_months: int = _period("account_event_months")
    answer_days: int = _period("answer_days")


@router.get(
    "/retention",
    summary="保存期限",
    response_model=RetentionPolicyModel,
    responses=problems(401, 503),
)
def get_retention(context: CurrentContext, account: MayRule) -> RetentionPolicyModel:
    """现行的保存期限。"""
    return RetentionPolicyModel(**asdict(show_retention_policy(context)))


@router.put(
    "/retention",
    summary="更改保存期限",
    response_model=RetentionPolicyModel,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def put_retention(
    wanted: RetentionPolicyModel, context: CurrentContext, account: MayRule
) -> RetentionPolicyModel:
    """更改后满七天起执行；原来的留存。"""
    save_retention_policy(context, RetentionPolicy(**wanted.model_dump()), account.name)
    return wanted
