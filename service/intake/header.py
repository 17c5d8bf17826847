"""A table's header found among its first records, and the rows below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from service.errors import ColumnCountError, UnknownColumnsError
from service.intake.columns import (
    DATED,
    Field,
    Needed,
    check_header,
    has_text_column,
    show_names,
)
from service.intake.rejects import Reject, refuse
from service.intake.rows import Record, Row, show_cell

_SEARCHED_RECORDS = 10  # reports often bear a title and a date above their table


def rows_below(
    columns: tuple[str, ...], records: Iterator[Record | Reject], may_be_short: bool = False
) -> Iterator[Row | Reject]:
    """The records as rows under ``columns``, those with too many or too few cells as rejects.

    Blank records are passed over. ``may_be_short``: missing cells at the end are empty ones.
    """
    for record in records:
        if isinstance(record, Reject):
            yield replace(record, columns=columns)
        elif not record.is_blank:
            yield _under(columns, record, may_be_short)


def _under(columns: tuple[str, ...], record: Record, may_be_short: bool) -> Row | Reject:
    missing = len(columns) - len(record.cells)
    if missing == 0:
        return Row(record.line, columns, record.cells)
    if may_be_short and missing > 0:
        return Row(record.line, columns, record.cells + (None,) * missing)
    return _miscounted(record, columns)


def _miscounted(record: Record, columns: tuple[str, ...]) -> Reject:
    error = ColumnCountError(f"应有 {len(columns)} 列，实有 {len(record.cells)} 列")
    return refuse(record.line, error, tuple(show_cell(cell) for cell in record.cells), columns)


def find_header(
    records: Iterator[Record | Reject],
    overrides: Mapping[str, Field],
    needed: Needed = DATED,
) -> tuple[str, ...]:
    """The column names; ``records`` then stands at the first record below them.

    Raises
    ------
    UnknownColumnsError
        None of the first records is a header with a text and a time.
    FileUnreadableError
        There are too many columns.
    """
    complaint = ""
    for _, record in zip(range(_SEARCHED_RECORDS), records, strict=False):
        if isinstance(record, Reject):
            complaint = complaint or f"第 {record.line} 行：{record.reason_zh}"
            continue
        names = tuple(show_cell(cell).strip().strip("\ufeff") for cell in record.cells)
        if has_text_column(names, overrides):
            check_header(names, overrides, needed)
            return names
        complaint = complaint or ("" if record.is_blank else show_names(names))
    raise UnknownColumnsError(complaint or "文件是空的")
