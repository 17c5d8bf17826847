"""A search as it stands in an address; the same for the page and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from service.domain.channel import Channel
from service.domain.document import DocumentKind
from service.domain.kind import Kind
from service.domain.labels import Labelled
from service.domain.status import MatterStatus
from service.errors import InvalidInputError
from service.triage.search_words import MAX_CHARS
from service.usecases.matters.search import SearchFilter
from service.web.allowed import MaySearch
from service.web.queue_query import Flag, Word

Day = Annotated[str, Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", description="如 2026-03-01")]
Code = Annotated[str, Query(max_length=20)]


@dataclass(frozen=True, slots=True)
class WantedSearch:
    """The words as they were typed, and the filter."""

    typed: str
    filter: SearchFilter


def read_search(
    *,
    account: MaySearch,
    q: Annotated[
        str,
        Query(max_length=MAX_CHARS, description="词语须都出现；“引号”中的须连续；减号后的须不出现"),
    ] = "",
    since: Day = "",
    until: Day = "",
    topic: Annotated[
        str, Query(pattern="^([0-9]{2}|[0-9]{4})?$", description="一级或二级主题编码")
    ] = "",
    department: Word = "",
    status: Code = "",
    kind: Code = "",
    place: Word = "",
    channel: Code = "",
    studio: Word = "",
    document: Annotated[str, Query(max_length=20, description="message 来信，reply 答复")] = "",
    urgent: Flag = None,
) -> WantedSearch:
    """The search that the query names; what it leaves out is not filtered by.

    Raises
    ------
    InvalidInputError
        There is no such day, status, kind, channel or document.
    """
    wanted = SearchFilter(
        since=_day(since),
        until=_day(until),
        topic=topic,
        department=department,
        status=_known(status, MatterStatus, "状态"),
        kind=_known(kind, Kind, "诉求类型"),
        place=place.strip(),
        channel=_known(channel, Channel, "渠道"),
        studio=studio,
        document=_known(document, DocumentKind, "文档类别"),
        urgent=urgent,
        scope=account.scope,
    )
    return WantedSearch(q, wanted)


AskedSearch = Annotated[WantedSearch, Depends(read_search)]


def write_search(asked: WantedSearch, cursor: str = "") -> str:
    """The query string that names a search (and a page)."""
    wanted = asked.filter
    parts = {
        "q": asked.typed,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "topic": wanted.topic,
        "department": wanted.department,
        "status": wanted.status,
        "kind": wanted.kind,
        "place": wanted.place,
        "channel": wanted.channel,
        "studio": wanted.studio,
        "document": wanted.document,
        "urgent": "" if wanted.urgent is None else str(int(wanted.urgent)),
        "cursor": cursor,
    }
    return urlencode({name: value for name, value in parts.items() if value})


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise InvalidInputError("日期不正确") from error


def _known(value: str, values: type[Labelled], name: str) -> str:
    if value not in {"", *(one.value for one in values)}:
        raise InvalidInputError(f"{name}不正确")
    return value
