"""``/login`` and ``/logout``."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.errors import (
    CodeWantedError,
    TooManyRequestsError,
    WrongCodeError,
    WrongPasswordError,
)
from service.usecases.accounts.sessions import account_of, log_in, log_in_with_code, log_out
from service.usecases.context import Context
from service.web.cookies import (
    clear_session,
    known_device,
    session_token,
    set_device,
    set_session,
)
from service.web.dependencies import CurrentContext, MaybeLoggedIn, address_of
from service.web.forms import CheckedForm
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)


@router.get("/login")
def get_login(request: Request, account: MaybeLoggedIn, next: str = "/") -> Response:
    """The login page; who is logged in already goes on to the desk."""
    if account is not None:
        return RedirectResponse(_local(next), 303)
    return show_page(request, "login.html.j2", next=_local(next), name="", error="")


@router.post("/login")
def post_login(request: Request, context: CurrentContext, form: CheckedForm) -> Response:
    """Log in, under another session than before, and go on to where the person wanted to go."""
    wanted = _local(form.get("next", "/"))
    name = form.get("name", "").strip()
    try:
        device = known_device(request, name)
        token = log_in(context, name, form.get("password", ""), address_of(request), device)
    except CodeWantedError as wanted_code:
        return _ask_code(request, wanted_code.ticket, wanted)
    except (WrongPasswordError, TooManyRequestsError) as error:
        values = {"next": wanted, "name": name[:100], "error": error.message}
        return show_page(request, "login.html.j2", error.status, **values)
    return _enter(request, context, token, wanted)


@router.post("/login/code")
def post_code(request: Request, context: CurrentContext, form: CheckedForm) -> Response:
    """The second step: a code of the authenticator, or a recovery code."""
    wanted, ticket = _local(form.get("next", "/")), form.get("ticket", "")
    try:
        token = log_in_with_code(context, ticket, form.get("code", ""), address_of(request))
    except (WrongCodeError, TooManyRequestsError) as error:
        return _ask_code(request, ticket, wanted, error.message, error.status)
    return _enter(request, context, token, wanted)


def _ask_code(
    request: Request, ticket: str, wanted: str, error: str = "", status: int = 200
) -> Response:
    values = {"ticket": ticket, "next": wanted, "error": error}
    return show_page(request, "login_code.html.j2", status, **values)


def _enter(request: Request, context: Context, token: str, wanted: str) -> Response:
    """Let the browser keep the new session in the place of the one it had."""
    if before := session_token(request):
        log_out(context, before)
    response = RedirectResponse(wanted, 303)
    set_session(request, response, token, context.settings.session_hours)
    if account := account_of(context, token):
        set_device(request, response, account.name)
    return response


@router.post("/logout")
def post_logout(request: Request, context: CurrentContext, form: CheckedForm) -> Response:
    """End the session."""
    log_out(context, session_token(request))
    response = RedirectResponse("/login", 303)
    clear_session(response)
    return response


def _local(wanted: str) -> str:
    """The address if it lies on this site, else the desk's front page.

    Browsers read "//host" and "/\\host" as another site, and drop control characters first.
    """
    is_local = wanted.startswith("/") and wanted[1:2] not in ("/", "\\")
    return wanted if is_local and wanted.isprintable() else "/"
