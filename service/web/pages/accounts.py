"""``/accounts``: who may log in, and for what; by an administrator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.access import Role, ScopeKind
from service.domain.labels import Labelled
from service.errors import InvalidInputError
from service.usecases.accounts.accounts import (
    Duty,
    add_account,
    change_duty,
    list_accounts,
    reset_password,
    set_disabled,
)
from service.usecases.accounts.second_factor import reset_second_factor
from service.usecases.context import Context
from service.web.allowed import MayAdminister
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

Value = TypeVar("Value", bound=Labelled)
_BETWEEN = re.compile(r"[\s,，、;；]+")


@router.get("/accounts")
def get_accounts(request: Request, context: CurrentContext, account: MayAdminister) -> Response:
    """All accounts, and the form to add one."""
    return _show(request, context)


@router.post("/accounts")
def post_account(
    request: Request, context: CurrentContext, account: MayAdminister, form: CheckedForm
) -> Response:
    """Add, change, disable or enable an account, or reset its password, which is shown once."""
    name, do = form.get("name", "").strip(), form.get("do", "")
    password = ""  # nosec B105 - none is shown
    try:
        if do == "add":
            password = add_account(context, name, _duty(form))
        elif do == "reset":
            password = reset_password(context, name)
        elif do == "change":
            change_duty(context, name, _duty(form))
        elif do == "reset-totp":
            reset_second_factor(context, name)
        elif do in ("disable", "enable"):
            set_disabled(context, name, do == "disable")
        else:
            raise InvalidInputError("请选择要做什么")
    except InvalidInputError as error:
        return _show(request, context, error=error.message)
    if password:
        return _show(request, context, made=(name, password))
    return RedirectResponse("/accounts", 303)


def _duty(form: Mapping[str, str]) -> Duty:
    codes = filter(None, _BETWEEN.split(form.get("codes", "")))
    role = _one_of(Role, form.get("role", ""))
    return Duty(role, _one_of(ScopeKind, form.get("scope", "")), tuple(codes))


def _one_of(kind: type[Value], value: str) -> Value:
    try:
        return kind(value)
    except ValueError:
        raise InvalidInputError("请选择角色和范围") from None


def _show(
    request: Request, context: Context, *, error: str = "", made: tuple[str, str] | None = None
) -> Response:
    return show_page(
        request,
        "accounts.html.j2",
        422 if error else 200,
        accounts=list_accounts(context),
        roles=list(Role),
        scope_kinds=list(ScopeKind),
        error=error,
        made=made,
    )
