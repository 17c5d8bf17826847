"""工作室和委员履职 in words and two tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.digest.outline.blocks import Block, Column, ColumnKind, Paragraph, Row, Table
from service.digest.outline.words import PERIOD_WORDS, percent
from service.digest.report import Digest
from service.digest.texts import fit
from service.digest.work import WorkRow

_SHOWN = 10


def work_blocks(digest: Digest) -> tuple[Block, ...]:
    """What was done, or a sentence that nothing was recorded."""
    words, work = PERIOD_WORDS[digest.period.kind], digest.work
    whole = work.whole
    done = (
        _part("接待", whole.receptions.value, "次"),
        _part("微协商", whole.consultations.value, "次"),
        _part("微监督", whole.supervisions.value, "次"),
        _part("签发答复", whole.replies.value, "份"),
        _part("办结事项", whole.closings.value, "件"),
    )
    told = "、".join(part for part in done if part)
    if not told:
        return (Paragraph(f"{words.this}没有记录接待、协商、监督、答复和办结。"),)
    studios = _table("各工作室履职情况", "委员工作室", work.studios, digest.studio_name)
    members = "各委员履职情况见附件。" if work.members else ""
    opening = Paragraph(f"{words.this}{told}{_how_good(whole)}。{members}")
    return (opening, studios) if studios.rows else (opening,)


def work_of_members(digest: Digest) -> Table:
    """What each member did."""
    return _table("各委员履职情况", "委员", digest.work.members, digest.member_name)


def _part(name: str, value: int, unit: str) -> str:
    return f"{name}{value}{unit}" if value else ""


def _how_good(whole: WorkRow) -> str:
    held = whole.consultations.value + whole.supervisions.value
    solved = f"，协商和监督当场解决{whole.solved.value}次" if held else ""
    closed = whole.closings.value
    in_time = f"，按期办结率{percent(whole.in_time.value, closed)}" if closed else ""
    return solved + in_time


def _table(
    caption: str, heading: str, rows: Sequence[WorkRow], name_of: Callable[[str], str]
) -> Table:
    columns = (
        Column(heading, ColumnKind.TEXT, 8),
        Column("接待", ColumnKind.INTEGER, 3),
        Column("登记留言", ColumnKind.INTEGER, 4),
        Column("协商", ColumnKind.INTEGER, 3),
        Column("监督", ColumnKind.INTEGER, 3),
        Column("解决", ColumnKind.INTEGER, 3),
        Column("答复", ColumnKind.INTEGER, 3),
        Column("办结", ColumnKind.INTEGER, 3),
        Column("按期率", ColumnKind.PERCENT, 4),
    )
    return Table(caption, columns, tuple(_row(fit(name_of(r.key)), r) for r in rows), _SHOWN)


def _row(name: str, row: WorkRow) -> Row:
    figures = (
        *(row.receptions, row.consultations, row.supervisions),
        *(row.solved, row.replies, row.closings),
    )
    matters = {id for each in figures for id in each.matter_ids}
    closed = row.closings.value
    cells = (
        name,
        row.receptions.value,
        len(row.receptions.message_ids),
        row.consultations.value,
        row.supervisions.value,
        row.solved.value,
        row.replies.value,
        closed,
        row.in_time.value / closed if closed else None,
    )
    return Row(cells, row.receptions.message_ids, tuple(sorted(matters)))
