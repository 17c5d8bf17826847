"""Fields of an answer, filled in for each reader: nobody sees another's name."""

from __future__ import annotations

from collections.abc import Mapping

FIELDS = ("来信人", "事项编号", "标题", "承办单位", "收到日期", "今天")


def fill_fields(text: str, values: Mapping[str, str]) -> str:
    """A text with each ``{field}`` that has a value replaced by it; others stay as they are."""
    for name in FIELDS:
        if name in values:
            text = text.replace(f"{{{name}}}", values[name])
    return text
