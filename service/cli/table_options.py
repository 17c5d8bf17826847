"""What ``train``, ``predict`` and ``evaluate`` have in common: columns and heads named by users."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.errors import InvalidInputError

if TYPE_CHECKING:
    from classifier.judging.predictor import Predictor


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """The column with a head's label, and the one with a second acceptable label or ""."""

    head: str
    column: str
    second: str = ""


def parse_columns(value: str) -> tuple[str, ...]:
    """Read ``列[,列]``.

    Raises
    ------
    InvalidInputError
        A name is empty or stands there twice.
    """
    names = tuple(name.strip() for name in value.split(","))
    if not all(names) or len(set(names)) < len(names):
        raise InvalidInputError(f"--text “{value}” 应写作 列[,列]，列名不重复")
    return names


def parse_labels(pairs: Iterable[str]) -> tuple[LabelColumn, ...]:
    """Read ``题目=列[,另一可接受标签的列]`` pairs.

    Raises
    ------
    InvalidInputError
        A pair is not of this form, two are of one head, or a head's name is the column in which
        another's probability is written.
    """
    found: dict[str, LabelColumn] = {}
    for pair in pairs:
        head, sign, columns = pair.partition("=")
        head, (column, _, second) = head.strip(), columns.partition(",")
        if not (sign and head and column.strip()):
            raise InvalidInputError(f"--label “{pair}” 应写作 题目=列[,另一可接受标签的列]")
        if head in found:
            raise InvalidInputError(f"--label 两次写到题目“{head}”")
        found[head] = LabelColumn(head, column.strip(), second.strip())
    for head in found:
        if f"{head}_p" in found:
            raise InvalidInputError(f"题目“{head}_p”与题目“{head}”的概率列同名，请改一个名称")
    return tuple(found.values())


def text_columns(given: str | None, model: Predictor) -> Sequence[str]:
    """The text columns that the user named, or those the model was trained on.

    Raises
    ------
    InvalidInputError
        Neither tells any.
    """
    if given is not None:
        return parse_columns(given)
    known = model.file.header.get("text_columns")
    if isinstance(known, list) and known and all(isinstance(name, str) for name in known):
        return known
    raise InvalidInputError("请用 --text 指明文字所在的列")
