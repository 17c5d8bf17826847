"""``/matters/{id}/messages/{id}/attachments``: scans and files that staff add on a case file."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.errors import AttachmentsBusyError, InvalidInputError
from service.usecases.context import Context
from service.usecases.intake.attaching import check_uploads, keep_checked
from service.usecases.matters.matter_file import Place, show_matter
from service.web.allowed import MayTakeIn
from service.web.dependencies import CurrentContext, MatterId, MessageId
from service.web.forms import CheckedFiles
from service.web.pages.matter import show_case

router = APIRouter(include_in_schema=False)


@router.post("/matters/{matter_id}/messages/{message_id}/attachments")
def post_attachments(
    *,
    request: Request,
    matter_id: MatterId,
    message_id: MessageId,
    context: CurrentContext,
    account: MayTakeIn,
    sent: CheckedFiles,
) -> Response:
    """Keep all files or none; why one cannot be taken is told beside the form."""
    try:
        if not sent.held:
            raise InvalidInputError("请先选择文件")
        _check_is_here(context, matter_id, message_id)
        checked = check_uploads(context, sent.uploads())
        keep_checked(context, message_id, checked, account.name)
    except (AttachmentsBusyError, InvalidInputError) as error:
        place = Place(message_id)
        return show_case(request, context, account, matter_id, place, refused=error)
    shown = f"/matters/{matter_id}?message={message_id}&done=attached#attachments"
    return RedirectResponse(shown, 303)


def _check_is_here(context: Context, matter_id: int, message_id: int) -> None:
    """Refuse files for a message that has left the matter since the page was shown."""
    if show_matter(context, matter_id, Place(message_id)).opened.message.id != message_id:
        raise InvalidInputError("这条留言已经不在这件事项中，请到它现在的事项添加附件")
