"""A table's own columns, copied beside those that a use case adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from service.intake.rejects import disarm
from service.intake.tables import TableRow

_BEFORE = "_输入"
_NUMBER_SIGNS = frozenset("0123456789.,+-eE%")


def all_columns(rows: Iterable[TableRow]) -> tuple[str, ...]:
    """The columns of all rows in order: sheets and JSON objects may differ."""
    columns: dict[tuple[str, int], None] = {}
    for names in dict.fromkeys(row.columns for row in rows):
        columns.update(dict.fromkeys(_numbered(names)))
    return tuple(name for name, _ in columns)


def kept_cells(row: TableRow, columns: Sequence[str]) -> Iterator[str]:
    """The row's cells under these of ``all_columns``, disarmed; empty where it has none."""
    if row.columns == columns:
        cells = row.cells[: len(columns)] + ("",) * (len(columns) - len(row.cells))
        yield from map(disarmed_cell, cells)
        return
    found = dict(zip(_numbered(row.columns), row.cells, strict=False))
    yield from (disarmed_cell(found.get(column, "")) for column in _numbered(columns))


def disarmed_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a number or a lone sign is none."""
    return cell if len(cell) < 2 or _NUMBER_SIGNS.issuperset(cell) else disarm(cell)


def renamed_beside(columns: Sequence[str], added: Sequence[str]) -> list[str]:
    """The columns' names; one that is among those added ends in ``_输入``."""
    shown = []
    for name in columns:
        new = name
        while new in added:
            new += _BEFORE
        shown.append(new)
    return shown


def _numbered(names: Sequence[str]) -> list[tuple[str, int]]:
    """Each name with how often it stood before: a name may stand twice."""
    return [(name, names[:place].count(name)) for place, name in enumerate(names)]
