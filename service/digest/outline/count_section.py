"""分类统计: one table per dimension."""

from __future__ import annotations

from service.digest.compare import Comparison
from service.digest.counts import Dimension, Tally, key_of, tally
from service.digest.outline.blocks import (
    Block,
    Chart,
    ChartKind,
    Column,
    ColumnKind,
    Paragraph,
    Row,
    Subheading,
    Table,
)
from service.digest.outline.words import CHANGE_WORDS, PERIOD_WORDS, chinese_number
from service.digest.report import Digest
from service.digest.tables import CountTable

_SHOWN = 15
# A chart of every table would make a document twice as long and tell no more.
_CHARTS = {
    Dimension.TOPIC_L1: Chart(ChartKind.BARS, 0, (1,), is_drawn=True),
    Dimension.PLACE: Chart(ChartKind.TILES, 0, (1,), is_drawn=True),
}


def count_blocks(digest: Digest) -> tuple[Block, ...]:
    """All count tables of use; nothing but a sentence in a period without messages."""
    if not digest.messages:
        return (Paragraph(f"{PERIOD_WORDS[digest.period.kind].this}没有可统计的留言。"),)
    told = [table for table in digest.tables if _is_of_use(table)]
    return tuple(
        block
        for place, table in enumerate(told, start=1)
        for block in (
            Subheading(f"（{chinese_number(place)}）按{table.dimension.label_zh}"),
            _table(table, digest),
        )
    )


def _is_of_use(table: CountTable) -> bool:
    """A county's digest has one committee only: a table of one row would say nothing."""
    return table.dimension is not Dimension.COMMITTEE or len(table.rows) > 1


def _table(table: CountTable, digest: Digest) -> Table:
    words = PERIOD_WORDS[digest.period.kind]
    whole = len(digest.messages)
    columns = (
        Column(table.dimension.label_zh, ColumnKind.TEXT, 20),
        Column("留言", ColumnKind.INTEGER, 5),
        Column("占比", ColumnKind.PERCENT, 8),
        Column("人数", ColumnKind.INTEGER, 5),
        Column("重复件", ColumnKind.INTEGER, 6),
        Column(words.last, ColumnKind.INTEGER, 5),
        Column(f"{words.base}平均", ColumnKind.DECIMAL, 9),
        Column("变化", ColumnKind.LABEL, 8),
    )
    rows = tuple(_row(row.name, row.tally, row.comparison, whole) for row in table.rows)
    return Table(
        f"按{table.dimension.label_zh}统计",
        columns,
        rows,
        _SHOWN,
        rest=_rest(table, digest),
        total=_row("合计", digest.overview.tally, digest.overview.comparison, whole),
        chart=_CHARTS.get(table.dimension, Chart(ChartKind.BARS, 0, (1,))),
    )


def _row(name: str, counted: Tally, comparison: Comparison | None, whole: int) -> Row:
    history = (
        (comparison.previous, comparison.mean, CHANGE_WORDS[comparison.change])
        if comparison
        else (None, None, "")
    )
    value = counted.messages.value
    return Row(
        (name, value, value / whole, counted.people.value, counted.copies.value, *history),
        counted.messages.message_ids,
    )


def _rest(table: CountTable, digest: Digest) -> Row | None:
    """The rows a document has no room for, counted together: a person once."""
    left = {row.key for row in table.rows[_SHOWN:]}
    if not left:
        return None
    key = key_of(table.dimension)
    counted = tally(message for message in digest.messages if key(message) in left)
    return _row(f"其余{len(left)}项", counted, None, len(digest.messages))
