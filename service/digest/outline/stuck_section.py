"""滞留: what came back, was opened again or displeased, by whom it lies, and what waits longest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.digest.outline.blocks import Block, Cell, Column, ColumnKind, Paragraph, Row, Table
from service.digest.outline.matter_table import matter_table
from service.digest.outline.words import PERIOD_WORDS
from service.digest.report import Digest
from service.digest.stuck import LEAST_RETURNS, StuckRow

_SHOWN = 5
_SHOWN_IN_ANNEX = 10


def stuck_blocks(digest: Digest) -> tuple[Block, ...]:
    """The sentence on all, and the departments with most where more than delays is told."""
    told = _told(digest)
    if not digest.stuck.departments:
        return (Paragraph(told),)
    opening = Paragraph(f"{told}各工作室滞留事项和等待最久的事项见附件。")
    return (opening, _departments(digest, _SHOWN)) if _has_more(digest) else (opening,)


def stuck_annex(digest: Digest) -> tuple[Table, ...]:
    """The departments where the body does not tell them, the studios, what waits longest."""

    def studio(key: str) -> str:
        return digest.studio_name(key) or "未分派"

    rows = digest.stuck.studios
    studios = _table("各工作室滞留事项", "委员工作室", rows, studio, _SHOWN_IN_ANNEX)
    others = (studios, _waiting(digest))
    return others if _has_more(digest) else (_departments(digest, _SHOWN_IN_ANNEX), *others)


def _has_more(digest: Digest) -> bool:
    """Whether anything but delays is told, of which the section's first table speaks."""
    whole = digest.stuck.whole
    return bool(whole.bounced.value or whole.reopened.value or whole.low_rated.value)


def _departments(digest: Digest, shown: int) -> Table:
    return _table("各承办单位滞留事项", "承办单位", digest.stuck.departments, _department, shown)


def _department(key: str) -> str:
    return key or "未确定"


def _told(digest: Digest) -> str:
    this, whole = PERIOD_WORDS[digest.period.kind].this, digest.stuck.whole
    parts = (
        (f"退单{LEAST_RETURNS}次以上尚未办结的事项{{}}件", whole.bounced.value),
        ("重新办理尚未办结的{}件", whole.reopened.value),
        (f"{this}答复后被评为不满意的{{}}件", whole.low_rated.value),
    )
    told = "，".join(text.format(value) for text, value in parts if value)
    if told:
        return f"{told}。"
    return f"期末没有多次退单或重新办理的事项，{this}没有不满意的评价。"


def _table(
    caption: str,
    heading: str,
    rows: Sequence[StuckRow],
    name_of: Callable[[str], str],
    shown: int,
) -> Table:
    columns = (
        Column(heading, ColumnKind.TEXT, 14),
        Column("逾期", ColumnKind.INTEGER, 3),
        Column("多次退单", ColumnKind.INTEGER, 4),
        Column("重新办理", ColumnKind.INTEGER, 4),
        Column("不满意", ColumnKind.INTEGER, 3),
        Column("合计事项", ColumnKind.INTEGER, 4),
    )
    return Table(caption, columns, tuple(_row(name_of(row.key), row) for row in rows), shown)


def _row(name: str, row: StuckRow) -> Row:
    ids = {id for figure in row.figures for id in figure.matter_ids}
    counts = [figure.value for figure in row.figures]
    cells: tuple[Cell, ...] = (name, *counts, row.total)
    return Row(cells, matter_ids=tuple(sorted(ids)))


def _waiting(digest: Digest) -> Table:
    waiting = digest.stuck.waiting
    rows = ((one.matter, one.open_days, one.matter.return_count) for one in waiting)
    return matter_table("等待最久的事项", "退单次数", rows, len(waiting))
