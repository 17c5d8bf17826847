"""``/look-up``: what stands under a receipt, for whoever proves it to be theirs; no account.

The receipt is sent in the body of a form: an address would be kept in histories and logs.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request, Response

from service.domain.reply import Satisfaction
from service.errors import (
    AttachmentsBusyError,
    IllegalMoveError,
    InvalidInputError,
    MinqingError,
    NotFoundError,
    TooManyRequestsError,
)
from service.usecases.casework.proofs import Presented
from service.usecases.casework.receipts import look_up, rate_answer, supplement_message
from service.usecases.intake.attaching import attach_under_receipt, limits_zh
from service.web.api.receipts import throttled
from service.web.dependencies import CurrentContext, address_of
from service.web.forms import CheckedFiles, CheckedForm, number_of
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

_SLOW = [Depends(throttled)]


@router.get("/look-up")
def get_look_up(request: Request) -> Response:
    """The empty form."""
    return show_page(request, "look_up.html.j2", found=None, shown=Presented(""), error="", done="")


@router.post("/look-up", dependencies=_SLOW)
def post_look_up(request: Request, context: CurrentContext, form: CheckedForm) -> Response:
    """What stands under the receipt."""
    return _show(request, context, form)


@router.post("/look-up/rate", dependencies=_SLOW)
def post_rating(request: Request, context: CurrentContext, form: CheckedForm) -> Response:
    """Keep a rating and show the receipt again."""
    try:
        satisfaction = _satisfaction(form.get("satisfaction", ""))
        is_reopened = rate_answer(
            context,
            _presented(request, form),
            number_of(form.get("reply", "")),
            satisfaction,
            form.get("reason", ""),
        )
    except (IllegalMoveError, InvalidInputError) as error:
        return _show(request, context, form, error=error)
    if is_reopened:
        done = "已收到您的评价，将重新办理。"
    elif satisfaction is Satisfaction.DISSATISFIED:
        done = "已收到您的评价，记入办理经过。"
    else:
        done = "已收到您的评价，谢谢。"
    return _show(request, context, form, done=done)


@router.post("/look-up/supplement", dependencies=_SLOW)
def post_supplement(request: Request, context: CurrentContext, sent: CheckedFiles) -> Response:
    """Keep what was told, with the files that came with it, and show the receipt again."""
    form = sent.fields
    try:
        shown = _presented(request, form)
        if sent.held:
            attach_under_receipt(context, shown, sent.uploads())
        supplement_message(context, shown, form.get("matter", ""), form.get("text", ""))
    except (AttachmentsBusyError, IllegalMoveError, InvalidInputError) as error:
        return _show(request, context, form, error=error)
    return _show(request, context, form, done="已收到您补充的情况，继续办理。")


def _show(
    request: Request,
    context: CurrentContext,
    form: CheckedForm,
    *,
    error: MinqingError | None = None,
    done: str = "",
) -> Response:
    shown = _presented(request, form)
    try:
        found = look_up(context, shown)
    except (NotFoundError, TooManyRequestsError) as refused:
        told = refused.detail or refused.message
        values = {"found": None, "shown": shown, "error": told, "done": ""}
        return show_page(request, "look_up.html.j2", refused.status, **values)
    return show_page(
        request,
        "look_up.html.j2",
        error.status if error else 200,
        found=found,
        shown=shown,
        error=error.message if error else "",
        done=done,
        attachment_limits=limits_zh(context),
    )


def _presented(request: Request, form: Mapping[str, str]) -> Presented:
    return Presented(form.get("receipt", "")[:40], form.get("proof", "")[:20], address_of(request))


def _satisfaction(value: str) -> Satisfaction:
    try:
        return Satisfaction(value)
    except ValueError:
        raise InvalidInputError("请选择满意、基本满意或不满意") from None
