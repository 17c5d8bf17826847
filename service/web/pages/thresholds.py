"""``/thresholds``: the precision wanted for going out without a look, and what it costs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.provision import ProvisionKind
from service.domain.review_policy import QUESTIONS_ZH, ReviewPolicy
from service.errors import InvalidInputError
from service.usecases.administration.joining import (
    JOIN_CHOICES,
    save_join_precision,
    show_joining,
)
from service.usecases.administration.thresholds import (
    FEWEST_CORRECTIONS,
    save_policy,
    show_thresholds,
)
from service.usecases.context import Context
from service.usecases.in_force.changes import HISTORY, list_changes
from service.web.allowed import MayRule
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

CHOICES = (0.9, 0.95, 0.98, 0.99)


@router.get("/thresholds")
def get_thresholds(
    request: Request,
    context: CurrentContext,
    account: MayRule,
    precision: Annotated[str, Query(max_length=10)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The usual precisions, or the one asked about, with what each costs."""
    try:
        wanted = (_read(precision),) if precision else CHOICES
        return _show(request, context, wanted, is_saved=bool(done))
    except InvalidInputError as error:
        return _show(request, context, CHOICES, error.message)


@router.post("/thresholds")
def post_thresholds(
    request: Request, context: CurrentContext, account: MayRule, form: CheckedForm
) -> Response:
    """Put the precisions of the form in force, or show it again with what is wrong."""
    try:
        chosen = {q: _read(form[q]) if form.get(q) else None for q in QUESTIONS_ZH}
        save_policy(context, ReviewPolicy(**chosen), account.name)
    except InvalidInputError as error:
        return _show(request, context, CHOICES, error.message)
    return RedirectResponse("/thresholds?done=saved", 303)


@router.post("/thresholds/joining")
def post_join_precision(
    request: Request, context: CurrentContext, account: MayRule, form: CheckedForm
) -> Response:
    """Put the precision of joining in force, or show the page again with what is wrong."""
    try:
        typed = form.get("precision", "")
        save_join_precision(context, _read(typed) if typed else None, account.name)
    except InvalidInputError as error:
        return _show(request, context, CHOICES, error.message)
    return RedirectResponse("/thresholds?done=saved", 303)


def _read(percent: str) -> float:
    """A precision from what a form says in percent."""
    try:
        return round(float(percent) / 100, 6)
    except ValueError:
        raise InvalidInputError("准确率应为百分数，如 98") from None


def _show(
    request: Request,
    context: Context,
    precisions: tuple[float, ...],
    error: str = "",
    is_saved: bool = False,
) -> Response:
    shown = show_thresholds(context, precisions)
    kinds = ProvisionKind.REVIEW, ProvisionKind.JOINING
    changes = [change for kind in kinds for change in list_changes(context, kind)]
    return show_page(
        request,
        "thresholds.html.j2",
        422 if error else 200,
        shown=shown,
        policy={question: shown.policy.wanted.get(question) for question in QUESTIONS_ZH},
        questions=QUESTIONS_ZH,
        untried_zh="、".join(QUESTIONS_ZH[question] for question in shown.untried),
        choices=CHOICES,
        precision=precisions[0] if len(precisions) == 1 else None,
        fewest=FEWEST_CORRECTIONS,
        joining=show_joining(context, JOIN_CHOICES),
        changes=sorted(changes, key=lambda change: change.at, reverse=True)[:HISTORY],
        error=error,
        is_saved=is_saved,
    )
