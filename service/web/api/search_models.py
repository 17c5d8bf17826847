"""JSON of what was found. Texts are masked; marks are places in them, in characters from 0."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from service.domain.deadline import SHANGHAI
from service.usecases.matters.search import Hit, MatterFound, SearchPage


class MatterFoundOut(BaseModel):
    """所在的事项。"""

    id: int
    number: str = Field(description="事项编号", examples=["2026-000123"])
    title: str
    status: str
    topic: str = Field(description="主题编码，未分类为空")
    department: str
    kind: str = Field(description="诉求类型")
    place: str
    studio: str
    is_urgent: bool


class MatterNamedOut(BaseModel):
    """编号或回执码所指的事项。"""

    id: int
    number: str = Field(examples=["2026-000123"])
    title: str
    status: str


class SnippetOut(BaseModel):
    """正文中所找词语最集中的一段，约 120 字。"""

    text: str
    start: int = Field(description="在正文中的起点")
    is_cut: bool = Field(description="后面还有正文")
    marks: list[tuple[int, int]] = Field(description="词语在本段中的起止")


class HitOut(BaseModel):
    """找到的一条。"""

    document: str = Field(description="message 来信，reply 答复")
    day: date = Field(description="来信或答复的日期")
    message_id: int
    channel: str
    sent_at: datetime = Field(description="来信的时间")
    title: str
    title_marks: list[tuple[int, int]] = Field(description="词语在标题中的起止")
    snippet: SnippetOut
    relation: str = Field(description="来信与事项的关系")
    matter: MatterFoundOut


class SearchOut(BaseModel):
    """检索结果的一页，新的在前。"""

    hits: list[HitOut]
    next_cursor: str = Field(description="下一页的 cursor，没有为空；Link 响应头中也有")
    until_now: date | None = Field(
        description="本页未满就已查了很多时，查到的日期；用 next_cursor 继续"
    )
    exact: list[MatterNamedOut] = Field(description="输入的是编号或回执码时，所指的事项")
    department: str = Field(description="输入的是承办单位的名称时，该单位")


def as_search_out(page: SearchPage) -> SearchOut:
    """A page as JSON."""
    return SearchOut(
        hits=[_hit(hit) for hit in page.hits],
        next_cursor=page.next_cursor,
        until_now=page.until_now,
        exact=[
            MatterNamedOut(id=one.id, number=one.number, title=one.title, status=one.status.value)
            for one in page.exact
        ],
        department=page.department,
    )


def _hit(hit: Hit) -> HitOut:
    snippet = hit.snippet
    return HitOut(
        document=hit.kind.value,
        day=hit.day,
        message_id=hit.message_id,
        channel=hit.channel.value,
        sent_at=hit.sent_at.astimezone(SHANGHAI),
        title=hit.title.text,
        title_marks=list(hit.title.marks),
        snippet=SnippetOut(
            text=snippet.text,
            start=snippet.start,
            is_cut=snippet.is_cut,
            marks=list(snippet.marks),
        ),
        relation=hit.relation.value,
        matter=_matter(hit.matter),
    )


def _matter(found: MatterFound) -> MatterFoundOut:
    return MatterFoundOut(
        id=found.id,
        number=found.number,
        title=found.title,
        status=found.status.value,
        topic=found.topic,
        department=found.department,
        kind=found.kind,
        place=found.place,
        studio=found.studio,
        is_urgent=found.is_urgent,
    )
