"""``/digests``: 历期民情, and when digests are made by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from service.digest.form import FORMS
from service.digest.periods import PeriodKind, parse_period, period_of
from service.digest.schedule import Timing
from service.domain.access import Account, Permission, may
from service.domain.deadline import SHANGHAI
from service.errors import InvalidInputError, NotFoundError
from service.usecases.context import Context
from service.usecases.digests.digest_schedules import (
    Schedule,
    add_schedule,
    list_schedules,
    remove_schedule,
)
from service.usecases.digests.kept_digests import keep_digest, list_kept_digests, read_kept_file
from service.web.allowed import MayAdminister, MayDigest
from service.web.dependencies import CurrentContext
from service.web.digest_files import MEDIA_TYPES
from service.web.forms import CheckedForm
from service.web.pages.rendering import show_page
from service.web.scope_query import read_scope, scope_groups

router = APIRouter(include_in_schema=False)

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_BETWEEN = re.compile(r"[\s,，、;；]+")
_KINDS = {kind.value: kind for kind in PeriodKind if kind is not PeriodKind.ALL}


@router.get("/digests")
def get_digests(request: Request, context: CurrentContext, account: MayDigest) -> Response:
    """The kept digests; for an administrator also schedules."""
    return _show(request, context, account)


@router.post("/digests")
def post_digest(
    request: Request, context: CurrentContext, account: MayDigest, form: CheckedForm
) -> Response:
    """Make a digest now and keep it."""
    try:
        period = parse_period(form.get("period", ""))
        scope = read_scope(context, account, form.get("scope", ""))
        keep_digest(context, period, account.name, scope)
    except InvalidInputError as error:
        return _show(request, context, account, error)
    return RedirectResponse("/digests", 303)


@router.post("/digests/schedules")
def post_schedule(
    request: Request, context: CurrentContext, account: MayAdminister, form: CheckedForm
) -> Response:
    """Add a schedule, or remove one."""
    try:
        if "remove" in form:
            remove_schedule(context, _number(form["remove"]))
        else:
            add_schedule(context, _read_schedule(context, account, form), account.name)
    except InvalidInputError as error:
        return _show(request, context, account, error)
    return RedirectResponse("/digests#schedules", 303)


@router.get("/digests/{id}.{form}")
def get_kept_document(
    context: CurrentContext,
    account: MayDigest,
    id: int,
    form: Annotated[str, Path(pattern="^(html|docx|xlsx|json)$")],
) -> Response:
    """A kept digest as a file; from then on the account has read it."""
    kept = read_kept_file(context, id, form, account)
    name = quote(f"{kept.title}.{form}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(kept.content, media_type=MEDIA_TYPES[form], headers=headers)


def _number(given: str) -> int:
    if not _NUMBER.fullmatch(given):
        raise NotFoundError(given[:40])
    return int(given)


def _read_schedule(context: Context, account: Account, form: Mapping[str, str]) -> Schedule:
    at, day = _TIME.fullmatch(form.get("at", "")), form.get("on_day", "")
    kind = _KINDS.get(form.get("kind", ""))
    if at is None or kind is None or not _NUMBER.fullmatch(day):
        raise InvalidInputError("请选择周期、第几天和时刻")
    return Schedule(
        Timing(kind, int(day), int(at[1]) * 60 + int(at[2])),
        read_scope(context, account, form.get("scope", "")),
        tuple(filter(None, _BETWEEN.split(form.get("recipients", "")))),
    )


def _show(
    request: Request,
    context: Context,
    account: Account,
    problem: InvalidInputError | None = None,
) -> Response:
    lays_down = may(account, Permission.ACCOUNTS)
    today = context.now().astimezone(SHANGHAI).date()
    return show_page(
        request,
        "digests.html.j2",
        problem.status if problem else 200,
        problem=problem,
        kept=list_kept_digests(context, account),
        forms=[suffix.removeprefix(".") for suffix in FORMS],
        last_week=period_of(today - timedelta(days=7), PeriodKind.WEEK).code,
        scopes=scope_groups(context, account),
        lays_down=lays_down,
        kinds=list(_KINDS.values()),
        schedules=list_schedules(context) if lays_down else [],
    )
