"""往年同期: what came up in former years in the weeks ahead, to be seen to before it does again."""

from __future__ import annotations

from datetime import date

from service.digest.compare import FALSE_RATE
from service.digest.outline.blocks import Block, Column, ColumnKind, Paragraph, Row, Table
from service.digest.outline.words import listed
from service.digest.periods import show_day
from service.digest.report import Digest
from service.digest.season import COMING_DAYS, Season, Seasonal

_YEARS = ("上年", "前年", "大前年")
_DEPARTMENTS_SHOWN = 2


def season_blocks(digest: Digest) -> tuple[Block, ...]:
    """The topics with their departments, or a sentence that there are none or why none are told."""
    season = digest.season
    if season.obstacle:
        return (Paragraph(f"{season.obstacle}。"),)
    ahead = f"{_range(season.first_day, season.last_day)}（今后{COMING_DAYS // 7}周）"
    former = listed([_range(*span) for span in season.spans])
    if not season.topics:
        return (Paragraph(f"{ahead}在往年同期（{former}）没有明显多发的问题。"),)
    opening = Paragraph(
        f"{ahead}在往年同期（{former}）明显多发的问题有{len(season.topics)}项，可提早防范，未诉先办。"
        f"“平时”为同期全部留言按该项在其他日子所占份额折算的条数，误报比例控制在"
        f"{FALSE_RATE:.0%}以内。"
    )
    return (opening, _table(season))


def _table(season: Season) -> Table:
    years = _YEARS[: len(season.spans)]
    columns = (
        Column("主题和地点", ColumnKind.TEXT, 9),
        *(Column(year, ColumnKind.INTEGER, 2) for year in years),
        Column("人数", ColumnKind.INTEGER, 2),
        Column("平时", ColumnKind.DECIMAL, 3),
        Column("承办单位", ColumnKind.LABEL, 6),
    )
    rows = tuple(
        Row(
            (
                each.name,
                *each.by_year,
                each.tally.people.value,
                each.usual,
                _departments(each),
            ),
            each.tally.messages.message_ids,
        )
        for each in season.topics
    )
    return Table("往年同期多发的问题", columns, rows, len(rows))


def _departments(seasonal: Seasonal) -> str:
    named = listed(seasonal.departments[:_DEPARTMENTS_SHOWN])
    return f"{named}等" if len(seasonal.departments) > _DEPARTMENTS_SHOWN else named


def _range(first: date, last: date) -> str:
    """E.g. ``2019年7月15日至8月11日``."""
    until = f"{last.month}月{last.day}日" if first.year == last.year else show_day(last)
    return f"{show_day(first)}至{until}"
