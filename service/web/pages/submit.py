"""``/submit``: the citizens' own form; needs no account."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.domain.channel import Channel
from service.errors import InvalidInputError
from service.usecases.receive import receive_message
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm
from service.web.pages.message_form import read_message, show_form
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

SOURCE = "web"
_OURS = ("channel", "sent_at", "studio")


@router.get("/submit")
def get_submit(request: Request, context: CurrentContext) -> Response:
    """The empty form."""
    return show_form(request, context, "submit.html.j2")


@router.post("/submit")
def post_submit(request: Request, context: CurrentContext, form: CheckedForm) -> Response:
    """Take the message in and show the receipt; nothing of the triage is shown to the citizen."""
    theirs = {name: value for name, value in form.items() if name not in _OURS}
    try:
        message = read_message(context, theirs, SOURCE, Channel.WEB)
    except InvalidInputError as error:
        return show_form(request, context, "submit.html.j2", theirs, error)
    received = receive_message(context, message)
    status = 201 if received.is_new else 200
    return show_page(
        request,
        "submitted.html.j2",
        status,
        receipt=received.receipt,
        pin=received.pin,
        advice=received.ruling.advice if received.ruling else (),
        now=context.now(),
    )
