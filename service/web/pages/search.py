"""``/search``: 检索."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.errors import InvalidInputError
from service.usecases.matters.search import SearchFilter, SearchPage, search
from service.web.allowed import MaySearch
from service.web.choices import studio_groups
from service.web.dependencies import CurrentContext
from service.web.pages.rendering import show_page
from service.web.queue_query import Cursor
from service.web.search_query import AskedSearch, write_search

router = APIRouter(include_in_schema=False)

_NOTHING = SearchPage((), "", None, (), "")


@router.get("/search")
def get_search(
    request: Request,
    context: CurrentContext,
    account: MaySearch,
    asked: AskedSearch,
    cursor: Cursor = "",
) -> Response:
    """What was found, with the words marked; only the form where nothing was typed yet."""
    found, error = _NOTHING, ""
    if asked.typed.strip():
        try:
            found = search(context, asked.typed, asked.filter, cursor)
        except InvalidInputError as refused:
            error = refused.detail
    triage = context.triage
    return show_page(
        request,
        "search.html.j2",
        422 if error else 200,
        found=found,
        error=error,
        typed=asked.typed,
        wanted=asked.filter,
        is_filtered=asked.filter != SearchFilter(scope=account.scope),
        is_first_page=not cursor,
        first_query=write_search(asked),
        next_query=write_search(asked, found.next_cursor) if found.next_cursor else "",
        studios=studio_groups(triage.organisation),
        departments=[department.name for department in triage.organisation.departments],
        topics=triage.taxonomy.codes(1),
    )
