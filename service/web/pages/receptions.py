"""``/receptions``: 接待日, what came in at each, and taking messages in on the spot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.errors import (
    AttachmentsBusyError,
    InvalidInputError,
    MinqingError,
    NumberTakenError,
)
from service.usecases.context import Context
from service.usecases.intake.attaching import check_uploads, keep_checked
from service.usecases.intake.receptions import (
    MAX_PLACE_CHARS,
    MAX_RESULT_CHARS,
    close_reception,
    list_receptions,
    open_reception,
    receive_at,
    show_reception,
)
from service.usecases.matters.access import check_studio_allowed
from service.web.allowed import MayReceive
from service.web.api.receptions import ReceptionId
from service.web.choices import studio_groups
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedFiles, CheckedForm, several
from service.web.pages.message_form import NOTHING, read_message, show_form, show_slip
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

SOURCE = "reception"


@router.get("/receptions")
def get_receptions(
    request: Request,
    context: CurrentContext,
    account: MayReceive,
    studio: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The newest receptions; of a chosen studio also the form to begin one."""
    organisation = context.triage.organisation
    chosen = organisation.studio_by_code.get(studio)
    return show_page(
        request,
        "receptions.html.j2",
        receptions=list_receptions(context, chosen.code if chosen else "", account.scope),
        studios=studio_groups(organisation),
        chosen=chosen,
        members=organisation.members_of.get(chosen.code, ()) if chosen else (),
        today=context.now().astimezone(SHANGHAI).date(),
        max_place_chars=MAX_PLACE_CHARS,
    )


@router.post("/receptions")
def post_reception(
    request: Request, context: CurrentContext, account: MayReceive, form: CheckedForm
) -> Response:
    """Begin a reception, and go to where messages are taken in."""
    check_studio_allowed(context, account, form.get("studio", ""))
    made = open_reception(
        context,
        form.get("studio", ""),
        _day(form.get("held_on", "")),
        form.get("place", ""),
        several(request, "members"),
        account.name,
    )
    return RedirectResponse(f"/receptions/{made}", 303)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InvalidInputError("请填写接待的日期，如 2026-03-05") from error


@router.get("/receptions/{reception_id}")
def get_reception(
    request: Request, reception_id: ReceptionId, context: CurrentContext, account: MayReceive
) -> Response:
    """A reception, and while it is open the form to take a message in."""
    return _show(request, context, reception_id)


@router.post("/receptions/{reception_id}/messages")
def post_message(
    request: Request,
    reception_id: ReceptionId,
    context: CurrentContext,
    account: MayReceive,
    sent: CheckedFiles,
) -> Response:
    """Take a message in for the reception's studio; the same form again shows the same receipt."""
    reception = show_reception(context, reception_id)
    form = sent.fields
    try:
        message = read_message(context, form, SOURCE, Channel.VISIT, account)
        files = check_uploads(context, sent.uploads())
        taken = receive_at(context, reception_id, message, account.name)
        if taken.received.is_other:
            raise NumberTakenError(message.external_id)
        keep_checked(context, taken.received.message_id, files, account.name)
    except NumberTakenError:
        raise
    except (AttachmentsBusyError, InvalidInputError) as error:
        return _show(request, context, reception_id, form, error)
    back = f"/receptions/{reception_id}"
    return show_slip(request, context, message, taken, reception.studio, back)


@router.post("/receptions/{reception_id}/close")
def post_closing(
    reception_id: ReceptionId, context: CurrentContext, account: MayReceive, form: CheckedForm
) -> Response:
    """End it with a word on what came of it."""
    close_reception(context, reception_id, form.get("result", ""))
    return RedirectResponse(f"/receptions/{reception_id}", 303)


def _show(
    request: Request,
    context: Context,
    reception_id: int,
    form: Mapping[str, str] = NOTHING,
    problem: MinqingError | None = None,
) -> Response:
    return show_form(
        request,
        context,
        "reception.html.j2",
        form,
        problem,
        reception=show_reception(context, reception_id),
        max_result_chars=MAX_RESULT_CHARS,
    )
