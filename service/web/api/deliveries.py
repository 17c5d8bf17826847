"""``/api/v1/webhooks`` and ``/api/v1/deliveries``: what leaves the house, and how far it came."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.delivery import WEBHOOK_EVENTS, DeliveryChannel, DeliveryState, EventType
from service.usecases.delivery.delivering import deliver_again, list_deliveries
from service.usecases.delivery.webhooks import (
    add_webhook,
    list_webhooks,
    remove_webhook,
    rotate_secret,
)
from service.web.allowed import MayAdminister, MayDeliver
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["推送和投递"])

WebhookId = Annotated[int, Path(ge=1, le=2**63 - 1, description="推送的编号")]
DeliveryId = Annotated[int, Path(ge=1, le=2**63 - 1, description="投递的编号")]
_EVENTS_ZH = "、".join(f"{each.value} {each.label_zh}" for each in WEBHOOK_EVENTS)


class WebhookIn(BaseModel):
    """要推送到的地址。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(max_length=500, examples=["https://oa.example.gov.cn/hooks/minqing"])
    events: list[EventType] = Field(
        min_length=1, max_length=20, description=_EVENTS_ZH, examples=[["digest.made"]]
    )


class SecretOut(BaseModel):
    """签名的密钥，只给出这一次。"""

    id: int
    secret: str = Field(examples=["whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH"])


class WebhookOut(BaseModel):
    """一个推送地址。"""

    id: int
    url: str
    events: list[EventType]
    failure_count: int = Field(description="自上次成功以来失败的次数")
    made_by: str
    made_at: datetime


class DeliveryOut(BaseModel):
    """一次投递。"""

    id: int
    channel: DeliveryChannel
    event_id: str = Field(description="请求头 webhook-id；重投不变")
    event_type: EventType
    recipient: str = Field(description="推送的网址（不含 ? 之后的）或收件的邮箱")
    state: DeliveryState
    try_count: int
    made_at: datetime
    next_try_at: datetime
    delivered_at: datetime | None
    problem: str = Field(description="上一次没有成功的原因")


@router.get("/webhooks", summary="推送地址", responses=problems(401, 503))
def get_webhooks(context: CurrentContext, account: MayAdminister) -> list[WebhookOut]:
    """按编号；不含密钥。"""
    return [WebhookOut(**asdict(each)) for each in list_webhooks(context)]


@router.post(
    "/webhooks",
    status_code=201,
    summary="添加推送地址",
    responses=problems(400, 401, 413, 422, 503),
)
def post_webhook(wanted: WebhookIn, context: CurrentContext, account: MayAdminister) -> SecretOut:
    """按 Standard Webhooks 约定签名。指向内部的地址须先由 MINQING_WEBHOOK_ALLOW 允许。"""
    made = add_webhook(context, wanted.url, wanted.events, account.name)
    return SecretOut(id=made.webhook_id, secret=made.secret)


@router.delete(
    "/webhooks/{webhook_id}",
    status_code=204,
    summary="删除推送地址",
    responses=problems(401, 404, 422, 503),
)
def delete_webhook(
    webhook_id: WebhookId, context: CurrentContext, account: MayAdminister
) -> Response:
    """还没有投递的不再投递。"""
    remove_webhook(context, webhook_id)
    return Response(status_code=204)


@router.post(
    "/webhooks/{webhook_id}:rotate",
    summary="更换密钥",
    responses=problems(401, 404, 422, 503),
)
def post_rotation(
    webhook_id: WebhookId, context: CurrentContext, account: MayAdminister
) -> SecretOut:
    """一天之内新旧两个密钥同时签名。"""
    made = rotate_secret(context, webhook_id)
    return SecretOut(id=made.webhook_id, secret=made.secret)


@router.get("/deliveries", summary="投递", responses=problems(401, 422, 503))
def get_deliveries(
    context: CurrentContext,
    account: MayDeliver,
    state: Annotated[DeliveryState | None, Query(description="只列这一种")] = None,
) -> list[DeliveryOut]:
    """推送和邮件，新的在前，最多 200 次。"""
    return [DeliveryOut(**asdict(each)) for each in list_deliveries(context, state)]


@router.post(
    "/deliveries/{delivery_id}:retry",
    status_code=202,
    response_class=Response,
    summary="再次投递",
    responses=problems(401, 404, 422, 503),
)
def post_retry(delivery_id: DeliveryId, context: CurrentContext, account: MayDeliver) -> Response:
    """无论结果如何都再投一次；编号不变，收件方可据此认出重复。"""
    deliver_again(context, delivery_id)
    return Response(status_code=202)
