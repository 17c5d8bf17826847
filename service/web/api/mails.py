"""``POST /api/v1/messages:mail``: a letter that came as a mail, handed in as it is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from service.errors import InvalidInputError
from service.usecases.context import Context
from service.usecases.intake.attaching import count_attached
from service.usecases.mailing.mails import TakenMail, Taker, take_in_mail
from service.web.allowed import MayTakeIn
from service.web.api.documented import problems
from service.web.api.messages import Answer, IdempotencyKey, RequestDigest, answer_once, names_of
from service.web.api.receipt_models import ReceiptOut, as_receipt
from service.web.dependencies import CurrentContext
from service.web.limits import MAIL, media_type

router = APIRouter(tags=["受理"])

_SCHEMA = {"type": "string", "format": "binary", "description": "邮件原文（.eml）"}
_BODY: dict[str, Any] = {"required": True, "content": {MAIL: {"schema": _SCHEMA}}}


class MailReceiptOut(ReceiptOut):
    """一封邮件受理的结果。"""

    attachments: int = Field(description="随这封邮件收到的附件数")
    refused: list[str] = Field(
        description="没有接收的附件和原因", examples=[["程序.exe：只接收图片、PDF 等"]]
    )


async def mail_body(request: Request) -> bytes:
    """The mail that a request holds.

    Raises
    ------
    InvalidInputError
        It does not say that it holds one.
    """
    if media_type(request.scope) != MAIL:
        raise InvalidInputError(f"请以 Content-Type: {MAIL} 提交邮件原文")
    return await request.body()


@router.post(
    "/messages:mail",
    summary="登记一封邮件",
    status_code=201,
    response_model=MailReceiptOut,
    responses={
        200: {"model": MailReceiptOut, "description": "此前已经收到"},
        **problems(400, 401, 409, 413, 422, 503),
    },
    openapi_extra={"requestBody": _BODY},
)
def post_mail(
    *,
    context: CurrentContext,
    account: MayTakeIn,
    mail: Annotated[bytes, Depends(mail_body)],
    digest: RequestDigest,
    key: IdempotencyKey = None,
) -> Response:
    """邮件原文（.eml）作为一条留言受理，所带文件作为附件。

    同一封（按 Message-ID）只登记一次；不给来信人寄回执；自动发出的邮件和退信不登记。
    """

    def run() -> Answer:
        taker = Taker(account.name)
        taken = take_in_mail(context, mail, context.now(), is_answered=False, taker=taker)
        body = _as_out(context, taken).model_dump(mode="json")
        return 201 if taken.received.is_new else 200, body

    return answer_once(context, key, digest, run, account.name)


def _as_out(context: Context, taken: TakenMail) -> MailReceiptOut:
    receipt = as_receipt(taken.received, names_of(context, taken.received))
    return MailReceiptOut(
        **receipt.model_dump(),
        attachments=count_attached(context, taken.received.message_id),
        refused=list(taken.refused),
    )
