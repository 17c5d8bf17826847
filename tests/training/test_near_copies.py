"""Near copies stand together; folds keep them so."""

from __future__ import annotations

import numpy as np

from classifier.judging.features import Text
from training.near_copies import folds, group_near_copies

LAMP = "巷子里的路灯坏了半个月，夜里看不见路，请派人来修好。"
SCHOOL = "请问今年小学招生划片范围有没有变化，需要带哪些证件？"


def text(body: str) -> Text:
    return Text("", body, (), (body,))


def test_a_lightly_edited_copy_is_in_the_same_group() -> None:
    group = group_near_copies([text(LAMP), text(SCHOOL), text("领导好：" + LAMP + "谢谢！")])
    assert group[0] == group[2] != group[1]


def test_copies_of_copies_are_one_group() -> None:
    chain = [LAMP + SCHOOL, LAMP, SCHOOL]
    assert len(set(group_near_copies([text(body) for body in chain]).tolist())) == 1


def test_short_texts_that_share_a_word_are_not_copies() -> None:
    group = group_near_copies([text("路灯坏了"), text("路灯坏了吗"), text("")])
    assert len(set(group.tolist())) == 3


def test_a_group_is_never_divided_between_folds() -> None:
    group = np.repeat(np.arange(40), 3)
    fold = folds(group, 5, seed=1)
    assert set(fold.tolist()) == set(range(5))
    assert all(len(set(fold[group == number].tolist())) == 1 for number in range(40))
    assert np.array_equal(fold, folds(group, 5, seed=1))
