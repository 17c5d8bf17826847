"""Intake: ``POST /api/v1/messages`` and ``POST /api/v1/messages:batch``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from service.domain.channel import Channel
from service.domain.message import IncomingMessage
from service.errors import InvalidInputError, NumberTakenError
from service.intake.messages import ReadOptions
from service.usecases.context import Context
from service.usecases.follow_organisation import follow_organisation
from service.usecases.idempotency import replay_or_run
from service.usecases.receive import receive_message, receive_messages
from service.usecases.received import Received
from service.web.api.documented import problems
from service.web.api.message_models import BatchIn, MessageIn
from service.web.api.receipt_models import BatchOut, ItemResult, ReceiptOut, as_receipt
from service.web.dependencies import IntakeContext
from service.web.names import Names
from service.web.problems import as_json, make_problem

router = APIRouter(tags=["受理"])

Answer = tuple[int, dict[str, Any]]
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


@router.post(
    "/messages",
    summary="提交一条留言",
    status_code=201,
    response_model=ReceiptOut,
    responses={
        200: {"model": ReceiptOut, "description": "此前已经收到"},
        **problems(400, 409, 413, 422, 503),
    },
)
def post_message(
    message: MessageIn, context: IntakeContext, digest: RequestDigest, key: IdempotencyKey = None
) -> Response:
    """受理一条留言：当即分类、并案、拟定交办，返回回执码和结果。"""

    def run() -> Answer:
        incoming = _numbered(message.as_incoming(_options(context)), key)
        received = receive_message(context, incoming)
        if received.is_other:
            raise NumberTakenError(incoming.external_id)
        return _status(received), as_receipt(received, _names(context, received)).model_dump(
            mode="json"
        )

    return _answer_once(context, key, digest, run)


@router.post(
    "/messages:batch",
    summary="提交多条留言",
    response_model=BatchOut,
    responses=problems(400, 409, 413, 422, 503),
)
def post_batch(
    batch: BatchIn, context: IntakeContext, digest: RequestDigest, key: IdempotencyKey = None
) -> Response:
    """受理多条留言，每条一个结果；有误的一条不影响其他各条。"""

    def run() -> Answer:
        return 200, _receive_batch(context, batch).model_dump(mode="json", exclude_none=True)

    return _answer_once(context, key, digest, run)


def _numbered(incoming: IncomingMessage, key: str | None) -> IncomingMessage:
    """A message without a number takes one from its key.

    Should the server die between storing a message and keeping the answer, the client's next
    try finds the message by this number.
    """
    if key is None or incoming.external_id:
        return incoming
    return replace(incoming, external_id=f"key:{hashlib.sha256(key.encode()).hexdigest()[:32]}")


def _answer_once(
    context: Context, key: str | None, digest: bytes, run: Callable[[], Answer]
) -> Response:
    status, body = run() if key is None else replay_or_run(context, key, digest, run)
    headers = {"Location": f"/api/v1/matters/{body['matter']['id']}"} if status == 201 else None
    return JSONResponse(body, status, headers)


def _receive_batch(context: Context, batch: BatchIn) -> BatchOut:
    options = _options(context)
    results: list[ItemResult] = []
    good: dict[int, IncomingMessage] = {}
    for index, item in enumerate(batch.messages):
        try:
            good[index] = MessageIn.model_validate(item).as_incoming(options)
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
    result = as_receipt(received, _names(context, received))
    return ItemResult(index=index, status=_status(received), result=result)


def _status(received: Received) -> int:
    return 201 if received.is_new else 200


def _names(context: Context, received: Received) -> Names:
    studio = received.assignment.studio
    if studio and studio not in context.triage.organisation.studio_by_code:
        context = follow_organisation(context)  # one that was added since
    return Names(context.triage.taxonomy, context.triage.organisation)


def _options(context: Context) -> ReadOptions:
    limit = context.settings.max_text_chars
    return ReadOptions(context.now(), max_text_chars=limit, channel=Channel.API)
