"""Attachments: handed in under a receipt or by staff, handed out to who may read the original."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from service.domain.attachment import ACCEPTED_ZH, Attachment, AttachmentKind
from service.domain.deadline import SHANGHAI
from service.errors import InvalidInputError
from service.usecases.casework.proofs import Presented
from service.usecases.intake.attaching import (
    attach_under_receipt,
    check_uploads,
    keep_checked,
    list_attachments,
    open_attachment,
)
from service.web.allowed import MayReadOriginal, MayTakeIn
from service.web.api.documented import problems
from service.web.api.receipts import Throttled
from service.web.dependencies import CurrentContext, MessageId, address_of
from service.web.forms import FormWithFiles, SentFiles

router = APIRouter(tags=["附件"])

AttachmentId = Annotated[int, Path(ge=1, le=2**63 - 1, description="附件的编号（内部）")]
_FILES: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "format": "binary"},
    "minItems": 1,
    "description": f"附件，可以多个；只接收 {ACCEPTED_ZH}",
}
_MEDIA = "application/octet-stream"


def _form(**fields: dict[str, Any]) -> dict[str, Any]:
    """What the document says of a form that is read piece by piece."""
    schema = {"type": "object", "properties": {**fields, "files": _FILES}, "required": ["files"]}
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }


class AttachedOut(BaseModel):
    """附件已收到。"""

    attachments: int = Field(description="这条留言现有的附件数")


class AttachmentOut(BaseModel):
    """一个附件。"""

    id: int = Field(description="附件的编号（内部）")
    name: str = Field(examples=["路灯.jpg"])
    kind: AttachmentKind = Field(description="jpg、png、pdf、docx、xlsx、eml 之一")
    size: int = Field(description="字节数")
    attached_at: datetime = Field(description="北京时间")


class AttachmentsOut(BaseModel):
    """一条留言的附件，按收到的先后。"""

    attachments: list[AttachmentOut]


@router.post(
    "/receipts:attach",
    summary="凭回执码补交附件",
    response_model=AttachedOut,
    responses=problems(400, 404, 409, 413, 422, 429, 503),
    dependencies=[Throttled],
    openapi_extra=_form(
        receipt={"type": "string", "maxLength": 40, "description": "回执码"},
        proof={"type": "string", "maxLength": 20, "description": "手机号后四位或查询密码"},
    ),
)
async def post_under_receipt(
    request: Request, context: CurrentContext, sent: SentFiles
) -> AttachedOut:
    """随留言的图片和文件，在受理之后凭回执码提交；同一个文件重复提交只存一份。

    文件按内容识别，去掉拍摄地点、作者等信息后密封保存。
    """
    receipt, proof = sent.fields.get("receipt", "")[:40], sent.fields.get("proof", "")[:20]
    presented = Presented(receipt, proof, address_of(request))
    _check_files(sent)
    count = await run_in_threadpool(attach_under_receipt, context, presented, sent.uploads())
    return AttachedOut(attachments=count)


@router.post(
    "/messages/{message_id}/attachments",
    summary="给一条留言添附件",
    response_model=AttachedOut,
    responses=problems(400, 401, 404, 409, 413, 422, 503),
    openapi_extra=_form(),
)
async def post_attachments(
    message_id: MessageId, context: CurrentContext, account: MayTakeIn, sent: SentFiles
) -> AttachedOut:
    """代为登记的来信，扫描件等由工作人员添上；同一个文件重复提交只存一份。"""
    _check_files(sent)

    def run() -> int:
        checked = check_uploads(context, sent.uploads())
        return keep_checked(context, message_id, checked, account.name)

    return AttachedOut(attachments=await run_in_threadpool(run))


@router.get(
    "/messages/{message_id}/attachments",
    summary="一条留言的附件",
    response_model=AttachmentsOut,
    responses=problems(401, 404, 422, 503),
)
def get_attachments(
    message_id: MessageId, context: CurrentContext, account: MayReadOriginal
) -> AttachmentsOut:
    """编号、名称和大小；内容按编号下载。"""
    return AttachmentsOut(
        attachments=[_as_out(one) for one in list_attachments(context, message_id)]
    )


@router.get(
    "/attachments/{attachment_id}",
    summary="下载附件",
    response_class=Response,
    responses={
        200: {"content": {_MEDIA: {"schema": {"type": "string", "format": "binary"}}}},
        **problems(401, 404, 422, 503),
    },
)
def get_attachment(
    attachment_id: AttachmentId, context: CurrentContext, account: MayReadOriginal
) -> Response:
    """只供下载，不在网页中打开；每次下载记入查看来信人的记录。"""
    attachment, content = open_attachment(context, account, attachment_id)
    name = quote(attachment.name, safe="")
    return Response(
        content,
        media_type=_MEDIA,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


def _check_files(sent: FormWithFiles) -> None:
    if not sent.held:
        raise InvalidInputError("请在 files 中附上文件")


def _as_out(one: Attachment) -> AttachmentOut:
    return AttachmentOut(
        id=one.id,
        name=one.name,
        kind=one.kind,
        size=one.size,
        attached_at=one.attached_at.astimezone(SHANGHAI),
    )
