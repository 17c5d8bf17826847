"""``GET /api/v1/search``: messages and answers by their words, for those who are logged in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.usecases.matters.search import MAX_LIMIT, search
from service.web.allowed import MaySearch
from service.web.api.documented import problems
from service.web.api.search_models import SearchOut, as_search_out
from service.web.dependencies import CurrentContext
from service.web.queue_query import Cursor
from service.web.search_query import AskedSearch, write_search

router = APIRouter(tags=["检索"])


@router.get(
    "/search", summary="全文检索", response_model=SearchOut, responses=problems(401, 422, 503)
)
def get_search(
    *,
    context: CurrentContext,
    account: MaySearch,
    asked: AskedSearch,
    response: Response,
    cursor: Cursor = "",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="每页条数")] = 20,
) -> SearchOut:
    """在来信和答复（个人信息已遮盖）中检索，新的在前；下一页的地址在 Link 响应头中。"""
    page = search(context, asked.typed, asked.filter, cursor, limit)
    if page.next_cursor:
        query = write_search(asked, page.next_cursor)
        response.headers["Link"] = f'</api/v1/search?{query}&limit={limit}>; rel="next"'
    return as_search_out(page)
