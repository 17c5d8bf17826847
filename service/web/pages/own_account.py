"""``/account``: one's own password, sessions and tokens."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.access import TOKEN_PERMISSIONS, Account, Permission, TokenScope, may
from service.errors import InvalidInputError, TooManyRequestsError, WrongPasswordError
from service.usecases.accounts.api_tokens import (
    MAX_DAYS,
    MAX_TOKEN_NAME_CHARS,
    USUAL_DAYS,
    MadeToken,
    add_token,
    list_tokens,
    revoke_token,
)
from service.usecases.accounts.own_password import change_password
from service.usecases.accounts.passwords import MIN_CHARS
from service.usecases.accounts.second_factor import Enrolment, read_factor
from service.usecases.accounts.sessions import end_session, list_sessions
from service.usecases.context import Context
from service.web.allowed import MayOwn
from service.web.cookies import clear_session, session_token
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm, number_of, several
from service.web.pages.rendering import show_page
from service.web.qr import qr_picture

router = APIRouter(include_in_schema=False)


@router.get("/account")
def get_account(request: Request, context: CurrentContext, account: MayOwn) -> Response:
    """What the account is for, its sessions, and the form to change the password."""
    return show_own(request, context, account)


@router.post("/account/password")
def post_password(
    request: Request, context: CurrentContext, account: MayOwn, form: CheckedForm
) -> Response:
    """Change the password and log in again."""
    try:
        if form.get("new", "") != form.get("again", ""):
            raise InvalidInputError("两次输入的新密码不同")
        change_password(context, account, form.get("old", ""), form.get("new", ""))
    except (InvalidInputError, WrongPasswordError, TooManyRequestsError) as error:
        return show_own(request, context, account, error.message, 422)
    response = RedirectResponse("/login", 303)
    clear_session(response)
    return response


@router.post("/account/sessions")
def post_end(context: CurrentContext, account: MayOwn, form: CheckedForm) -> Response:
    """End one of the account's sessions."""
    end_session(context, account, form.get("session", ""))
    return RedirectResponse("/account", 303)


@router.post("/account/tokens")
def post_token(
    request: Request, context: CurrentContext, account: MayOwn, form: CheckedForm
) -> Response:
    """Make a token, which is shown once, or take one back."""
    if revoked := form.get("revoke", ""):
        revoke_token(context, account, number_of(revoked))
        return RedirectResponse("/account", 303)
    try:
        scopes = _scopes(several(request, "scopes"))
        days = number_of(form.get("days", ""))
        made = add_token(context, account, form.get("name", "").strip(), scopes, days)
    except InvalidInputError as error:
        return show_own(request, context, account, error.message, 422)
    return show_own(request, context, account, made=made)


def _scopes(given: tuple[str, ...]) -> list[TokenScope]:
    try:
        return [TokenScope(each) for each in given]
    except ValueError:
        raise InvalidInputError("请选择令牌可以做什么") from None


def show_own(
    request: Request,
    context: Context,
    account: Account,
    error: str = "",
    status: int = 200,
    *,
    made: MadeToken | None = None,
    enrolment: Enrolment | None = None,
    recovery_codes: tuple[str, ...] = (),
) -> Response:
    """The page of one's own account; what is shown once is given by whoever made it."""
    return show_page(
        request,
        "account.html.j2",
        status,
        made=made,
        enrolment=enrolment,
        qr=qr_picture(enrolment.address) if enrolment else None,
        recovery_codes=recovery_codes,
        factor=read_factor(context, account),
        now=context.now(),
        tokens=list_tokens(context, account),
        scopes=[
            one for one in TokenScope if any(may(account, each) for each in TOKEN_PERMISSIONS[one])
        ],
        max_name_chars=MAX_TOKEN_NAME_CHARS,
        max_days=MAX_DAYS,
        usual_days=USUAL_DAYS,
        sessions=list_sessions(context, account, session_token(request)),
        permissions=[one for one in Permission if may(account, one)],
        min_chars=MIN_CHARS,
        error=error,
    )
