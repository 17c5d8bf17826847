"""上升与新情况: what rose, and what was not there before."""

from __future__ import annotations

from service.digest.compare import FALSE_RATE
from service.digest.counts import Dimension
from service.digest.outline.blocks import (
    Block,
    Column,
    ColumnKind,
    Paragraph,
    Row,
    Subheading,
    Table,
)
from service.digest.outline.rising_section import rising_blocks
from service.digest.outline.season_section import season_blocks
from service.digest.outline.words import PERIOD_WORDS, chinese_number, listed
from service.digest.report import Digest

_SHOWN = 10
_WATCHED = (Dimension.TOPIC_L1, Dimension.TOPIC, Dimension.PLACE, Dimension.DEPARTMENT)


def change_blocks(digest: Digest) -> tuple[Block, ...]:
    """Bursts, rises, new matters, new pairs of topic and place, words, former years.

    What has a table stands under a heading; the others are told in one paragraph.
    """
    parts = (
        ("短期突增", rising_blocks(digest)),
        ("全期上升", _risen(digest)),
        ("新立的多人反映事项", _new_matters(digest)),
        ("新出现的主题与地点", _new_pairs(digest)),
        ("词语上升", _risen_words(digest)),
        ("新词", _new_words(digest)),
        ("往年同期", season_blocks(digest)),
    )
    found = [(heading, blocks) for heading, blocks in parts if len(blocks) > 1]
    told = tuple(
        block
        for place, (heading, blocks) in enumerate(found, start=1)
        for block in (Subheading(f"（{chinese_number(place)}）{heading}"), *blocks)
    )
    others = "".join(
        block.text
        for _, blocks in parts
        for block in blocks
        if len(blocks) == 1 and isinstance(block, Paragraph)
    )
    return (*told, Paragraph(others)) if others else told


def _risen(digest: Digest) -> tuple[Block, ...]:
    words = PERIOD_WORDS[digest.period.kind]
    if digest.obstacle:
        return (Paragraph(f"{digest.obstacle}。"),)
    rows = tuple(
        Row(
            (
                row.name,
                dimension.label_zh,
                row.comparison.value,
                row.comparison.previous,
                row.comparison.mean,
            ),
            row.tally.messages.message_ids,
        )
        for dimension in _WATCHED
        for row in digest.table(dimension).risen
    )
    if not rows:
        return (Paragraph(f"与{words.base}相比，各主题、地点和承办单位的留言数量没有明显上升。"),)
    columns = (
        Column("名称", ColumnKind.TEXT, 8),
        Column("类别", ColumnKind.LABEL, 4),
        Column(words.this, ColumnKind.INTEGER, 2),
        Column(words.last, ColumnKind.INTEGER, 2),
        Column(f"{words.base}平均", ColumnKind.DECIMAL, 4),
    )
    opening = Paragraph(f"与{words.base}相比，下列{len(rows)}项的留言数量经检验明显上升。")
    return (opening, Table("留言数量明显上升", columns, rows, _SHOWN))


def _new_matters(digest: Digest) -> tuple[Block, ...]:
    words, found = PERIOD_WORDS[digest.period.kind], digest.fresh.matters
    if not found:
        return (Paragraph(f"{words.this}没有新立的多人反映事项。"),)
    columns = (
        Column("事项", ColumnKind.TEXT, 10),
        Column("地点", ColumnKind.LABEL, 4),
        Column("承办单位", ColumnKind.LABEL, 4),
        Column("人数", ColumnKind.INTEGER, 2),
        Column("留言", ColumnKind.INTEGER, 2),
        Column("状态", ColumnKind.LABEL, 3),
    )
    rows = tuple(
        Row(
            (
                new.matter.title,
                new.matter.place,
                new.matter.department,
                new.tally.people.value,
                new.tally.messages.value,
                new.matter.status.label_zh,
            ),
            new.tally.messages.message_ids,
            (new.matter.id,),
        )
        for new in found
    )
    opening = f"{words.this}新立、且有两人以上反映的事项{len(rows)}件{_first_ones(len(rows))}。"
    return (Paragraph(opening), Table("新立的多人反映事项", columns, rows, _SHOWN))


def _new_pairs(digest: Digest) -> tuple[Block, ...]:
    words, found = PERIOD_WORDS[digest.period.kind], digest.fresh.pairs
    if found is None:
        return ()  # what rose in the period tells the obstacle
    if not found:
        return (Paragraph(f"没有{words.base}未出现、{words.this}有两人以上反映的主题与地点。"),)
    columns = (
        Column("主题", ColumnKind.TEXT, 9),
        Column("地点", ColumnKind.LABEL, 5),
        Column("人数", ColumnKind.INTEGER, 2),
        Column("留言", ColumnKind.INTEGER, 2),
    )
    rows = tuple(
        Row(
            (pair.topic_name, pair.place, pair.tally.people.value, pair.tally.messages.value),
            pair.tally.messages.message_ids,
        )
        for pair in found
    )
    opening = (
        f"{words.base}未在该地出现、{words.this}有两人以上反映的主题{len(rows)}项"
        f"{_first_ones(len(rows))}。"
    )
    return (Paragraph(opening), Table("新出现的主题与地点", columns, rows, _SHOWN))


def _risen_words(digest: Digest) -> tuple[Block, ...]:
    words, found = PERIOD_WORDS[digest.period.kind], digest.risen_words
    if digest.obstacle:
        return ()  # what rose in the period tells it
    if not found:
        return (Paragraph(f"与{words.base}相比，没有明显多用的词语。"),)
    columns = (
        Column("词语", ColumnKind.TEXT, 8),
        Column("人数", ColumnKind.INTEGER, 2),
        Column("留言", ColumnKind.INTEGER, 2),
        Column(words.base, ColumnKind.INTEGER, 3),
    )
    rows = tuple(
        Row(
            (one.word, one.people.value, len(one.people.message_ids), one.earlier_count),
            one.people.message_ids,
        )
        for one in found
    )
    opening = (
        f"{words.base}已有、{words.this}用得明显更多的词语，最突出的{len(rows)}个列于下表，"
        f"误报比例控制在{FALSE_RATE:.0%}以内。"
    )
    return (Paragraph(opening), Table("词语上升", columns, rows, len(rows)))


def _new_words(digest: Digest) -> tuple[Block, ...]:
    words, found = PERIOD_WORDS[digest.period.kind], digest.new_words
    if digest.obstacle:
        return ()  # what rose in the period tells the obstacle
    if not found:
        return (Paragraph(f"没有{words.base}未出现、{words.this}有两人以上用到的新词。"),)
    told = listed([f"“{one.word}”（{one.people.value}人）" for one in found[:_SHOWN]])
    where = f"，共{len(found)}个，全部见电子表" if len(found) > _SHOWN else ""
    return (Paragraph(f"{words.base}未出现、{words.this}有两人以上用到的新词：{told}{where}。"),)


def new_words_table(digest: Digest) -> Table:
    """All new words, with the messages that have them."""
    columns = (
        Column("词语", ColumnKind.TEXT, 8),
        Column("人数", ColumnKind.INTEGER, 2),
        Column("留言", ColumnKind.INTEGER, 2),
    )
    rows = tuple(
        Row((one.word, one.people.value, len(one.people.message_ids)), one.people.message_ids)
        for one in digest.new_words
    )
    return Table("新词", columns, rows, len(rows))


def _first_ones(count: int) -> str:
    """A clause that says so where the table shows only the first ones."""
    return f"，下表列出人数最多的{_SHOWN}项" if count > _SHOWN else ""
