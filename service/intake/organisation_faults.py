"""What a row of an organisation must be by itself: what its cells may hold, and how long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.intake.organisation_entries import plain_code
from service.intake.organisation_sheets import (
    ACTIVITIES,
    COMMITTEES,
    DEPARTMENTS,
    MEMBERS,
    SECTORS,
    SHIFTS,
    STUDIOS,
    Sheet,
)

MAX_CODE_CHARS = 64
MAX_NAME_CHARS = 100
MAX_TEXT_CHARS = 2_000
_BETWEEN = ";；"
_CODES = {
    COMMITTEES: ("编号", "上级"),
    STUDIOS: ("编号", "政协", "召集人"),
    MEMBERS: ("编号", "政协", "代理委员"),
    DEPARTMENTS: (),
    SECTORS: ("政协",),
    SHIFTS: ("工作室", "委员"),
    ACTIVITIES: ("编号", "工作室"),
}
_NAMES = {"名称", "姓名", "界别", "区划代码"}
_KINDS = {"类别": 40, "区划代码": 12}
# Cells with several values; the noun's fields they are made of.
_MANY = {
    STUDIOS: ("areas", "topics", "deputies"),
    MEMBERS: ("specialties", "studios"),
    DEPARTMENTS: ("aliases",),
    ACTIVITIES: ("members",),
}
_NEEDED = {
    COMMITTEES: ("编号", "名称"),
    STUDIOS: ("编号", "名称", "政协"),
    MEMBERS: ("编号", "姓名", "政协"),
    DEPARTMENTS: ("名称",),
    SECTORS: ("政协", "名称"),
    SHIFTS: ("工作室", "委员"),
    ACTIVITIES: ("编号", "工作室", "类别", "主题"),
}


def faults(sheet: Sheet, noun: Any) -> Iterator[str]:
    """What is wrong with a noun wherever it comes from, in Chinese.

    A row of a file is checked for signs and empty cells when it is read; see ``cell_faults``.
    """
    row = sheet.row(noun)
    for column in _CODES[sheet]:
        yield from _code_faults(column, row[column])
    for column, cell in row.items():
        most = _KINDS.get(column, MAX_NAME_CHARS if column in _NAMES else MAX_TEXT_CHARS)
        if isinstance(cell, str) and len(cell) > most:
            yield f"“{column}”不超过 {most} 字"
    for field in _MANY.get(sheet, ()):
        parts = getattr(noun, field)
        if any(not part or any(sign in part for sign in _BETWEEN) for part in parts):
            yield "多个值中不能有空的，也不能含有分号"
        if len(set(parts)) < len(parts):
            yield "同一格中有重复的值"


def cell_faults(sheet: Sheet, noun: Any) -> Iterator[str]:
    """What reading a row would have noted, for a noun that was not read from one."""
    row = sheet.row(noun)
    for column in _NEEDED[sheet]:
        if not row[column]:
            yield f"“{column}”不能为空"
    for column, cell in row.items():
        if isinstance(cell, str) and not cell.isprintable():
            yield f"“{column}”含有不可见字符"


def _code_faults(column: str, code: str) -> Iterator[str]:
    if len(code) > MAX_CODE_CHARS:
        yield f"“{column}”不超过 {MAX_CODE_CHARS} 字"
    if code != plain_code(code) or any(sign.isspace() or sign in ";；/" for sign in code):
        yield f"“{column}”中的“{code[:MAX_CODE_CHARS]}”不能有空格、分号、斜线和全角字母"
