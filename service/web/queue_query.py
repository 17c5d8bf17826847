"""The queue's filter as it stands in an address; the same for pages and API."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from service.domain.access import Account
from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.kind import Kind
from service.domain.status import MatterStatus
from service.errors import InvalidInputError
from service.usecases.matters.queue import QueueFilter

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
_TRUTHS = {"": None, "0": False, "false": False, "1": True, "true": True}
_DAY = r"^((19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2})?$"


def _flag(given: object) -> object:
    return _TRUTHS.get(given, given) if isinstance(given, str) else given


def _texts(given: object) -> object:
    """An empty text among several, as forms send it, says nothing."""
    return [each for each in given if each != ""] if isinstance(given, list) else given


Word = Annotated[str, Field(max_length=100, pattern=_PRINTABLE)]
Flag = Annotated[StrictBool | None, BeforeValidator(_flag)]
Day = Annotated[str, Field(pattern=_DAY, examples=["2026-03-05"])]
Order = Annotated[
    str,
    Query(pattern="^(|teach)$", description="teach：待复核中，最能教会分类模型的在前，不分页"),
]
Cursor = Annotated[str, Query(max_length=200, description="上一页给出的翻页标记")]


class FilterQuery(BaseModel):
    """待办的筛选条件；不写的不限。"""

    model_config = ConfigDict(frozen=True)

    studio: Word = Field(default="", description="委员工作室编号")
    department: Word = Field(default="", description="承办单位")
    committee: Word = Field(default="", description="政协编号")
    member: Word = Field(default="", description="委员编号")
    place: Word = Field(default="", description="地点，与事项的完全相同")
    kind: Word = Field(default="", description="诉求类型")
    topic: Annotated[
        str, Field(pattern="^([0-9]{2}([0-9]{2})?)?$", description="一级或二级主题编码")
    ] = ""
    channel: Word = Field(default="", description="渠道，其中任何一条留言的")
    status: Annotated[
        list[Annotated[str, Field(max_length=20)]],
        BeforeValidator(_texts),
        Field(
            max_length=20, description="、".join(one.value for one in MatterStatus) + "，可写几个"
        ),
    ] = []
    urgent: Flag = Field(default=None, description="1 或 0，空为不限")
    overdue: Flag = Field(default=None, description="1 或 0，空为不限")
    waits: Flag = Field(
        default=None, description="1：待复核，或可能是同一件事、可能有几件事、建议改派"
    )
    supervised: Flag = Field(default=None, description="督办的：1 或 0，空为不限")
    extension: Flag = Field(default=None, description="申请延期、等待决定的：1 或 0，空为不限")
    due_before: Day = Field(default="", description="最后期限早于这一天")
    opened_from: Day = Field(default="", description="这一天起受理")
    opened_to: Day = Field(default="", description="到这一天为止受理")
    claim: Annotated[
        str, Field(pattern="^(|me|nobody|someone)$", description="由我、无人、有人认领")
    ] = ""
    words: Word = Field(default="", description="标题中的字词")

    def as_filter(self, account: Account) -> QueueFilter:
        """The filter, as one account asks for it.

        Raises
        ------
        InvalidInputError
            There is no such status, kind, channel or day, or the first day is after the last.
        """
        _check_known("状态", self.status, MatterStatus)
        _check_known("诉求类型", filter(None, [self.kind]), Kind)
        _check_known("渠道", filter(None, [self.channel]), Channel)
        opened_from, opened_before = _begin_of(self.opened_from), _begin_of(self.opened_to, 1)
        if opened_from and opened_before and opened_from >= opened_before:
            raise InvalidInputError("受理的起始日期晚于截止日期")
        return QueueFilter(
            studio=self.studio,
            department=self.department,
            committee=self.committee,
            member=self.member,
            place=self.place,
            kind=self.kind,
            topic=self.topic,
            channel=self.channel,
            statuses=tuple(dict.fromkeys(self.status)),
            urgent=self.urgent,
            overdue=self.overdue,
            waits=self.waits,
            supervised=self.supervised,
            extension=self.extension,
            due_by=_begin_of(self.due_before),  # the end of the day before
            opened_from=opened_from,
            opened_before=opened_before,
            claim=self.claim,
            account=account.name,
            scope=account.scope,
            words=self.words.strip(),
        )

    def parts(self) -> dict[str, Any]:
        """What is filtered by, as it stands in an address: texts, and a list of statuses."""
        written = self.model_dump(exclude_defaults=True)
        told = {n: str(int(v)) if isinstance(v, bool) else v for n, v in written.items()}
        return {name: value for name, value in told.items() if value not in (None, "", [])}


class FilterIn(FilterQuery):
    """待办的筛选条件；不写的不限，写错的不收。"""

    model_config = ConfigDict(extra="forbid")


def _check_known(what: str, values: Any, kind: Any) -> None:
    if not {one.value for one in kind}.issuperset(values):
        raise InvalidInputError(f"{what}不正确")


def _begin_of(day: str, days_later: int = 0) -> datetime | None:
    """Midnight in Asia/Shanghai at the begin of a day, None for no day."""
    if not day:
        return None
    try:
        begin = date.fromisoformat(day) + timedelta(days=days_later)
    except ValueError as error:
        raise InvalidInputError(f"没有 {day} 这一天") from error
    return datetime.combine(begin, time(), SHANGHAI)


def read_query(query: Annotated[FilterQuery, Query()]) -> FilterQuery:
    """The filter as the address names it."""
    return query


QueueQuery = Annotated[FilterQuery, Depends(read_query)]


def write_query(query: FilterQuery, **more: object) -> str:
    """The query string that names a filter (and what else is given), "" for none."""
    parts = {**query.parts(), **{name: value for name, value in more.items() if value}}
    return urlencode(parts, doseq=True)
