"""``/intake/mail``: a letter that a clerk was sent by mail, handed in as an .eml file."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.domain.consent import CONSENTS
from service.errors import AttachmentsBusyError, InvalidInputError
from service.usecases.intake.receive_for_studio import ReceivedForStudio
from service.usecases.mailing.mails import Taker, take_in_mail
from service.web.allowed import MayTakeIn
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedFiles
from service.web.pages.intake import show_intake
from service.web.pages.message_form import show_slip

router = APIRouter(include_in_schema=False)


@router.post("/intake/mail")
def post_mail(
    request: Request, context: CurrentContext, account: MayTakeIn, sent: CheckedFiles
) -> Response:
    """Take the mail in and show the slip; what is wrong with it is told beside the form."""
    version = sent.fields.get("consent", "")
    taker = Taker(account.name, version if version in CONSENTS else "")
    try:
        if len(sent.held) != 1:
            raise InvalidInputError("请选择一个邮件文件")
        (mail,) = sent.uploads()
        taken = take_in_mail(context, mail.content, context.now(), is_answered=False, taker=taker)
    except (AttachmentsBusyError, InvalidInputError) as error:
        return show_intake(request, context, mail_problem=error)
    received = ReceivedForStudio(taken.received, is_given=False)
    return show_slip(request, context, taken.message, received, "", "/intake", taken.refused)
