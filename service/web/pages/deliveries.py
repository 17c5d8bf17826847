"""``/deliveries``: which addresses are told of what, and how far webhooks and mails came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.access import Account, Permission, may
from service.domain.delivery import WEBHOOK_EVENTS, DeliveryState, EventType
from service.errors import HostNotFoundError, InvalidInputError
from service.usecases.context import Context
from service.usecases.delivery.delivering import SHOWN, deliver_again, list_deliveries
from service.usecases.delivery.webhooks import (
    NewSecret,
    add_webhook,
    list_webhooks,
    remove_webhook,
    rotate_secret,
)
from service.web.allowed import MayAdminister, MayDeliver
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm, number_of, several
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

_STATES = {state.value: state for state in DeliveryState}
_MAX_URL_CHARS = 500


@router.get("/deliveries")
def get_deliveries(
    request: Request,
    context: CurrentContext,
    account: MayDeliver,
    state: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The newest deliveries, of one state where it is given; to who may, the addresses too."""
    return _show(request, context, account, _STATES.get(state))


@router.post("/deliveries")
def post_delivery(context: CurrentContext, account: MayDeliver, form: CheckedForm) -> Response:
    """Deliver something again."""
    deliver_again(context, number_of(form.get("again", "")))
    state = form.get("state", "")
    shown = f"?state={state}" if state in _STATES else ""
    return RedirectResponse(f"/deliveries{shown}#deliveries", 303)


@router.post("/webhooks")
def post_webhook(
    request: Request, context: CurrentContext, account: MayAdminister, form: CheckedForm
) -> Response:
    """Add an address or remove one, or change its secret; a secret is shown once, in the answer."""
    if removed := form.get("remove", ""):
        remove_webhook(context, number_of(removed))
        return RedirectResponse("/deliveries", 303)
    if rotated := form.get("rotate", ""):
        made = rotate_secret(context, number_of(rotated))
        return _show(request, context, account, made=made)
    try:
        made = add_webhook(context, _url(form), _events(several(request, "events")), account.name)
    except (InvalidInputError, HostNotFoundError) as error:
        return _show(request, context, account, problem=error, typed=form)
    return _show(request, context, account, made=made)


def _url(form: Mapping[str, str]) -> str:
    url = form.get("url", "").strip()
    if len(url) > _MAX_URL_CHARS:
        raise InvalidInputError(f"网址不超过 {_MAX_URL_CHARS} 个字符")
    return url


def _events(given: tuple[str, ...]) -> list[EventType]:
    try:
        return [EventType(each) for each in given]
    except ValueError:
        raise InvalidInputError("请选择要推送的事") from None


def _show(
    request: Request,
    context: Context,
    account: Account,
    state: DeliveryState | None = None,
    *,
    made: NewSecret | None = None,
    problem: InvalidInputError | HostNotFoundError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    lays_down = may(account, Permission.ACCOUNTS)
    return show_page(
        request,
        "deliveries.html.j2",
        problem.status if problem else 200,
        made=made,
        error=problem.message if problem else "",
        typed_url=(typed or {}).get("url", ""),
        typed_events=several(request, "events") if typed else (),
        max_url_chars=_MAX_URL_CHARS,
        lays_down=lays_down,
        webhooks=list_webhooks(context) if lays_down else [],
        events=WEBHOOK_EVENTS,
        states=list(DeliveryState),
        state=state,
        deliveries=list_deliveries(context, state),
        most=SHOWN,
    )
