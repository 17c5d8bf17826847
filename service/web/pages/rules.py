"""``/rules``: the administrator's rules as a table, changed as the text of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.provision import ProvisionKind
from service.domain.standing_rule import StandingRule
from service.errors import InvalidInputError, RulesError
from service.intake.rule_overlap import idle_rules
from service.intake.rule_rows import BOM, COLUMNS, read_rules_text, write_rules_text
from service.usecases.administration.duty_suggestions import (
    accept_duty,
    decline_duty,
    draft_duty_rules,
    find_duty_suggestion,
    list_duty_suggestions,
)
from service.usecases.administration.rules import import_rules_text, known_names, list_rules
from service.usecases.administration.trial_texts import trial_lines
from service.usecases.administration.try_rules import FirstChanges, RuleChange, try_rules
from service.usecases.context import Context
from service.usecases.in_force.changes import list_changes
from service.web.allowed import MayRule
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm
from service.web.pages.rendering import show_page

router = APIRouter(include_in_schema=False)

_SHOWN = 100
_DECIDE = {"accept": accept_duty, "decline": decline_duty}
_DONE_ZH = {
    "saved": "已保存，对此后收到的留言有效。",
    "accept": "已采纳，成为一条规则，对此后收到的留言有效。",
    "decline": "已记下不采纳；该主题已答复、办结的事项翻一倍之前不再提出。",
}


@router.get("/rules")
def get_rules(
    request: Request,
    context: CurrentContext,
    account: MayRule,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The rules in force, who changed them, and a form to change them."""
    return _show(request, context, write_rules_text(list_rules(context)), done=done)


@router.post("/rules")
def post_rules(
    request: Request, context: CurrentContext, account: MayRule, form: CheckedForm
) -> Response:
    """Put the rules of the form in force, or show it again with what is wrong in which row."""
    text = form.get("rules", "")
    try:
        import_rules_text(context, text, account.name)
    except RulesError as error:
        return _show(request, context, text, error.detail.splitlines())
    return RedirectResponse("/rules?done=saved", 303)


@router.post("/rules/try")
def post_trial(
    request: Request, context: CurrentContext, account: MayRule, form: CheckedForm
) -> Response:
    """Show what the rules of the form would decide otherwise; nothing is changed."""
    text = form.get("rules", "")
    try:
        return _show_trial(request, context, text, read_rules_text(text, known_names(context)))
    except RulesError as error:
        return _show(request, context, text, error.detail.splitlines())


@router.post("/rules/suggestions")
def post_suggestion(
    request: Request, context: CurrentContext, account: MayRule, form: CheckedForm
) -> Response:
    """Accept or decline a suggestion 职责目录建议, or show what its rule would decide otherwise."""
    which = form.get("topic", ""), form.get("department", "")
    decision = form.get("decision", "")
    if decision == "try":
        draft = draft_duty_rules(context, [find_duty_suggestion(context, *which)])
        return _show_trial(request, context, write_rules_text(draft), draft)
    decide = _DECIDE.get(decision)
    if decide is None:
        raise InvalidInputError("请选择采纳、不采纳或试运行")
    decide(context, *which, account.name)
    return RedirectResponse(f"/rules?done={decision}", 303)


@router.get("/rules.csv")
def get_file(context: CurrentContext, account: MayRule) -> Response:
    """The rules in force as a CSV file."""
    content = (BOM + write_rules_text(list_rules(context))).encode()
    headers = {"Content-Disposition": 'attachment; filename="rules.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _show_trial(
    request: Request, context: Context, text: str, draft: tuple[StandingRule, ...]
) -> Response:
    shown = FirstChanges(_SHOWN)
    trial = try_rules(context, draft, shown.note)
    lines = [*trial_lines(trial), *idle_rules(draft, context.triage.taxonomy)]
    return _show(request, context, text, trial=lines, changes_of_trial=shown.changes)


def _show(
    request: Request,
    context: Context,
    text: str,
    errors: Sequence[str] = (),
    done: str = "",
    trial: Sequence[str] = (),
    changes_of_trial: Sequence[RuleChange] = (),
) -> Response:
    in_force = list_rules(context)
    return show_page(
        request,
        "rules.html.j2",
        422 if errors else 200,
        rules=in_force,
        changes=list_changes(context, ProvisionKind.RULES),
        columns=COLUMNS,
        warnings=idle_rules(in_force, context.triage.taxonomy),
        text=text,
        errors=errors,
        done_zh=_DONE_ZH.get(done, ""),
        suggestions=list_duty_suggestions(context),
        trial=trial,
        changes_of_trial=changes_of_trial,
    )
