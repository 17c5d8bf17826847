"""短期突增: what rose within days, by how much and since when."""

from __future__ import annotations

from datetime import date

from service.digest.outline.blocks import (
    Block,
    Column,
    ColumnKind,
    Paragraph,
    Quote,
    Row,
    Table,
)
from service.digest.outline.words import PERIOD_WORDS
from service.digest.report import Digest
from service.digest.rising import Rise

_SHOWN = 10
_TOLD = 3  # rises with an example in running text; the table has them all


def rising_blocks(digest: Digest) -> tuple[Block, ...]:
    """The rises, or a sentence that there are none or why none are looked for."""
    rising, words = digest.rising, PERIOD_WORDS[digest.period.kind]
    if rising.obstacle:
        return (Paragraph(f"{rising.obstacle}。"),)
    if not rising.rises:
        return (Paragraph(f"{words.this}各主题、地点和承办单位没有超出往常的短期突增。"),)
    opening = Paragraph(f"{words.this}有{len(rising.rises)}项留言在数日内明显多于往常，列于下表。")
    told = [block for rise in rising.rises[:_TOLD] for block in _example(rise)]
    return (opening, _table(rising.rises), *told)


def _table(rises: tuple[Rise, ...]) -> Table:
    columns = (
        Column("名称", ColumnKind.TEXT, 10),
        Column("时间", ColumnKind.LABEL, 7),
        Column("留言", ColumnKind.INTEGER, 2),
        Column("人数", ColumnKind.INTEGER, 2),
        Column("预计", ColumnKind.DECIMAL, 3),
    )
    rows = tuple(
        Row(
            (
                rise.name,
                _span(rise.burst.since, rise.burst.day),
                rise.tally.messages.value,
                rise.tally.people.value,
                rise.burst.expected,
            ),
            rise.tally.messages.message_ids,
        )
        for rise in rises
    )
    return Table("短期突增", columns, rows, _SHOWN)


def _span(since: date, day: date) -> str:
    """From when to when, e.g. ``7月8日至10日``."""
    first = f"{since.month}月{since.day}日"
    if since == day:
        return first
    last = f"{day.day}日" if since.month == day.month else f"{day.month}月{day.day}日"
    return f"{first}至{last}"


def _example(rise: Rise) -> list[Block]:
    if not rise.quotes:
        return []
    return [Paragraph(f"{rise.name}，如："), *(Quote(f"“{one.text}”") for one in rise.quotes)]
