"""``/``: 待办, with the views that an account keeps, and what is done to many matters at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from service.domain.access import Account
from service.domain.channel import Channel
from service.domain.claim import ClaimState
from service.domain.deadline import is_overdue
from service.domain.kind import Kind
from service.domain.labels import Labelled
from service.domain.status import OPEN_STATUSES
from service.errors import InvalidInputError
from service.usecases.accounts.accounts import list_account_names
from service.usecases.context import Context
from service.usecases.matters.access import find_visible
from service.usecases.matters.bulk import do_for_each, show_numbers
from service.usecases.matters.claims import claim_next
from service.usecases.matters.queue import Count, QueuePage, count_open_in_studios, list_queue
from service.usecases.matters.saved_views import SavedView, delete_view, save_view
from service.usecases.matters.teach_first import list_to_teach
from service.web.allowed import MayAct, MayClaim, MayOwn, MayRead
from service.web.choices import all_topic_groups, studio_groups
from service.web.dependencies import CurrentContext
from service.web.forms import CheckedForm
from service.web.matter_actions import ActionDetails, MatterAction, action_on
from service.web.pages.rendering import show_page
from service.web.queue_query import Cursor, FilterQuery, Order, QueueQuery, write_query
from service.web.queue_tabs import count_tabs, count_tiles

router = APIRouter(include_in_schema=False)

_PAGE, _MAX_FIELDS = 50, 50
_TICK = re.compile("m[1-9][0-9]{0,17}")
_NOTHING = QueuePage((), "", Count(0), frozenset(), frozenset())
_NOTICES = {
    "nothing": "这里没有无人认领的事项了。",
    "rerouted": "已改派。",
    "left": "已记入办理经过。事项现由别的工作室或政协办理，不在您的待办中了。",
}
# Those of the filters that stand in sight; the others are folded away until one is in use.
_IN_SIGHT = {"studio", "department", "topic", "status", "words", "urgent", "overdue"}


@router.get("/")
def get_queue(
    *,
    request: Request,
    context: CurrentContext,
    account: MayRead,
    query: QueueQuery,
    cursor: Cursor = "",
    order: Order = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The queue, filtered, with the counts on top; what is wrong with the filter is told in it."""
    page, error = _NOTHING, ""
    try:
        wanted = query.as_filter(account)
    except InvalidInputError as refused:
        error = refused.detail
    else:
        page = (
            list_to_teach(context, wanted, _PAGE)
            if order
            else list_queue(context, wanted, cursor, _PAGE)
        )
    now = context.now()
    return show_page(
        request,
        "queue.html.j2",
        422 if error else 200,
        page=page,
        error=error,
        overdue={
            matter.id
            for matter in page.matters
            if matter.status in OPEN_STATUSES and is_overdue(matter.due_at, now)
        },
        now=now,
        wanted=query,
        teaches_first=bool(order),
        notice=_NOTICES.get(done, ""),
        is_first_page=not cursor,
        is_filtered=bool(order or query.parts()),
        more_in_use=bool(query.parts().keys() - _IN_SIGHT),
        **_addresses(query, cursor, page),
        tiles=count_tiles(context, account),
        tabs=count_tabs(context, account, query),
        **_choices(context, account),
    )


def _addresses(query: FilterQuery, cursor: str, page: QueuePage) -> dict[str, str]:
    """Where the pages before and behind are; "" where there is none."""
    return {
        "here_query": write_query(query, cursor=cursor),
        "first_query": write_query(query),
        "next_query": write_query(query, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_query": write_query(query, cursor=page.previous_cursor)
        if page.previous_cursor
        else "",
    }


def _choices(context: Context, account: Account) -> dict[str, object]:
    """What the filters offer."""
    organisation = context.triage.organisation
    return {
        "studios": studio_groups(organisation, count_open_in_studios(context, account.scope)),
        "departments": [department.name for department in organisation.departments],
        "committees": [(one.code, one.name) for one in organisation.committees],
        "members": [(one.code, one.name) for one in organisation.members],
        "topics": all_topic_groups(context.triage.taxonomy),
        "kind_choices": _labelled(Kind),
        "claim_choices": _labelled(ClaimState),
        "channel_choices": _labelled(Channel),
        "accounts": list_account_names(context),
    }


def _labelled(kind: type[Labelled]) -> list[tuple[str, str]]:
    return [(one.value, one.label_zh) for one in kind]


@router.post("/queue/bulk")
def post_bulk(
    request: Request, context: CurrentContext, account: MayAct, form: CheckedForm
) -> Response:
    """Do one thing with all matters that were ticked, and show what came of each."""
    details = ActionDetails(
        account=form.get("account", ""), studio=form.get("studio", ""), note=form.get("note", "")
    )
    ticked = [int(name[1:]) for name in form if _TICK.fullmatch(name)]
    if not ticked:
        raise InvalidInputError("请先勾选事项")
    action = _action(form.get("action", ""))
    results = do_for_each(context, ticked, action_on(context, action, details, account))
    return show_page(
        request,
        "bulk.html.j2",
        action=action,
        results=results,
        numbers=show_numbers(context, sorted(find_visible(context, account, ticked))),
        back=f"/?{form.get('query', '')}",
    )


@router.post("/queue/next")
def post_next(context: CurrentContext, account: MayClaim, form: CheckedForm) -> Response:
    """Claim the first matter of the queue in sight that nobody holds, and open it."""
    query = _query(form)
    claim = claim_next(context, query.as_filter(account), account.name)
    if claim is None:
        return RedirectResponse(f"/?{write_query(query, done='nothing')}", 303)
    return RedirectResponse(f"/matters/{claim.matter_id}?done=claimed", 303)


@router.post("/views")
def post_view(context: CurrentContext, account: MayOwn, form: CheckedForm) -> Response:
    """Keep a filter under a name, or delete one."""
    name, is_shared = form.get("name", "").strip(), form.get("shared") == "1"
    if form.get("do") == "delete":
        delete_view(context, account, name, is_shared)
        return RedirectResponse("/", 303)
    query = _query(form)
    query.as_filter(account)
    save_view(context, account, SavedView(name, query.parts(), is_shared))
    return RedirectResponse(f"/?{write_query(query)}", 303)


def _action(name: str) -> MatterAction:
    try:
        return MatterAction(name)
    except ValueError as error:
        raise InvalidInputError("请选择要做什么") from error


def _query(form: Mapping[str, str]) -> FilterQuery:
    try:
        return FilterQuery.model_validate(_parsed(form.get("query", "")))
    except ValidationError as error:
        asked = [{**each, "loc": ("query", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(asked) from error


def _parsed(query: str) -> dict[str, object]:
    """A query string as the filter takes it: only a status may stand several times."""
    try:
        given = parse_qs(query, max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise InvalidInputError("筛选条件过多") from error
    return {name: values if name == "status" else values[-1] for name, values in given.items()}
