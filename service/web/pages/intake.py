"""``/intake``: 来信登记, the desk clerk's form, with the receipt slip after it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from service.domain.channel import Channel
from service.errors import AttachmentsBusyError, InvalidInputError, MinqingError
from service.usecases.context import Context
from service.usecases.intake.attaching import check_uploads, keep_checked
from service.usecases.intake.receive_for_studio import receive_for_studio
from service.web.allowed import MayTakeIn
from service.web.choices import studio_groups
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedFiles
from service.web.pages.message_form import NOTHING, read_message, show_form, show_slip

router = APIRouter(include_in_schema=False)

SOURCE = "desk"


@router.get("/intake")
def get_intake(request: Request, context: CurrentContext, account: MayTakeIn) -> Response:
    """The empty form."""
    return show_intake(request, context)


@router.post("/intake")
def post_intake(
    request: Request, context: CurrentContext, account: MayTakeIn, sent: CheckedFiles
) -> Response:
    """Take the message in; sending the same form again shows the same receipt."""
    form = sent.fields
    studio = form.get("studio", "")
    try:
        message = read_message(context, form, SOURCE, Channel.VISIT, account)
        files = check_uploads(context, sent.uploads())
        taken = receive_for_studio(context, message, studio, account.name)
        keep_checked(context, taken.received.message_id, files, account.name)
    except (AttachmentsBusyError, InvalidInputError) as error:
        return show_intake(request, context, form, error)
    return show_slip(request, context, message, taken, studio, "/intake")


def show_intake(
    request: Request,
    context: Context,
    form: Mapping[str, str] = NOTHING,
    problem: MinqingError | None = None,
    *,
    mail_problem: MinqingError | None = None,
) -> Response:
    """The form and beside it the one for a mail, each with what is wrong with what it was sent."""
    shown = show_form(
        request,
        context,
        "intake.html.j2",
        form,
        problem,
        studios=studio_groups(context.triage.organisation),
        mail_error=mail_problem.message if mail_problem else "",
    )
    if mail_problem:
        shown.status_code = mail_problem.status
    return shown
