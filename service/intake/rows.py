"""One row of a table, whatever file it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

Cell = object  # str in CSV; also numbers, dates and None in XLSX; any JSON value in JSON Lines


@dataclass(frozen=True, slots=True)
class Record:
    """The cells that begin at physical line (or sheet row) ``line``, counted from 1."""

    line: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(show_cell(cell).strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Row:
    """A record under its header: ``cells[i]`` belongs to ``columns[i]``.

    ``original`` is the row as written where the cells alone would not tell (JSON Lines).
    """

    line: int
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    original: str | None = None

    @property
    def raw(self) -> tuple[str, ...]:
        """The row as text, for the rejects file."""
        if self.original is not None:
            return (self.original,)
        return tuple(show_cell(cell) for cell in self.cells)


def show_cell(cell: Cell) -> str:
    """A cell as text: whole numbers without ".0", dates in ISO form, nothing as ""."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False)
    return "" if cell is None else str(cell)
