"""The matter that a number leads to: others may have joined it, or it may be part of another."""

from __future__ import annotations

from typing import Any

from service.errors import MergedError, NotFoundError
from service.storage.database import Connection
from service.storage.intake.waiting import find_successor
from service.storage.matters.matter_pairs import find_wholes
from service.storage.matters.matters import read_matter_row


def row_or_successor(connection: Connection, matter_id: int) -> Any:
    """The row of a matter, or of the one that its only message has joined.

    Raises
    ------
    NotFoundError
        There is no such matter.
    """
    row = read_matter_row(connection, matter_id)
    if row is None and (successor := find_successor(connection, matter_id)) is not None:
        row = read_matter_row(connection, successor)
    if row is None:
        raise NotFoundError(f"事项 {matter_id}")
    return row


def whole_of(connection: Connection, row: Any) -> Any:
    """The row of the matter that this one is part of now: itself where it stands alone."""
    if row.merged_into is None:
        return row
    return read_matter_row(connection, find_wholes(connection, [row.id])[row.id])


def check_stands(connection: Connection, row: Any) -> None:
    """Let a matter pass that is part of no other.

    Raises
    ------
    MergedError
        It is part of one; the error names the matter that holds its messages now.
    """
    if row.merged_into is not None:
        raise MergedError(f"{row.number} 已并入 {whole_of(connection, row).number}")
