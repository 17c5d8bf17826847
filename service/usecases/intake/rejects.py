"""Rejects: the rows that could not be taken in, seen and settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.errors import InvalidInputError
from service.storage.intake.rejects import delete_reject, read_rejects
from service.usecases.context import Context


@dataclass(frozen=True, slots=True)
class OpenReject:
    """A refused row that nobody settled: its number, where it stood, and why, in Chinese."""

    id: int
    source: str
    file: str
    line: int
    reason_zh: str


def list_rejects(context: Context) -> list[OpenReject]:
    """The refused rows that nobody settled, oldest first."""
    with context.database.reading() as connection:
        found = read_rejects(connection)
    kinds: list[type[InvalidInputError]] = [InvalidInputError, *InvalidInputError.__subclasses__()]
    reasons = {kind.code: (kind.__doc__ or "").strip() for kind in kinds}
    return [
        OpenReject(one.id, one.source, one.file, one.line, reasons.get(one.reason, one.reason))
        for one in found
    ]


def settle_rejects(context: Context, numbers: Sequence[int]) -> None:
    """Forget refused rows that were corrected or need nothing more: all of them, or none.

    The rows themselves stay in the file of rejects. One that is imported again as it was counts
    again.

    Raises
    ------
    InvalidInputError
        There is no such row.
    """
    with context.database.transaction() as connection:
        for number in dict.fromkeys(numbers):
            if not delete_reject(connection, number):
                raise InvalidInputError(f"没有编号为 {number} 的未能导入的行")
