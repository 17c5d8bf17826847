"""Cross-fitted verdicts: nobody is judged by what was learned from himself or his like."""

from __future__ import annotations

import pytest

from training.pair_verdicts import cross_fitted_shares

LAMPS = [
    "东风路上的路灯从上周起不亮了，行人看不见坑",
    "巷子里装的灯泡坏了，晚上漆黑一片，行人摔跤",
    "新灯杆整夜不亮，晚上骑车的行人害怕",
    "小区门口灯罩掉了，行人晚上绕着走，灯泡也不亮",
]
SCHOOLS = [
    "小学午餐的米饭夹生，学生吃不饱",
    "食堂的菜价涨了，学生带饭上学",
    "家长想看后厨，食堂不让进，学生说菜里有虫",
    "幼儿园午餐没有肉，家长不满，学生挨饿",
]
COPIES_ONLY = 0.95  # letters this few and short are all alike by their common n-grams
ALL = [*LAMPS, *SCHOOLS]
TOPICS = ["照明"] * 4 + ["食堂"] * 4


def test_a_message_is_judged_by_the_others() -> None:
    shares = cross_fitted_shares(ALL, {"topic": TOPICS}, len(ALL), COPIES_ONLY)
    assert [max(each, key=lambda item: item[1])[0] for each in shares] == TOPICS
    for each in shares:
        assert sum(share for _, share in each) == pytest.approx(1, abs=1e-5)


def test_a_message_does_not_know_its_own_label_nor_its_copies() -> None:
    odd = "自来水发黄有怪味道"
    texts = [*ALL, odd, f"{odd}！"]
    told = cross_fitted_shares(texts, {"topic": [*TOPICS, "供水", "供水"]}, 10, COPIES_ONLY)[-2:]
    assert all(dict(each).get("供水", 0) < 0.34 for each in told)


def test_messages_that_are_all_alike_teach_each_other_nothing() -> None:
    (first, *_) = cross_fitted_shares(ALL, {"topic": TOPICS}, len(ALL), alike=0.05)
    assert dict(first)["照明"] == pytest.approx(0.5, abs=0.01)


def test_questions_follow_each_other_and_missing_labels_are_no_matter() -> None:
    labels = {"topic": [*TOPICS[:7], None], "department": ["住建"] * 4 + ["教育"] * 4}
    (first, *_, last) = cross_fitted_shares(ALL, labels, len(ALL), COPIES_ONLY)
    assert [label for label, _ in first][::2] == ["照明", "住建"]
    assert [label for label, _ in last][::2] == ["食堂", "教育"]


def test_texts_beyond_the_measured_ones_teach_only() -> None:
    shares = cross_fitted_shares(
        [LAMPS[0], *ALL[1:]], {"topic": [None, *TOPICS[1:]]}, 1, COPIES_ONLY
    )
    assert len(shares) == 1
    assert shares[0][0][0] == "照明"
