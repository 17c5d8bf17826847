"""``/submit``: the citizens' own form; needs no account."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.domain.channel import Channel
from service.errors import InvalidInputError
from service.usecases.context import Context
from service.usecases.receive import receive_messages
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm
from service.web.pages.message_form import EMPTY, filled, new_form_id, read_message
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

SOURCE = "web"
_OURS = ("channel", "sent_at", "studio")


@router.get("/submit")
def get_submit(request: Request, context: CurrentContext) -> Response:
    """The empty form."""
    return _show_form(request, context, dict(EMPTY), new_form_id())


@router.post("/submit")
def post_submit(request: Request, context: CurrentContext, form: CheckedForm) -> Response:
    """Take the message in and show the receipt; nothing of the triage is shown to the citizen."""
    theirs = {name: value for name, value in form.items() if name not in _OURS}
    try:
        message = read_message(context, theirs, SOURCE, Channel.WEB)
    except InvalidInputError as error:
        form_id = form.get("form_id", "") or new_form_id()
        return _show_form(request, context, filled(theirs), form_id, error)
    (received,) = receive_messages(context, [message])
    status = 201 if received.is_new else 200
    return show_page(
        request, "submitted.html.j2", status, receipt=received.receipt, now=context.now()
    )


def _show_form(
    request: Request,
    context: Context,
    values: dict[str, str],
    form_id: str,
    problem: InvalidInputError | None = None,
) -> Response:
    return show_page(
        request,
        "submit.html.j2",
        problem.status if problem else 200,
        values=values,
        form_id=form_id,
        error=problem.message if problem else "",
        max_chars=context.settings.max_text_chars,
    )
