"""Tables with a matter in each row: which it is, whose, since when, and one count of its own."""

from __future__ import annotations

from collections.abc import Iterable

from service.digest.facts import MatterFact
from service.digest.outline.blocks import Column, ColumnKind, Row, Table


def matter_table(
    caption: str,
    counted: str,
    rows: Iterable[tuple[MatterFact, int, int]],
    shown: int,
) -> Table:
    """A table of matters.

    Parameters
    ----------
    counted
        The heading of the count.
    rows
        Each matter with the whole days it has been open, and the count.
    shown
        How many rows a document shows.
    """
    columns = (
        Column("事项编号", ColumnKind.LABEL, 5),
        Column("事项", ColumnKind.TEXT, 9),
        Column("承办单位", ColumnKind.LABEL, 4),
        Column("受理天数", ColumnKind.INTEGER, 2),
        Column(counted, ColumnKind.INTEGER, 2),
        Column("累计人数", ColumnKind.INTEGER, 2),
    )
    return Table(caption, columns, tuple(_row(*row) for row in rows), shown)


def _row(matter: MatterFact, open_days: int, count: int) -> Row:
    department = matter.department or "未确定"
    cells = (matter.number, matter.title, department, open_days, count, matter.people_count)
    return Row(cells, matter_ids=(matter.id,))
