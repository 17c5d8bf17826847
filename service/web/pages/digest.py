"""``/digest``: 民情汇总, shown and to download."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response

from service.digest.form import render
from service.digest.periods import ALL_TIME, Period, PeriodKind, parse_period, period_of
from service.digest.red_head import RedHead, read_red_head
from service.domain.deadline import SHANGHAI
from service.errors import InvalidInputError
from service.usecases.digests.digest import make_digest
from service.web.allowed import MayDigest
from service.web.dependencies import CurrentContext
from service.web.digest_files import MEDIA_TYPES
from service.web.head_query import AskedHead, head_query
from service.web.pages.rendering import show_page
from service.web.scope_query import AskedScope, ChosenScope, scope_groups, scope_query

router = APIRouter(include_in_schema=False)

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


@router.get("/digest")
def get_digest(
    *,
    request: Request,
    context: CurrentContext,
    account: MayDigest,
    scope: ChosenScope,
    red_head: Annotated[str, Query(max_length=100)] = "",
    document_number: Annotated[str, Query(max_length=100)] = "",
    period: Annotated[str, Query(max_length=40)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    day: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Choose a period: by its code, or by a kind and a day in it; last week unless told."""
    today = context.now().astimezone(SHANGHAI).date()
    chosen, error = _choose(period, kind, day, context.now())
    head, fault = _read_head(red_head, document_number)
    asked = "&".join(part for part in (scope_query(scope), head_query(head)) if part)
    return show_page(
        request,
        "digest.html.j2",
        422 if error or fault else 200,
        chosen=chosen,
        is_all=chosen.kind is PeriodKind.ALL,
        error=error or fault,
        day=min(chosen.last_day, today),
        kinds_of_period=list(PeriodKind),
        shortcuts=_shortcuts(today),
        scope=scope,
        scope_value=f"{scope.kind.value}:{scope.key}",
        red_head=red_head,
        document_number=document_number,
        asked_query=asked,
        scopes=scope_groups(context, account),
    )


def _choose(period: str, kind: str, day: str, now: datetime) -> tuple[Period, str]:
    """The period asked for, or last week with what is wrong with the one asked for."""
    today = now.astimezone(SHANGHAI).date()
    last_week = period_of(today - timedelta(days=7), PeriodKind.WEEK)
    try:
        chosen = _read_period(period, kind, day) or last_week
        if chosen.kind is not PeriodKind.ALL and chosen.first_day > today:
            raise InvalidInputError(f"{chosen.label_zh}尚未开始，没有可汇总的留言")
    except InvalidInputError as error:
        return last_week, error.message
    return chosen, ""


def _read_head(authority: str, number: str) -> tuple[RedHead | None, str]:
    """The red head asked for, or none with what is wrong with it."""
    try:
        return read_red_head(authority, number), ""
    except InvalidInputError as error:
        return None, error.message


def _read_period(period: str, kind: str, day: str) -> Period | None:
    if period:
        return parse_period(period)
    if not (kind and day):
        return None
    try:
        found = period_of(date.fromisoformat(day), PeriodKind(kind))
    except (ValueError, OverflowError):
        raise InvalidInputError("请选择周期和日期") from None
    return parse_period(found.code)


def _shortcuts(today: date) -> list[tuple[str, Period]]:
    """The periods asked for most: the current one and the last one of each kind."""
    names = {
        PeriodKind.WEEK: ("上周", "本周"),
        PeriodKind.MONTH: ("上月", "本月"),
        PeriodKind.QUARTER: ("上季", "本季"),
        PeriodKind.YEAR: ("去年", "今年"),
    }
    found = []
    for kind, (last, current) in names.items():
        now = period_of(today, kind)
        found += [(last, now.previous()), (current, now)]
    return [*found, ("全部", ALL_TIME)]


@router.get("/digest/{code}.{form}")
def get_document(
    *,
    context: CurrentContext,
    account: MayDigest,
    code: Annotated[str, Path(max_length=40)],
    form: Annotated[str, Path(pattern="^(html|docx|xlsx|json)$")],
    scope: AskedScope,
    head: AskedHead,
    inline: Annotated[str, Query(pattern="^(|1)$")] = "",
) -> Response:
    """The digest as a file; as HTML also to be shown inside the page."""
    digest = make_digest(context, parse_period(code), scope, head)
    content = render(digest, f".{form}")
    if form == "html" and inline:
        headers = {"Content-Security-Policy": _frame_policy(content)}
    else:
        name = quote(f"{digest.title}.{form}")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _frame_policy(content: bytes) -> str:
    """The digest brings its own style sheet: only that one may apply, and only we may frame it."""
    found = _STYLE.search(content)
    style = hashlib.sha256(found[1] if found else b"").digest()
    source = f"'sha256-{base64.b64encode(style).decode()}'"
    return f"default-src 'none'; style-src {source}; base-uri 'none'; frame-ancestors 'self'"
