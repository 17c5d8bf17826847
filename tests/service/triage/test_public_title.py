"""Titles for anyone: a doubt whether somebody is named is enough to hold one back."""

from __future__ import annotations

import pytest

from service.triage.pipeline import Triage
from service.triage.public_title import is_fit_for_all


@pytest.mark.parametrize(
    "title",
    [
        "东巷路灯全黑",
        "庄里镇三合村路灯不亮",
        "公交车晚上六点就停",
        "中学食堂的饭菜里有虫子",
        "Why is the road closed?",
        "a",
    ],
)
def test_a_title_that_names_nobody_is_fit(triage: Triage, title: str) -> None:
    assert is_fit_for_all(title, triage.reader)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "  ",
        "关于〔姓名〕低保的问题",
        "某主任不接电话",
        "联系电话〔电话〕打不通",
        "请查王建国占用耕地",
        "郭晓芸家门前积水",
        "李翠花与张大力的纠纷",
        "邻居周楠半夜放音乐",
        "王主任态度恶劣",
        "我叫赵铁柱，要求补发工资",
        "打 19900001234 没人接",
        "欧阳春燕欠薪",
    ],
)
def test_a_title_that_names_or_may_name_somebody_is_not(triage: Triage, title: str) -> None:
    assert not is_fit_for_all(title, triage.reader)


@pytest.mark.parametrize("title", ["\x00\ud800", "王" * 1000, "〔〕", "\u202e倒", "李", "张\n王"])
def test_any_text_will_do(triage: Triage, title: str) -> None:
    assert is_fit_for_all(title, triage.reader) in (True, False)
