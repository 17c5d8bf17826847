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
    Table,
)
from service.digest.outline.words import (
    CHANGE_WORDS,
    PERIOD_WORDS,
    listed,
)
from service.digest.report import Digest
from service.digest.tables import CountTable

_SHOWN = 10
_NAMED = 3
# A chart of every table would make a document twice as long and tell no more.
_CHARTS = {
    Dimension.TOPIC_L1: Chart(ChartKind.BARS, 0, (1,), is_drawn=True),
    Dimension.PLACE: Chart(ChartKind.TILES, 0, (1,), is_drawn=True),
}
_IN_BODY = (Dimension.TOPIC_L1, Dimension.DEPARTMENT, Dimension.PLACE)
_IN_WORDS = (Dimension.CHANNEL, Dimension.KIND)  # few rows, which a sentence can tell


def count_blocks(digest: Digest) -> tuple[Block, ...]:
    """The count tables that are read; nothing but a sentence in a period without messages."""
    if not digest.messages:
        return (Paragraph(f"{PERIOD_WORDS[digest.period.kind].this}没有可统计的留言。"),)
    told = "".join(_most(digest.table(dimension)) for dimension in _IN_WORDS)
    return (
        *(count_table_of(digest, dimension) for dimension in _IN_BODY),
        Paragraph(f"{told}按二级主题、委员工作室等的统计见附件。"),
    )


def _most(table: CountTable) -> str:
    """E.g. ``渠道以网站30条、来信10条居多。``; the rows of most messages."""
    named = [f"{row.name}{row.tally.messages.value}条" for row in table.rows[:_NAMED]]
    return f"{table.dimension.label_zh}以{listed(named)}居多。"


def count_table_of(digest: Digest, dimension: Dimension) -> Table:
    """The table of one dimension; empty in a period without messages."""
    table = digest.table(dimension)
    words = PERIOD_WORDS[digest.period.kind]
    whole = len(digest.messages)
    columns = (
        Column(table.dimension.label_zh, ColumnKind.TEXT, 24),
        Column("留言", ColumnKind.INTEGER, 5),
        Column("占比", ColumnKind.PERCENT, 8),
        Column("人数", ColumnKind.INTEGER, 5),
        Column("重复件", ColumnKind.INTEGER, 8),
        Column(words.last, ColumnKind.INTEGER, 5),
        Column(f"{words.base}平均", ColumnKind.DECIMAL, 11),
        Column("变化", ColumnKind.LABEL, 10),
    )
    told = table.rows if digest.messages else ()
    rows = tuple(_row(row.name, row.tally, row.comparison, whole) for row in told)
    return Table(
        f"按{table.dimension.label_zh}统计",
        columns,
        rows,
        _SHOWN,
        rest=_rest(table, digest),
        total=_row("合计", digest.overview.tally, digest.overview.comparison, whole)
        if told
        else None,
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
    return _row(f"其余{len(left)}项（见电子表）", counted, None, len(digest.messages))
