"""热点事项: a table of all, then each with its place, state and quotes."""

from __future__ import annotations

from datetime import date

from service.digest.hot import HotMatter
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

_TOLD = 2  # matters told at length; the others are quoted in a table
_PLACES = 3  # places named in a line
_NUMBERS = 5  # numbers of matters named in a line


def hot_blocks(digest: Digest) -> tuple[Block, ...]:
    """The hot matters, or a sentence that there are none."""
    words = PERIOD_WORDS[digest.period.kind]
    if not digest.hot:
        return (Paragraph(f"{words.this}没有两人以上共同反映的事项。"),)
    opening = Paragraph(
        f"{words.this}反映人数较多的事项有{len(digest.hot)}件，按热度指数列于下表。"
    )
    told = [
        block
        for place, hot in enumerate(digest.hot[:_TOLD], start=1)
        for block in _tell(hot, place, digest)
    ]
    return (opening, _table(digest), *told, *_others(digest))


def _table(digest: Digest) -> Table:
    columns = (
        Column("序号", ColumnKind.LABEL, 4),
        Column("事项", ColumnKind.TEXT, 27),
        Column("地点", ColumnKind.LABEL, 9),
        Column("承办单位", ColumnKind.LABEL, 10),
        Column("人数", ColumnKind.INTEGER, 4),
        Column("留言", ColumnKind.INTEGER, 4),
        Column("热度", ColumnKind.INTEGER, 4),
    )
    rows = tuple(_row(place, hot) for place, hot in enumerate(digest.hot, start=1))
    return Table("热点事项", columns, rows, len(rows))


def _others(digest: Digest) -> tuple[Table, ...]:
    """What was written of the matters that are not told at length."""
    columns = (
        Column("序号", ColumnKind.LABEL, 4),
        Column("来信原话", ColumnKind.TEXT, 49),
        Column("现状", ColumnKind.LABEL, 7),
    )
    rows = tuple(
        Row(
            (
                place,
                _quoted(hot),
                hot.matter.status.label_zh,
            ),
            tuple(sorted(quote.message_id for quote in hot.quotes)),
            hot.matter_ids,
        )
        for place, hot in enumerate(digest.hot[_TOLD:], start=_TOLD + 1)
    )
    return (Table("其余热点事项的来信原话", columns, rows, len(rows)),) if rows else ()


def _row(place: int, hot: HotMatter) -> Row:
    counted = hot.tally
    return Row(
        (
            place,
            hot.shown_title,
            _where(hot),
            hot.matter.department,
            counted.people.value,
            counted.messages.value,
            hot.heat,
        ),
        counted.messages.message_ids,
        hot.matter_ids,
    )


def _where(hot: HotMatter) -> str:
    """The place with most messages; of several how many there are."""
    rest = f"等{len(hot.places)}处" if len(hot.places) > 1 else ""
    return f"{hot.places[0]}{rest}" if hot.places else ""


def _tell(hot: HotMatter, place: int, digest: Digest) -> list[Block]:
    heading = Subheading(f"（{chinese_number(place)}）{hot.shown_title}")
    told: list[Block] = [heading, Paragraph(_voices(hot, digest) + _state(hot, digest))]
    return [*told, Quote(_quoted(hot))] if hot.quotes else told


def _quoted(hot: HotMatter) -> str:
    return "".join(f"“{quote.text}”" for quote in hot.quotes)


def _voices(hot: HotMatter, digest: Digest) -> str:
    """Who wrote how often in the period and in the one before."""
    words, counted = PERIOD_WORDS[digest.period.kind], hot.tally
    copies = f"（其中重复件{counted.copies.value}条）" if counted.copies.value else ""
    days = f"，{_days(hot)}" if digest.period.day_count > 1 else ""
    votes = f"；点赞与反对共{hot.votes.value}次" if hot.votes.value else ""
    return (
        f"{words.this}{counted.people.value}人来信{counted.messages.value}条{copies}{days}"
        f"{_before(hot, digest)}{votes}。"
    )


def _days(hot: HotMatter) -> str:
    """From when to when, and on how many days."""
    if hot.first_day == hot.last_day:
        return f"均在{_day(hot.first_day)}"
    return f"时间为{_day(hot.first_day)}至{_day(hot.last_day)}，分布在{hot.days.value}天"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _before(hot: HotMatter, digest: Digest) -> str:
    """How many wrote in the period before; of a matter opened since, that it is new."""
    words = PERIOD_WORDS[digest.period.kind]
    held = (hot.matter, *hot.others)
    if all(digest.period.has(each.opened_at.astimezone(SHANGHAI).date()) for each in held):
        return f"，系{words.this}新立"
    if hot.previous_people is None:
        return ""
    return (
        f"，{words.last}{hot.previous_people}人来信"
        if hot.previous_people
        else (f"，{words.last}没有来信")
    )


def _state(hot: HotMatter, digest: Digest) -> str:
    """What the table has no room for: number, further places, studio, and how it stands."""
    matter = hot.matter
    parts = [f"事项编号{matter.number}"] if matter.number else []
    if hot.others:
        numbers = "、".join(other.number for other in hot.others[:_NUMBERS])
        rest = "等" if len(hot.others) > _NUMBERS else ""
        parts.append(f"合并计热度的相近事项{len(hot.others)}件（{numbers}{rest}）")
    if len(hot.places) > 1:
        parts.append(f"地点为{'、'.join(hot.places[:_PLACES])}")
    if matter.studio:
        parts.append(f"由{digest.studio_name(matter.studio)}跟进")
    parts.append(f"现状为{matter.status.label_zh}")
    return f"{'，'.join(parts)}。"
