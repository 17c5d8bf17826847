"""What is wrong with a field, in Chinese, from what pydantic reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.web.parameter_names import PARAMETERS_ZH

_SHOWN_ERRORS = 20
_MAX_FIELD_CHARS = 100
_TEXTS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是有效的 JSON",
    "string_type": "应为文字",
    "string_unicode": "含有无法保存的字符（损坏的编码）",
    "string_too_long": "不超过 {max_length} 字",
    "string_too_short": "不少于 {min_length} 字",
    "string_pattern_mismatch": "格式不正确",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "int_parsing_size": "数字过大",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "不小于 {ge}",
    "less_than_equal": "不大于 {le}",
    "enum": "应为 {expected} 之一",
    "literal_error": "应为 {expected} 之一",
    "list_type": "应为数组",
    "too_long": "不超过 {max_length} 项",
    "too_short": "不少于 {min_length} 项",
    "dict_type": "应为 JSON 对象",
    "model_type": "应为 JSON 对象",
    "model_attributes_type": "应为 JSON 对象",
}
_OTHER = "内容不符合要求"
_OF_THE_ADDRESS = ("query", "path")


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field at fault: its path (``sender.phone``), a stable code and a message in Chinese.

    The message calls a parameter of the address by its Chinese name.
    """

    field: str
    code: str
    message: str


def field_errors(errors: Sequence[Mapping[str, Any]]) -> tuple[FieldError, ...]:
    """The first errors of a validation, without the values at fault.

    Their locations begin with where the value came in: body, query, path, header.
    """
    return tuple(_field_error(error) for error in errors[:_SHOWN_ERRORS])


def _field_error(error: Mapping[str, Any]) -> FieldError:
    code = str(error["type"])
    template = _TEXTS.get(code, _OTHER)
    told = {name: _listed(value) for name, value in error.get("ctx", {}).items()}
    message = template.format_map(told)
    return FieldError(_path(error["loc"], code), code, _name(error["loc"]) + message)


def _listed(told: object) -> object:
    """A value told with an error; of several that are possible a Chinese list."""
    return told.replace(" or ", "、").replace(", ", "、") if isinstance(told, str) else told


def _name(location: Sequence[str | int]) -> str:
    where, *inner = location
    name = PARAMETERS_ZH.get(str(inner[0])) if where in _OF_THE_ADDRESS and inner else None
    return f"“{name}”" if name else ""


def _path(location: Sequence[str | int], code: str) -> str:
    """The field's path without where it came in (body, query …); sendable as UTF-8."""
    inner = () if code == "json_invalid" else location[1:]
    # Of a value that may be of several types pydantic names the type as well.
    named = (str(part) for part in inner if not str(part).startswith("constrained-"))
    path = ".".join(named)[:_MAX_FIELD_CHARS]
    return path.encode("utf-8", "replace").decode("utf-8")
