"""How things stand: ``/api/v1/status`` in numbers, ``/healthz`` and ``/readyz`` for machines."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from service.usecases.readiness import check_readiness
from service.usecases.status import count_all
from service.web.allowed import MayRead
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

counts = APIRouter(tags=["状态"])
probes = APIRouter(tags=["状态"])


@counts.get("/status", summary="数量", responses=problems(401, 503))
def get_status(context: CurrentContext, account: MayRead) -> dict[str, int]:
    """留言、事项、未受理的行，以及各状态、紧急和超期的事项数。"""
    return count_all(context, account.scope)


@probes.get("/healthz", summary="是否存活")
def get_health() -> dict[str, str]:
    """进程能应答即为 ok。"""
    return {"status": "ok"}


@probes.get("/readyz", summary="能否受理", responses={503: {"description": "不能受理"}})
def get_readiness(context: CurrentContext) -> JSONResponse:
    """数据库结构、磁盘、模型和时钟的情况；没有模型仍能受理，由人工分类，只缺并案模型则为 503。"""
    readiness = check_readiness(context)
    body = {
        "status": "ready" if readiness.is_ready else "not_ready",
        "schema": readiness.schema,
        "disk": readiness.disk,
        "model": readiness.model,
        "clock": readiness.clock,
        "mailbox": readiness.mailbox,
        "reasons": list(readiness.reasons),
    }
    return JSONResponse(body, 200 if readiness.is_ready else 503)
