"""Cells as text, the same in every document."""

from __future__ import annotations

from service.digest.outline.blocks import Cell, ColumnKind

DASH = "—"


def show_cell(cell: Cell, kind: ColumnKind) -> str:
    """A cell as a document shows it: a dash where nothing is known."""
    if cell is None or cell == "":
        return DASH
    if isinstance(cell, str):
        return cell
    if kind is ColumnKind.PERCENT:
        return f"{100 * cell:.1f}%"
    return f"{cell:.1f}" if kind is ColumnKind.DECIMAL else str(cell)
