"""``/``: 待办."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.domain.deadline import is_overdue
from service.usecases.context import Context
from service.usecases.queue import count_queue_by_studio, list_queue
from service.usecases.status import count_all
from service.usecases.teach_first import list_to_teach
from service.web.choices import studio_groups
from service.web.dependencies import CurrentContext, LoggedIn
from service.web.pages.rendering import show_page
from service.web.queue_query import Cursor, Order, WantedQueue, write_filter

router = APIRouter(include_in_schema=False)

_PAGE = 50


@router.get("/")
def get_queue(
    *,
    request: Request,
    context: CurrentContext,
    account: LoggedIn,
    wanted: WantedQueue,
    cursor: Cursor = "",
    order: Order = "",
) -> Response:
    """The queue, filtered, with the counts on top."""
    page = (
        list_to_teach(context, wanted, _PAGE)
        if order
        else list_queue(context, wanted, cursor, _PAGE)
    )
    now = context.now()
    return show_page(
        request,
        "queue.html.j2",
        counts=count_all(context),
        matters=page.matters,
        suggested=page.suggested,
        offered=page.offered,
        total=page.total,
        overdue={matter.id for matter in page.matters if is_overdue(matter.due_at, now)},
        now=now,
        wanted=wanted,
        teaches_first=bool(order),
        is_filtered=bool(order or write_filter(wanted)),
        is_first_page=not cursor,
        first_query=write_filter(wanted),
        next_query=write_filter(wanted, page.next_cursor) if page.next_cursor else "",
        **_choices(context),
    )


def _choices(context: Context) -> dict[str, object]:
    """What the filters offer."""
    triage = context.triage
    return {
        "studios": studio_groups(triage.organisation, dict(count_queue_by_studio(context))),
        "departments": [department.name for department in triage.organisation.departments],
        "topics": triage.taxonomy.codes(1),
    }
