"""The tiles and tabs above the queue: its usual filters and the views that were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from service.domain.access import Account
from service.errors import InvalidInputError
from service.usecases.context import Context
from service.usecases.matters.queue import Count, count_queues
from service.usecases.matters.saved_views import SavedView, list_views
from service.web.queue_query import FilterQuery, write_query

_COUNTED = 99
_TILES: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("全部待办", "", {}),
    ("待复核", "amber", {"status": ["review"]}),
    ("已交办", "", {"status": ["assigned"]}),
    ("紧急", "red", {"urgent": "1"}),
    ("超期", "red", {"overdue": "1"}),
    ("已办结", "green", {"status": ["closed"]}),
)
_TABS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("全部", {}),
    ("我认领的", {"claim": "me"}),
    ("无人认领", {"claim": "nobody"}),
    ("待认定", {"waits": "1"}),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A usual filter with its count, in the colour of ``tone``."""

    label: str
    tone: str
    address: str
    count: Count


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter under a name with its count; ``view`` is None where nobody kept it."""

    name: str
    address: str
    count: Count
    is_here: bool
    view: SavedView | None


def count_tiles(context: Context, account: Account) -> list[Tile]:
    """The usual filters, counted up to 1,000."""
    queries = [FilterQuery.model_validate(parts) for *_, parts in _TILES]
    counts = count_queues(context, [query.as_filter(account) for query in queries])
    return [
        Tile(label, tone, _address(query), count)
        for (label, tone, _), query, count in zip(_TILES, queries, counts, strict=True)
    ]


def count_tabs(context: Context, account: Account, here: FilterQuery) -> list[Tab]:
    """The claims' filters and the views of an account, counted up to 99.

    A view that an older version kept and that says nothing any more is left out.
    """
    named: list[tuple[str, Mapping[str, Any], SavedView | None]] = [
        *((name, parts, None) for name, parts in _TABS),
        *((view.name, view.filter, view) for view in list_views(context, account)),
    ]
    read = [(name, query, view) for name, parts, view in named if (query := _read(parts, account))]
    filters = [query.as_filter(account) for _, query, _ in read]
    counts = count_queues(context, filters, _COUNTED)
    return [
        Tab(name, _address(query), count, query.parts() == here.parts(), view)
        for (name, query, view), count in zip(read, counts, strict=True)
    ]


def _read(parts: Mapping[str, Any], account: Account) -> FilterQuery | None:
    try:
        query = FilterQuery.model_validate(parts)
        query.as_filter(account)
    except (ValidationError, InvalidInputError):
        return None
    return query


def _address(query: FilterQuery) -> str:
    written = write_query(query)
    return f"/?{written}" if written else "/"
