"""``/deadlines``: days of rest that deadlines are counted by, reminders, and how long data stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.provision import NoticedDay, ProvisionKind
from service.domain.reminder_policy import DAYS_ZH, MOST_DAYS, ReminderPolicy
from service.domain.retention import PERIODS, RetentionPolicy
from service.errors import CalendarError, InvalidInputError
from service.intake.calendar_rows import COLUMNS
from service.usecases.casework.reminding import save_reminder_policy, show_reminder_policy
from service.usecases.context import Context
from service.usecases.in_force.changes import list_changes
from service.usecases.in_force.work_calendar import import_calendar_text, show_calendar
from service.usecases.upkeep.retention import (
    list_expired,
    save_retention_policy,
    show_retention_policy,
)
from service.web.allowed import MayRule
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

_MAX_DIGITS = 4
_NOTICES = {
    "calendar": "放假安排已载入，未办结事项的时限已重新计算。",
    "reminders": "催办要求已保存，对未办结的事项即时有效。",
    "retention": "保存期限已保存，满七天起执行。",
}


@router.get("/deadlines")
def get_deadlines(
    request: Request,
    context: CurrentContext,
    account: MayRule,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The days that were loaded, the reminder policy, who changed them, and forms to do so."""
    return _show(request, context, notice=_NOTICES.get(done, ""))


@router.post("/deadlines/calendar")
def post_calendar(
    request: Request, context: CurrentContext, account: MayRule, form: CheckedForm
) -> Response:
    """Load the days of the form, or show it again with what is wrong in which row."""
    text = form.get("days", "")
    try:
        import_calendar_text(context, text, account.name)
    except CalendarError as error:
        return _show(request, context, text=text, errors=error.detail.splitlines())
    return RedirectResponse("/deadlines?done=calendar", 303)


@router.post("/deadlines/reminders")
def post_reminders(
    request: Request, context: CurrentContext, account: MayRule, form: CheckedForm
) -> Response:
    """Put the days of the form in force, or show it again with what is wrong."""
    try:
        policy = ReminderPolicy(**{name: _whole(form.get(name, "")) for name in DAYS_ZH})
        save_reminder_policy(context, policy, account.name)
    except InvalidInputError as error:
        return _show(request, context, errors=[error.message])
    return RedirectResponse("/deadlines?done=reminders", 303)


@router.post("/deadlines/retention")
def post_retention(
    request: Request, context: CurrentContext, account: MayRule, form: CheckedForm
) -> Response:
    """Lay the periods of the form down, or show it again with what is wrong."""
    try:
        policy = RetentionPolicy(**{name: _whole(form.get(name, "")) for name in PERIODS})
        save_retention_policy(context, policy, account.name)
    except InvalidInputError as error:
        return _show(request, context, errors=[error.message])
    return RedirectResponse("/deadlines?done=retention", 303)


def _whole(given: str) -> int:
    text = given.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        raise InvalidInputError("天数、月数、年数应为整数")
    return int(text)


def _show(
    request: Request,
    context: Context,
    *,
    notice: str = "",
    text: str = "",
    errors: Sequence[str] = (),
) -> Response:
    calendar = show_calendar(context)
    return show_page(
        request,
        "deadlines.html.j2",
        422 if errors else 200,
        calendar=calendar,
        years=_by_year(calendar.days),
        policy=show_reminder_policy(context),
        days_zh=DAYS_ZH,
        most_days=MOST_DAYS,
        columns=COLUMNS,
        reminder_changes=list_changes(context, ProvisionKind.REMINDERS),
        retention=show_retention_policy(context),
        periods=PERIODS,
        expired=list_expired(context),
        retention_changes=list_changes(context, ProvisionKind.RETENTION),
        notice=notice,
        text=text,
        errors=errors,
    )


def _by_year(days: Sequence[NoticedDay]) -> dict[int, list[NoticedDay]]:
    return {year: list(held) for year, held in groupby(days, key=lambda one: one.day.year)}
