"""``GET /api/v1/matters``: the queue and the case files, for those who are logged in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.domain.access import Permission, may
from service.usecases.matters.claims import find_claim
from service.usecases.matters.matter_file import Place, hide_receipts, show_matter
from service.usecases.matters.queue import MAX_LIMIT, list_queue
from service.usecases.matters.teach_first import list_to_teach
from service.web.allowed import MayRead
from service.web.api.documented import problems
from service.web.api.matter_models import MatterFileOut, QueueOut, as_file_out, as_queue_out
from service.web.dependencies import CurrentContext, MatterId, RowId
from service.web.matter_tags import matter_tag
from service.web.queue_query import Cursor, Order, QueueQuery, write_query

router = APIRouter(tags=["事项"])


@router.get("/matters", summary="待办", response_model=QueueOut, responses=problems(401, 422, 503))
def get_matters(
    *,
    context: CurrentContext,
    account: MayRead,
    query: QueueQuery,
    response: Response,
    cursor: Cursor = "",
    order: Order = "",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="每页件数")] = 50,
) -> QueueOut:
    """按紧急、时限、先后排列的事项；前后页的地址在 Link 响应头中。"""
    wanted = query.as_filter(account)
    page = (
        list_to_teach(context, wanted, limit)
        if order
        else list_queue(context, wanted, cursor, limit)
    )
    links = [
        f'</api/v1/matters?{write_query(query, cursor=there, limit=limit)}>; rel="{rel}"'
        for rel, there in (("next", page.next_cursor), ("prev", page.previous_cursor))
        if there
    ]
    if links:
        response.headers["Link"] = ", ".join(links)
    return as_queue_out(page, context.now())


@router.get(
    "/matters/{matter_id}",
    summary="事项的案卷",
    response_model=MatterFileOut,
    responses=problems(401, 404, 422, 503),
)
def get_matter(
    *,
    matter_id: MatterId,
    context: CurrentContext,
    account: MayRead,
    response: Response,
    after: RowId = 0,
    before: RowId = 0,
) -> MatterFileOut:
    """事项、其中的留言（个人信息已遮盖）、分类、交办和办理经过；留言多的分页。

    响应头 ETag 是事项的版本，办理时写在 If-Match 中。
    """
    response.headers.update(matter_tag(context, matter_id))
    file = show_matter(context, matter_id, Place(after=after, before=before))
    if file.next_after:
        address = f"/api/v1/matters/{file.matter.id}?after={file.next_after}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    if not may(account, Permission.READ_ORIGINAL):
        file = hide_receipts(file)
    return as_file_out(file, context.now(), find_claim(context, file.matter.id))
