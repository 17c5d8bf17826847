"""热点事项: a table of all, then each with its place, state and quotes."""

from __future__ import annotations

from service.digest.hot import HEAT_ZH, HotMatter
from service.digest.outline.blocks import (
    Block,
    Column,
    ColumnKind,
    Paragraph,
    Quote,
    Row,
    Subheading,
    Table,
)
from service.digest.outline.words import PERIOD_WORDS, chinese_number
from service.digest.report import Digest
from service.domain.deadline import SHANGHAI

_TOLD = 5  # matters told at length; the table has them all


def hot_blocks(digest: Digest) -> tuple[Block, ...]:
    """The hot matters, or a sentence that there are none."""
    words = PERIOD_WORDS[digest.period.kind]
    if not digest.hot:
        return (Paragraph(f"{words.this}没有两人以上共同反映的事项。"),)
    opening = Paragraph(
        f"{words.this}反映人数较多的事项有{len(digest.hot)}件，按热度指数由高到低列于下表。"
        f"{HEAT_ZH}。"
    )
    told = [
        block
        for place, hot in enumerate(digest.hot[:_TOLD], start=1)
        for block in _tell(hot, place, digest)
    ]
    return (opening, _table(digest), *told)


def _table(digest: Digest) -> Table:
    columns = (
        Column("序号", ColumnKind.LABEL, 4),
        Column("事项", ColumnKind.TEXT, 22),
        Column("地点", ColumnKind.LABEL, 9),
        Column("承办单位", ColumnKind.LABEL, 10),
        Column("人数", ColumnKind.INTEGER, 4),
        Column("留言", ColumnKind.INTEGER, 4),
        Column("重复件", ColumnKind.INTEGER, 6),
        Column("热度", ColumnKind.INTEGER, 4),
    )
    rows = tuple(_row(place, hot) for place, hot in enumerate(digest.hot, start=1))
    return Table("热点事项", columns, rows, len(rows))


def _row(place: int, hot: HotMatter) -> Row:
    counted = hot.tally
    return Row(
        (
            place,
            hot.matter.title,
            hot.matter.place,
            hot.matter.department,
            counted.people.value,
            counted.messages.value,
            counted.copies.value,
            hot.heat,
        ),
        counted.messages.message_ids,
        (hot.matter.id,),
    )


def _tell(hot: HotMatter, place: int, digest: Digest) -> list[Block]:
    heading = Subheading(f"（{chinese_number(place)}）{hot.matter.title}")
    quotes = [Quote(f"“{quote}”") for quote in hot.matter.quotes]
    return [heading, Paragraph(_voices(hot, digest) + _state(hot, digest)), *quotes]


def _voices(hot: HotMatter, digest: Digest) -> str:
    """Who wrote how often in the period and in the one before."""
    words, counted = PERIOD_WORDS[digest.period.kind], hot.tally
    copies = f"（其中重复件{counted.copies.value}条）" if counted.copies.value else ""
    days = f"，分布在{hot.days.value}天" if digest.period.day_count > 1 else ""
    votes = f"；点赞与反对共{hot.votes.value}次" if hot.votes.value else ""
    return (
        f"{words.this}{counted.people.value}人来信{counted.messages.value}条{copies}{days}"
        f"{_before(hot, digest)}{votes}。"
    )


def _before(hot: HotMatter, digest: Digest) -> str:
    """How many wrote in the period before; of a matter opened since, that it is new."""
    words = PERIOD_WORDS[digest.period.kind]
    if digest.period.has(hot.matter.opened_at.astimezone(SHANGHAI).date()):
        return f"，系{words.this}新立"
    if hot.previous_people is None:
        return ""
    return (
        f"，{words.last}{hot.previous_people}人来信"
        if hot.previous_people
        else (f"，{words.last}没有来信")
    )


def _state(hot: HotMatter, digest: Digest) -> str:
    """Where the matter is, whose it is and how it stands."""
    matter = hot.matter
    parts = [f"事项编号{matter.number}"] if matter.number else []
    if matter.place:
        parts.append(f"地点为{matter.place}")
    parts.append(f"承办单位为{matter.department}" if matter.department else "承办单位未确定")
    if matter.studio:
        parts.append(f"由{digest.studio_name(matter.studio)}跟进")
    parts.append(f"现状为{matter.status.label_zh}")
    return f"{'，'.join(parts)}。"
