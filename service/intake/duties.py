"""The table of duties: what each department or function is called and does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.errors import FileUnreadableError
from service.intake.columns import plain_name
from service.intake.tables import TableRow, read_table

_LABELS = ("名称", "部门", "职能", "label", "name")
_ALIASES = frozenset(map(plain_name, ("别名", "简称", "aliases")))


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A label, its other names, and its duties in free text."""

    label: str
    names: tuple[str, ...]
    duties: str


def read_duties(path: Path, label_column: str) -> list[DutyRow]:
    """Read a CSV or XLSX of duties.

    Parameters
    ----------
    path
        The file. The label stands in the column ``label_column``, or else in 名称, 部门 or 职能;
        other names, with ``;`` or ``、`` between, in 别名; all other columns are duties.
    label_column
        What the label's column may be called beside the usual names.

    Raises
    ------
    FileUnreadableError
        It cannot be read, has no label column, fewer than two labels, or one twice.
    """
    found = [_duty(row, (label_column, *_LABELS)) for row in _rows(path, label_column)]
    labels = [duty.label for duty in found]
    if len(labels) < 2:
        raise FileUnreadableError(f"{path.name} 至少要有两种职责")
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        raise FileUnreadableError(f"{path.name} 中“{twice[0]}”出现了两次")
    return found


def _rows(path: Path, label_column: str) -> Iterator[TableRow]:
    for row in read_table(path, (label_column, *_LABELS)):
        if row.fault:
            raise FileUnreadableError(f"{path.name} 第 {row.line} 行：{row.fault}")
        if not row.is_empty:
            yield row


def _duty(row: TableRow, labels: tuple[str, ...]) -> DutyRow:
    plain = [plain_name(column) for column in row.columns]
    own = next(place for name in labels if (place := _place(plain, name)) is not None)
    cells = [cell.strip() for cell in row.cells]
    names = [cell for name, cell in zip(plain, cells, strict=True) if name in _ALIASES]
    duties = [
        cell
        for place, (name, cell) in enumerate(zip(plain, cells, strict=True))
        if place != own and name not in _ALIASES
    ]
    split = " ".join(names).replace("；", ";").replace("、", ";").split(";")
    return DutyRow(cells[own], tuple(filter(None, map(str.strip, split))), "\n".join(duties))


def _place(names: list[str], name: str) -> int | None:
    return names.index(plain_name(name)) if plain_name(name) in names else None
