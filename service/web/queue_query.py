"""The queue's filter as it stands in an address; the same for pages and API."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from service.domain.status import MatterStatus
from service.errors import InvalidInputError
from service.usecases.queue import QueueFilter

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Word = Annotated[str, Query(max_length=100, pattern=_PRINTABLE)]
Flag = Annotated[str, Query(pattern="^(|0|1|true|false)$", description="1 或 0，空为不限")]
Order = Annotated[
    str,
    Query(pattern="^(|teach)$", description="teach：待复核中，最能教会分类模型的在前，不分页"),
]
Cursor = Annotated[str, Query(max_length=200, description="上一页给出的翻页标记")]


def read_filter(
    *,
    studio: Word = "",
    department: Word = "",
    topic: Annotated[str, Query(pattern="^([0-9]{2})?$", description="一级主题编码")] = "",
    status: Annotated[
        str, Query(max_length=20, description="received、review、assigned、closed")
    ] = "",
    urgent: Flag = "",
    overdue: Flag = "",
    words: Annotated[
        str, Query(max_length=100, pattern=_PRINTABLE, description="标题中的字词")
    ] = "",
) -> QueueFilter:
    """The filter that the query names; what it leaves out is not filtered by.

    Raises
    ------
    InvalidInputError
        There is no such status.
    """
    if status not in {"", *(one.value for one in MatterStatus)}:
        raise InvalidInputError("状态不正确")
    return QueueFilter(
        studio=studio,
        department=department,
        topic_l1=topic,
        status=status,
        urgent=_flag(urgent),
        overdue=_flag(overdue),
        words=words.strip(),
    )


WantedQueue = Annotated[QueueFilter, Depends(read_filter)]


def write_filter(wanted: QueueFilter, cursor: str = "") -> str:
    """The query string that names a filter (and a page), "" for none."""
    parts = {
        "studio": wanted.studio,
        "department": wanted.department,
        "topic": wanted.topic_l1,
        "status": wanted.status,
        "urgent": _written(wanted.urgent),
        "overdue": _written(wanted.overdue),
        "words": wanted.words,
        "cursor": cursor,
    }
    return urlencode({name: value for name, value in parts.items() if value})


def _flag(written: str) -> bool | None:
    return None if not written else written in ("1", "true")


def _written(flag: bool | None) -> str:
    return "" if flag is None else str(int(flag))
