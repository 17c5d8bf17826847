"""Rows: what cannot be learned from is refused in one line that says where."""

from __future__ import annotations

import pytest

from tests.training.own_table import labelled_rows
from tests.training.small import segmenter
from training.errors import TrainingError
from training.examples import make_text
from training.rows import LabelledRow, check_rows, contradictions, without_contradictions


def a_row(line: int, body: str, label: str, second: str = "") -> LabelledRow:
    labels = {"h": label} if label else {}
    seconds = {"h": second} if second else {}
    return LabelledRow(f"第 {line} 行", make_text("", body, segmenter()), labels, seconds)


SOUND = [a_row(n, f"第{n}件事", "甲" if n % 2 else "乙") for n in range(2, 8)]


def test_sound_rows_pass() -> None:
    check_rows(SOUND, ["h"])
    check_rows(labelled_rows(), ["单位", "性质"])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "没有数据行"),
        ([a_row(2, "路灯", "")], "没有一行有标签"),
        ([a_row(2, "路灯", "甲"), a_row(3, "学校", "甲")], "只有一种标签“甲”"),
        ([*SOUND, a_row(9, " ", "甲")], "有 1 行没有文字：第 9 行"),
        ([*SOUND, a_row(9, "路灯", "丙")], "有 1 种标签只有一行，请补充、合并或留空：“丙”"),
        (
            [*SOUND, *(a_row(9 + at, f"路灯{at}", each) for at, each in enumerate("丙丁戊己庚辛"))],
            "“丁”、“丙”、“己”、“庚”、“戊” 等",
        ),
        (
            [*SOUND, a_row(9, "路灯 坏了", "甲"), a_row(12, "路灯坏了", "乙")],
            "有 2 行文字相同而“h”的标签不同，请先核对：第 9 行、第 12 行",
        ),
    ],
)
def test_what_cannot_work_is_refused(rows: list[LabelledRow], reason: str) -> None:
    with pytest.raises(TrainingError) as caught:
        check_rows(rows, ["h"])
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_the_first_places_are_shown() -> None:
    rows = [*SOUND, *(a_row(n, "", "甲") for n in range(20, 40))]
    with pytest.raises(TrainingError, match=r"有 20 行没有文字：第 20 行.*第 24 行 等$"):
        check_rows(rows, ["h"])


def test_a_second_acceptable_label_is_no_contradiction() -> None:
    rows = [a_row(2, "路灯", "甲", "乙"), a_row(3, "路灯", "乙")]
    assert contradictions(rows, "h") == []


def test_a_row_that_nobody_labelled_may_be_empty_and_contradicts_none() -> None:
    check_rows([*SOUND, a_row(9, "", ""), a_row(10, "第2件事", "")], ["h"])


def test_contradictions_can_be_left_out() -> None:
    against = [a_row(9, "路灯", "甲"), a_row(10, "路灯", "乙")]
    assert without_contradictions([*SOUND, *against], ["h"]) == (SOUND, 2)
