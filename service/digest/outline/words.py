"""Turns of phrase the sections share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.digest.compare import Change, Comparison
from service.digest.periods import PeriodKind

LEAST_FOR_PERCENT = 10  # a percentage of fewer messages than these would only sound exact
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """What this period, the one before and the four before are called."""

    this: str
    last: str
    base: str


PERIOD_WORDS = {
    PeriodKind.DAY: PeriodWords("当日", "前一日", "前四日"),
    PeriodKind.WEEK: PeriodWords("本周", "上周", "前四周"),
    PeriodKind.MONTH: PeriodWords("本月", "上月", "前四个月"),
    PeriodKind.QUARTER: PeriodWords("本季度", "上季度", "前四个季度"),
    PeriodKind.YEAR: PeriodWords("本年", "上年", "前四年"),
    PeriodKind.ALL: PeriodWords("全部时间内", "上期", "前四期"),
}

CHANGE_WORDS = {
    Change.RISE: "明显上升",
    Change.FALL: "明显下降",
    Change.STEADY: "平稳",
    Change.UNKNOWN: "不可比",
}


def chinese_number(number: int) -> str:
    """1 to 99 as numbered headings write it, e.g. 12 → 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones or not tens else "")


def percent(part: int, whole: int) -> str:
    """The share with one decimal, e.g. ``31.3%``; whole numbers without."""
    return f"{100 * part / whole:.1f}".removesuffix(".0") + "%"


def decimal(value: float) -> str:
    """With one decimal, whole numbers without."""
    return f"{value:.1f}".removesuffix(".0")


def against_previous(value: int, previous: int, last: str) -> str:
    """E.g. ``较上周增加12条（增长10.3%）``."""
    if value == previous:
        return f"与{last}持平"
    more = value > previous
    size = abs(value - previous)
    share = ""
    if previous >= LEAST_FOR_PERCENT:
        share = f"（{'增长' if more else '下降'}{percent(size, previous)}）"
    return f"较{last}{'增加' if more else '减少'}{size}条{share}"


def judged(comparison: Comparison, words: PeriodWords) -> str:
    """What the test says of a count, as a clause; "" when it was not made."""
    if comparison.mean is None:
        return ""
    average = f"{words.base}平均{decimal(comparison.mean)}条"
    if comparison.change is Change.STEADY:
        return f"{average}，经检验无明显变化"
    return f"{average}，经检验属{CHANGE_WORDS[comparison.change]}"


def listed(parts: Sequence[str]) -> str:
    """Parts joined as a Chinese enumeration."""
    return "、".join(parts)
