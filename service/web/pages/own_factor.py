"""``/account/totp``: setting up one's second factor, and doing without it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.errors import (
    InvalidInputError,
    TooManyRequestsError,
    WrongCodeError,
    WrongPasswordError,
)
from service.usecases.accounts.second_factor import (
    begin_enrolment,
    confirm_enrolment,
    end_enrolment,
    pending_enrolment,
)
from service.web.allowed import MayOwn
from service.web.cookies import clear_session
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm
from service.web.pages.own_account import show_own

router = APIRouter(include_in_schema=False)


@router.post("/account/totp")
def post_begin(
    request: Request, context: CurrentContext, account: MayOwn, form: CheckedForm
) -> Response:
    """Show the secret of an authenticator, once, and ask for its first code."""
    try:
        enrolment = begin_enrolment(context, account, form.get("password", ""))
    except (InvalidInputError, WrongPasswordError, TooManyRequestsError) as error:
        return show_own(request, context, account, error.message, 422)
    return show_own(request, context, account, enrolment=enrolment)


@router.post("/account/totp/confirm")
def post_confirm(
    request: Request, context: CurrentContext, account: MayOwn, form: CheckedForm
) -> Response:
    """Let it count, and show the recovery codes once; then one logs in with both."""
    try:
        codes = confirm_enrolment(context, account, form.get("code", ""))
    except (WrongCodeError, TooManyRequestsError) as error:
        pending = pending_enrolment(context, account)
        return show_own(request, context, account, error.message, 422, enrolment=pending)
    except InvalidInputError as error:
        return show_own(request, context, account, error.message, 422)
    response = show_own(request, context, account, recovery_codes=codes)
    clear_session(response)
    return response


@router.post("/account/totp/end")
def post_end(
    request: Request, context: CurrentContext, account: MayOwn, form: CheckedForm
) -> Response:
    """Do without it, and log in again."""
    try:
        end_enrolment(context, account, form.get("password", ""))
    except (WrongPasswordError, TooManyRequestsError) as error:
        return show_own(request, context, account, error.message, 422)
    response = RedirectResponse("/login", 303)
    clear_session(response)
    return response
