"""``/messages/{id}/erase``: an administrator erases a message by law, after a look at what."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.erasure import MAX_ERASURE_REASON_CHARS, ErasureGround
from service.errors import InvalidInputError
from service.usecases.casework.erasing import erase_message
from service.usecases.context import Context
from service.usecases.matters.show_parting import show_parting
from service.web.allowed import MayErase
from service.web.dependencies import CurrentContext, MessageId
from service.web.forms import CheckedForm
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

_GROUNDS = {ground.value: ground for ground in ErasureGround}


@router.get("/messages/{message_id}/erase")
def get_erase(
    request: Request, message_id: MessageId, context: CurrentContext, account: MayErase
) -> Response:
    """What will be erased, and the form that asks on which ground."""
    return _show(request, context, message_id)


@router.post("/messages/{message_id}/erase")
def post_erase(
    request: Request,
    message_id: MessageId,
    context: CurrentContext,
    account: MayErase,
    form: CheckedForm,
) -> Response:
    """Erase it where the form says so clearly; what is missing is told."""
    matter_id = show_parting(context, message_id).matter_id
    try:
        ground, reason = _read(form)
        erase_message(context, message_id, account.name, ground, reason)
    except InvalidInputError as error:
        return _show(request, context, message_id, error, form.get("reason", ""))
    return RedirectResponse(f"/matters/{matter_id}?message={message_id}&done=erased", 303)


def _read(form: CheckedForm) -> tuple[ErasureGround, str]:
    ground = _GROUNDS.get(form.get("ground", ""))
    if ground is None:
        raise InvalidInputError("请选择删除的依据")
    if form.get("sure") != "1":
        raise InvalidInputError("请勾选已核对：删除后不能恢复")
    return ground, form.get("reason", "")


def _show(
    request: Request,
    context: Context,
    message_id: int,
    problem: InvalidInputError | None = None,
    reason: str = "",
) -> Response:
    return show_page(
        request,
        "erase.html.j2",
        200 if problem is None else problem.status,
        view=show_parting(context, message_id),
        grounds=list(ErasureGround),
        most=MAX_ERASURE_REASON_CHARS,
        problem=problem,
        reason=reason,
    )
