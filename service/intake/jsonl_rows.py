"""Rows of a JSON Lines file: one object a line, its keys the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NoReturn

from service.errors import BrokenJsonError, InvalidInputError, RecordTooLongError
from service.intake.lines import Line
from service.intake.rejects import Reject, refuse
from service.intake.rows import Row

MAX_LINE_CHARS = 2_000_000


def jsonl_rows(lines: Iterator[Line]) -> Iterator[Row | Reject]:
    """The objects in order; a line that is no object is rejected, a blank one passed over."""
    for line in lines:
        text = line.text.strip("\ufeff \t\r\n")
        if not text:
            continue
        try:
            yield _read_row(line, text)
        except InvalidInputError as error:
            yield refuse(line.number, error, (text,))


def _read_row(line: Line, text: str) -> Row:
    if line.is_cut:
        raise RecordTooLongError(f"超过 {MAX_LINE_CHARS} 字")
    parsed = _parse(text)
    if not isinstance(parsed, dict):
        raise BrokenJsonError("不是对象")
    return Row(line.number, tuple(parsed), tuple(parsed.values()), original=text)


def _parse(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BrokenJsonError(f"第 {error.colno} 个字符处无法解析") from None
    except RecursionError:
        raise BrokenJsonError("嵌套过深") from None
    except ValueError:  # an integer of thousands of digits
        raise BrokenJsonError("数字过长") from None


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise BrokenJsonError("同一个键出现了两次")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise BrokenJsonError(f"{name} 不是 JSON 的数字")
