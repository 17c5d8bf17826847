"""The check of an answer: what was asked, and which sentence answers it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.segment import Segmenter
from service.triage.answer_check import MAX_ASKS, check_answer

WATER = "梅园小区连续三天停水，没法做饭。请问什么时候恢复供水？停水期间能否安排送水车？"
CASES = [
    ("路灯不亮", "三合村的路灯坏了半个月。", "路灯已于3月8日修好。", [True]),
    (
        "小区停水",
        WATER,
        "经核实，主管爆裂，预计3月10日恢复供水。抢修期间每天安排两辆送水车到小区门口。",
        [True, True],
    ),
    ("小区停水", WATER, "来信收悉，供水公司正在抢修主管道，将尽快完成。", [False, False]),
    (
        "公交改线",
        "建议302路公交车延伸到新校区。另外，希望在校门口增设斑马线。",
        "关于302路公交延伸至新校区的建议，公交公司正在调研客流。",
        [True, False],
    ),
    (
        "医保报销",
        "请问异地就医备案怎么办理？住院报销比例是多少？",
        "异地就医备案可在手机上办理，也可到窗口办理。在职职工住院报销比例为85%。",
        [True, True],
    ),
    ("", "请问公租房几时摇号？", "公租房申请条件见附件。", [False]),
    (
        "桥和补贴",
        "村口的桥能不能派人维修？\n征地补贴什么时候发",
        "村口的桥已派人维修。征地补贴10月底发放。",
        [True, True],
    ),
    (
        "站牌倒了",
        "村口的公交站牌被撞倒两个月，老人等车没有地方坐，请重新装上站牌并加装候车座椅。",
        "站牌已重新装上，候车座椅已加装。",
        [True],
    ),
    (
        "站牌倒了",
        "村口的公交站牌被撞倒两个月，老人等车没有地方坐，请重新装上站牌并加装候车座椅。",
        "两个月来老人等车辛苦了，村口的情况我们都了解。",
        [False],
    ),
    ("路灯", "东巷的路灯坏了半个月，晚上看不见，请尽快修好。", "东巷的路灯3月8日修好了。", [True]),
    ("谢谢", "谢谢。", "不客气。", [False]),
]


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.mark.parametrize(("title", "text", "answer", "wanted"), CASES)
def test_what_is_answered_and_what_is_not(
    segmenter: Segmenter, title: str, text: str, answer: str, wanted: list[bool]
) -> None:
    found = check_answer(title, text, answer, segmenter)
    assert [bool(one.sentence) for one in found] == wanted


def test_the_sentence_that_answers_stands_beside_what_was_asked(segmenter: Segmenter) -> None:
    title, text, answer, _ = CASES[1]
    first, second = check_answer(title, text, answer, segmenter)
    assert "恢复供水" in first.sentence
    assert "送水车" in second.sentence


@given(title=st.text(max_size=30), text=st.text(max_size=200), answer=st.text(max_size=200))
def test_any_texts_will_do(title: str, text: str, answer: str) -> None:
    found = check_answer(title, text, answer, Segmenter())
    assert 1 <= len(found) <= MAX_ASKS


def test_endless_questions_are_bounded(segmenter: Segmenter) -> None:
    assert len(check_answer("", "请问何时修好？" * 5000, "已修好。" * 2000, segmenter)) == MAX_ASKS
