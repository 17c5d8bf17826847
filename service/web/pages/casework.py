"""What a person does on a case file's page to move the matter, answer it, and consult on it."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.consultation import ConsultationKind, LoopStep
from service.domain.labels import Labelled
from service.domain.order import Order
from service.domain.path import Move
from service.errors import InvalidInputError
from service.usecases.casework.answering import check_reply, draft_reply, send_reply
from service.usecases.casework.casework import move_matter
from service.usecases.casework.consulting import Consultation, record_consultation, take_step
from service.usecases.casework.rerouting import accept_route, decline_route
from service.usecases.matters.access import check_move_allowed
from service.web.allowed import MayCheck, MayConsult, MayDecide, MayDraft, MayMove, MaySign
from service.web.api.replies import ReplyId
from service.web.dependencies import CurrentContext, MatterId
from service.web.forms import CheckedForm, several
from service.web.pages.matter import back_to, show_case

router = APIRouter(include_in_schema=False)

Value = TypeVar("Value", bound=Labelled)


@router.post("/matters/{matter_id}/move")
def post_move(
    request: Request,
    matter_id: MatterId,
    context: CurrentContext,
    account: MayMove,
    form: CheckedForm,
) -> Response:
    """Make the move that the form names."""
    days = form.get("days", "")
    order = Order(
        move=_one_of(Move, form.get("move", "")),
        note=form.get("note", ""),
        department=form.get("department", ""),
        helping=several(request, "helping"),
        return_reason=form.get("return_reason", ""),
        refusal=form.get("refusal", ""),
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
        committee=form.get("committee", ""),
    )
    check_move_allowed(context, account, matter_id, order.move)
    move_matter(context, matter_id, order, account.name)
    return back_to(context, account, matter_id, order.move.value)


@router.post("/matters/{matter_id}/route")
def post_route(
    matter_id: MatterId, context: CurrentContext, account: MayDecide, form: CheckedForm
) -> Response:
    """Accept what was proposed, or decline it with a reason."""
    if form.get("act") == "accept":
        accept_route(context, matter_id, account)
        # Who accepted may see it no longer.
        return RedirectResponse("/?done=rerouted", 303)
    decline_route(context, matter_id, account, form.get("reason", ""))
    return _back(matter_id, "declined")


@router.post("/matters/{matter_id}/reply")
def post_reply(
    request: Request,
    matter_id: MatterId,
    context: CurrentContext,
    account: MayDraft,
    form: CheckedForm,
) -> Response:
    """Keep a draft, or only check it and show it again."""
    text = form.get("text", "")
    if form.get("do") == "check":
        return show_case(request, context, account, matter_id, draft=text)
    draft_reply(context, matter_id, text, account.name)
    return _back(matter_id, "drafted")


@router.post("/matters/{matter_id}/reply/{reply_id}/approve")
def post_approval(
    matter_id: MatterId,
    reply_id: ReplyId,
    context: CurrentContext,
    account: MayCheck,
    form: CheckedForm,
) -> Response:
    """Say that a draft was read and is right."""
    check_reply(context, reply_id, account.name)
    return _back(matter_id, "checked")


@router.post("/matters/{matter_id}/reply/{reply_id}/send")
def post_sending(
    matter_id: MatterId,
    reply_id: ReplyId,
    context: CurrentContext,
    account: MaySign,
    form: CheckedForm,
) -> Response:
    """Sign an answer."""
    send_reply(context, reply_id, account.name)
    return _back(matter_id, Move.ANSWER.value)


@router.post("/matters/{matter_id}/consultation")
def post_consultation(
    matter_id: MatterId, context: CurrentContext, account: MayConsult, form: CheckedForm
) -> Response:
    """Record a consultation or supervision."""
    held = Consultation(
        kind=_one_of(ConsultationKind, form.get("kind", "")),
        held_on=_day(form.get("held_on", "")),
        who=form.get("who", ""),
        outcome=form.get("outcome", ""),
        is_solved=form.get("is_solved") == "1",
    )
    record_consultation(context, matter_id, held, account.name)
    return _back(matter_id, "recorded")


@router.post("/matters/{matter_id}/step")
def post_step(
    matter_id: MatterId, context: CurrentContext, account: MayConsult, form: CheckedForm
) -> Response:
    """Let the matter take one of the five steps."""
    step = _one_of(LoopStep, form.get("step", ""))
    take_step(context, matter_id, step, form.get("note", ""), account.name)
    return _back(matter_id, "recorded")


def _one_of(kind: type[Value], value: str) -> Value:
    try:
        return kind(value)
    except ValueError:
        raise InvalidInputError from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInputError("请填写日期") from None


def _back(matter_id: int, done: str) -> Response:
    return RedirectResponse(f"/matters/{matter_id}?done={done}", 303)
