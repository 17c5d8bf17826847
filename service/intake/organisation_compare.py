"""Two states of an organisation compared row by row, field by field, as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.domain.organisation import OrganisationBook
from service.domain.organisation_change import ChangeAction, RowChange
from service.intake.organisation_sheets import ACTIVITIES, SHEETS, Sheet
from service.intake.rows import show_cell

_BETWEEN_KEYS = "／"
_NAMES = ("名称", "姓名", "主题", "委员")

Rows = Mapping[str, dict[str, str]]


def compare_books(before: OrganisationBook, after: OrganisationBook) -> tuple[RowChange, ...]:
    """What became other, in the order of the tables."""
    return tuple(change for sheet in SHEETS for change in _compare(sheet, before, after))


def _compare(
    sheet: Sheet, before: OrganisationBook, after: OrganisationBook
) -> Iterator[RowChange]:
    old, new = _rows(sheet, before), _rows(sheet, after)
    for code, row in old.items():
        if code not in new:
            yield _change(sheet, code, ChangeAction.REMOVED, row, {})
    for code, row in new.items():
        if code not in old:
            yield _change(sheet, code, ChangeAction.ADDED, {}, row)
        elif row != old[code]:
            yield _change(sheet, code, ChangeAction.CHANGED, old[code], row)
    stayed = [code for code in old if code in new]
    # What the studios did is kept by day, not in the order of its rows.
    if sheet is not ACTIVITIES and stayed != [code for code in new if code in old]:
        yield RowChange(sheet.title, "", "", ChangeAction.REORDERED)


def _rows(sheet: Sheet, book: OrganisationBook) -> dict[str, dict[str, str]]:
    rows = (_texts(sheet, noun) for noun in sheet.of(book))
    return {_BETWEEN_KEYS.join(row[column] for column in sheet.key): row for row in rows}


def _texts(sheet: Sheet, noun: Any) -> dict[str, str]:
    return {column: show_cell(cell) for column, cell in sheet.row(noun).items()}


def _change(
    sheet: Sheet, code: str, action: ChangeAction, old: dict[str, str], new: dict[str, str]
) -> RowChange:
    named = new or old
    name = next((named[column] for column in _NAMES if column in named), "")
    fields = tuple(
        (column, old.get(column, ""), new.get(column, ""))
        for column in sheet.columns
        if old.get(column, "") != new.get(column, "")
    )
    return RowChange(sheet.title, code, name, action, fields)
