"""``/submit``: the citizens' own form; needs no account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from service.domain.channel import Channel
from service.errors import AttachmentsBusyError, InvalidInputError, MinqingError
from service.usecases.context import Context
from service.usecases.intake.attaching import check_uploads, keep_checked
from service.usecases.intake.receive_for_studio import receive_at_door
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedFiles
from service.web.intake_door import Entrant, throttled_intake
from service.web.pages.message_form import read_message, show_form
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

SOURCE = "web"
_OURS = ("channel", "sent_at", "studio")


@router.get("/submit")
def get_submit(request: Request, context: CurrentContext, studio: str = "") -> Response:
    """The empty form; that of a studio where its QR code led here."""
    return _show(request, context, {"door": studio})


@router.post("/submit")
def post_submit(
    request: Request,
    context: CurrentContext,
    entrant: Annotated[Entrant, Depends(throttled_intake)],  # before the form is read
    sent: CheckedFiles,
) -> Response:
    """Take the message in and show the receipt; nothing of the triage is shown to the citizen.

    Each file counts like a message: to clean it is more work than to take one in.
    """
    entrant.count(len(sent.held))
    theirs = {name: value for name, value in sent.fields.items() if name not in _OURS}
    try:
        message = read_message(context, theirs, SOURCE, Channel.WEB)
        files = check_uploads(context, sent.uploads())
        received = receive_at_door(context, message, theirs.get("door", ""))
        attachment_count = keep_checked(context, received.message_id, files)
    except (AttachmentsBusyError, InvalidInputError) as error:
        return _show(request, context, theirs, error)
    status = 201 if received.is_new else 200
    return show_page(
        request,
        "submitted.html.j2",
        status,
        receipt=received.receipt,
        pin=received.pin,
        attachment_count=attachment_count,
        advice=received.ruling.advice if received.ruling else (),
        now=context.now(),
    )


def _show(
    request: Request,
    context: Context,
    form: Mapping[str, str],
    problem: MinqingError | None = None,
) -> Response:
    door = context.triage.organisation.studio_by_code.get(form.get("door", ""))
    return show_form(request, context, "submit.html.j2", form, problem, door=door)
