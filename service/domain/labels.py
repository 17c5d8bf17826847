"""The base of every enumeration that people see: each value carries its Chinese label."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any, Self


class Labelled(Enum):
    """An enumeration whose members are written ``NAME = "value", "中文"``."""

    label_zh: str

    def __new__(cls, value: str, label_zh: str = "") -> Self:
        """Make a member; the label may be left out only where one is looked up by value."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh = label_zh
        return member

    @classmethod
    def from_label(cls, label_zh: str) -> Self:
        """The member that carries this Chinese label.

        Raises
        ------
        ValueError
            No member carries it.
        """
        member: Self | None = _by_label(cls).get(label_zh)
        if member is None:
            raise ValueError(f"{label_zh!r} 不是 {cls.__name__} 的名称")
        return member


@cache
def _by_label(kind: type[Labelled]) -> dict[str, Any]:
    return {member.label_zh: member for member in kind}
