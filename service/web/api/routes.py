"""``/api/v1/matters/{id}:accept-route``: what was proposed while a matter was in hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from service.domain.route_proposal import MAX_DECLINE_CHARS
from service.usecases.casework.rerouting import accept_route, decline_route
from service.web.allowed import MayDecide
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext, MatterId

router = APIRouter(tags=["办理"])


class DeclineIn(BaseModel):
    """为什么不改派。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_DECLINE_CHARS,
            description="理由，记入办理经过",
            examples=["已现场处理，由我们办完"],
        ),
    ]


@router.post(
    "/matters/{matter_id}:accept-route",
    summary="同意改派",
    status_code=204,
    responses=problems(400, 401, 404, 409, 422, 503),
)
def post_route_accept(matter_id: MatterId, context: CurrentContext, account: MayDecide) -> Response:
    """按建议改派；正在办理的转为已转办，由接手的签收。"""
    accept_route(context, matter_id, account)
    return Response(status_code=204)


@router.post(
    "/matters/{matter_id}:decline-route",
    summary="不同意改派",
    status_code=204,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def post_route_decline(
    matter_id: MatterId, wanted: DeclineIn, context: CurrentContext, account: MayDecide
) -> Response:
    """事项留在原处，理由记入办理经过。"""
    decline_route(context, matter_id, account, wanted.reason)
    return Response(status_code=204)
