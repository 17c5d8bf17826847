"""逾期未办 by department, and the longest delays."""

from __future__ import annotations

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
from service.digest.outline.matter_table import matter_table
from service.digest.report import Digest

_SHOWN = 5


def overdue_blocks(digest: Digest) -> tuple[Block, ...]:
    """The overdue matters, or a sentence that there are none."""
    late = digest.overdue.matters
    if not late:
        return (Paragraph("期末没有逾期未办结的事项。"),)
    longest = late[0]
    opening = (
        f"期末逾期未办结的事项{len(late)}件，涉及承办单位{len(digest.overdue.departments)}个，"
        f"逾期最长的{_days(longest.overdue_days)}。"
    )
    return (Paragraph(opening), _longest(digest))


def _days(days: int) -> str:
    return f"已{days}天" if days else "不足1天"


def overdue_departments(digest: Digest) -> Table:
    """The overdue matters by department."""
    columns = (
        Column("承办单位", ColumnKind.TEXT, 6),
        Column("逾期事项（件）", ColumnKind.INTEGER, 3),
        Column("最长逾期（天）", ColumnKind.INTEGER, 3),
    )
    rows = tuple(
        Row(
            (row.department or "未确定", row.matters.value, row.longest_days),
            matter_ids=row.matters.matter_ids,
        )
        for row in digest.overdue.departments
    )
    chart = Chart(ChartKind.BARS, 0, (1,))
    return Table("各承办单位逾期未办结事项", columns, rows, len(rows), chart=chart)


def _longest(digest: Digest) -> Table:
    late = digest.overdue.matters
    rows = ((one.matter, one.open_days, one.overdue_days) for one in late)
    return matter_table("逾期未办结事项", "逾期天数", rows, _SHOWN)
