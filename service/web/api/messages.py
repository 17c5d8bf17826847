"""Intake: ``POST /api/v1/messages`` and ``POST /api/v1/messages:batch``."""

from __future__ import annotations

import hashlib
from asyncio import wrap_future
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from service.domain.channel import Channel
from service.domain.message import IncomingMessage
from service.errors import InvalidInputError, NumberTakenError
from service.intake.messages import ReadOptions
from service.usecases.context import Context
from service.usecases.in_force.follow_organisation import follow_organisation
from service.usecases.intake.idempotency import replay_or_run
from service.usecases.intake.receive import begin_to_receive, receive_message, receive_messages
from service.usecases.intake.received import Received
from service.web.api.documented import BEARER, problems
from service.web.api.message_models import BatchIn, MessageIn
from service.web.api.receipt_models import BatchOut, ItemResult, ReceiptOut, as_receipt
from service.web.api.straight_route import StraightRoute
from service.web.dependencies import intake_context
from service.web.intake_door import Entering, Entrant
from service.web.names import Names
from service.web.problems import as_json, make_problem

router = APIRouter(tags=["受理"])

Answer = tuple[int, dict[str, Any]]
_OPEN: dict[str, Any] = {"security": [{}, {BEARER: []}]}  # with a token or without
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="1–200 个可见字符；同一个值重复提交同一内容，得到同一个答复",
    ),
]


async def request_digest(request: Request) -> bytes:
    """SHA-256 (32 bytes) of the address and the body of a request."""
    body = await request.body()
    return hashlib.sha256(request.url.path.encode() + b"\0" + body).digest()


RequestDigest = Annotated[bytes, Depends(request_digest)]


async def post_message(
    *,
    request: Request,
    message: MessageIn,
    entrant: Entering,
    key: IdempotencyKey = None,
) -> Response:
    """受理一条留言：当即分类、并案、拟定交办，返回回执码和结果。

    谁都可以提交；别的系统凭令牌提交的，记为这个系统的来件，令牌不对的不受理。
    """
    context = intake_context(request)
    incoming = entrant.named(message.as_incoming(_options(context)))
    if key is not None:
        digest = await request_digest(request)
        return await run_in_threadpool(_receive_once, context, incoming, key, digest, entrant)
    # No thread waits with it: what comes in at the same time is taken in together by one.
    received = await wrap_future(begin_to_receive(context, incoming))
    if _knows_studio(context, received):
        return _tell(context, incoming, received)
    return await run_in_threadpool(_tell, context, incoming, received)


router.add_api_route(
    "/messages",
    post_message,
    methods=["POST"],
    route_class_override=StraightRoute,
    summary="提交一条留言",
    status_code=201,
    response_model=ReceiptOut,
    responses={
        200: {"model": ReceiptOut, "description": "此前已经收到"},
        **problems(400, 401, 409, 413, 422, 429, 503),
    },
    openapi_extra=_OPEN,
)


def _receive_once(
    context: Context, message: IncomingMessage, key: str, digest: bytes, entrant: Entrant
) -> Response:
    def run() -> Answer:
        incoming = numbered(message, key)
        received = receive_message(context, incoming)
        receipt = _receipt(context, incoming, received, is_senders=not message.external_id)
        return _status(received), receipt.model_dump(mode="json")

    return answer_once(context, key, digest, run, entrant.system)


def _tell(context: Context, incoming: IncomingMessage, received: Received) -> Response:
    receipt, status = _receipt(context, incoming, received), _status(received)
    headers = _location(receipt.matter.id) if status == 201 else None
    return Response(receipt.model_dump_json(), status, headers, "application/json")


def _receipt(
    context: Context, incoming: IncomingMessage, received: Received, *, is_senders: bool = False
) -> ReceiptOut:
    if received.is_other:
        raise NumberTakenError(incoming.external_id)
    return as_receipt(received, names_of(context, received), is_senders=is_senders)


@router.post(
    "/messages:batch",
    summary="提交多条留言",
    response_model=BatchOut,
    responses=problems(400, 401, 409, 413, 422, 429, 503),
    openapi_extra=_OPEN,
)
def post_batch(
    *,
    request: Request,
    batch: BatchIn,
    entrant: Entering,
    digest: RequestDigest,
    key: IdempotencyKey = None,
) -> Response:
    """受理多条留言，每条一个结果；有误的一条不影响其他各条。"""
    context = intake_context(request)
    entrant.count(len(batch.messages) - 1)

    def run() -> Answer:
        told = _receive_batch(context, batch, entrant)
        return 200, told.model_dump(mode="json", exclude_unset=True)

    return answer_once(context, key, digest, run, entrant.system)


def numbered(incoming: IncomingMessage, key: str | None) -> IncomingMessage:
    """A message without a number takes one from its key.

    Should the server die between storing a message and keeping the answer, the client's next
    try finds the message by this number.
    """
    if key is None or incoming.external_id:
        return incoming
    return replace(incoming, external_id=f"key:{hashlib.sha256(key.encode()).hexdigest()[:32]}")


def answer_once(
    context: Context, key: str | None, digest: bytes, run: Callable[[], Answer], caller: str
) -> Response:
    """The answer of ``run``, or the one that was given to the caller under the same key before.

    Raises as ``replay_or_run``.
    """
    if key is None:
        return _as_response(*run())
    return _as_response(*replay_or_run(context, key, digest, run, caller))


def _as_response(status: int, body: dict[str, Any]) -> Response:
    headers = _location(body["matter"]["id"]) if status == 201 else None
    return JSONResponse(body, status, headers)


def _location(matter_id: int) -> dict[str, str]:
    return {"Location": f"/api/v1/matters/{matter_id}"}


def _receive_batch(context: Context, batch: BatchIn, entrant: Entrant) -> BatchOut:
    options = _options(context)
    results: list[ItemResult] = []
    good: dict[int, IncomingMessage] = {}
    for index, item in enumerate(batch.messages):
        try:
            good[index] = entrant.named(MessageIn.model_validate(item).as_incoming(options))
        except (ValidationError, InvalidInputError) as error:
            results.append(_refused(index, error))
    received = receive_messages(context, list(good.values()))
    results += [
        _refused(i, NumberTakenError(good[i].external_id))
        if one.is_other
        else _taken(i, one, context)
        for i, one in zip(good, received, strict=True)
    ]
    return BatchOut(
        received=sum(one.is_new for one in received),
        repeated=sum(not (one.is_new or one.is_other) for one in received),
        refused=sum(result.problem is not None for result in results),
        results=sorted(results, key=lambda result: result.index),
    )


def _refused(index: int, error: Exception) -> ItemResult:
    problem = make_problem(error)
    return ItemResult(index=index, status=problem.status, problem=as_json(problem))


def _taken(index: int, received: Received, context: Context) -> ItemResult:
    result = as_receipt(received, names_of(context, received))
    return ItemResult(index=index, status=_status(received), result=result)


def _status(received: Received) -> int:
    return 201 if received.is_new else 200


def names_of(context: Context, received: Received) -> Names:
    """The names to tell a receipt with, also where its studio was added a moment ago."""
    if not _knows_studio(context, received):
        context = follow_organisation(context)
    return Names(context.triage.taxonomy, context.triage.organisation)


def _knows_studio(context: Context, received: Received) -> bool:
    """Whether the studio is in the context's organisation; it is not where it was added since."""
    studio = received.assignment.studio
    return not studio or studio in context.triage.organisation.studio_by_code


def _options(context: Context) -> ReadOptions:
    limit = context.settings.max_text_chars
    return ReadOptions(context.now(), max_text_chars=limit, channel=Channel.API)
