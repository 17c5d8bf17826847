"""Titles in the form 关于…的…."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest.quotes import Text
from service.digest.titles import LONGEST_TITLE, make_title
from service.domain.kind import Kind


def title(*titles: str, kind: Kind | None = None, place: str = "", topic: str = "") -> str:
    texts = [Text(n, n, each, "") for n, each in enumerate(titles)]
    return make_title(texts, kind, place, topic, lambda line: "某人" not in line)


@pytest.mark.parametrize(
    ("given_title", "made"),
    [
        ("投诉柳河湾小区电梯停运", "关于柳河湾小区电梯停运的问题"),
        ("请问东街旧房改造要拖到何时？", "关于东街旧房改造的问题"),
        ("再次反映西关小学食堂饭菜变质的问题", "关于西关小学食堂饭菜变质的问题"),
        ("恳请尽快解决三合村吃水难问题！！", "关于三合村吃水难的问题"),
        ("关于人民路夜间施工噪音扰民的投诉", "关于人民路夜间施工噪音扰民的问题"),
        ("请书记关注城南污水厂臭气扰民", "关于城南污水厂臭气扰民的问题"),
        ("强烈要求给柳河湾小区装电梯的联名控诉书", "关于柳河湾小区装电梯的问题"),
        ("柳河湾公园的二期工程何时才能正式启动？", "关于柳河湾公园的二期工程的问题"),
        ("三合村变电站离学校太近，恳请迁走", "关于三合村变电站离学校太近的问题"),
        ("【紧急】城南污水厂臭气扰民，没人管", "关于城南污水厂臭气扰民的问题"),
    ],
)
def test_what_only_says_that_somebody_writes_is_taken_off(given_title: str, made: str) -> None:
    assert title(given_title) == made


def test_the_most_central_of_the_titles_is_taken() -> None:
    made = title("路灯", "你好", "东巷路灯不亮", "东巷的路灯不亮", "买菜不便，东巷桥要修")
    assert made in ("关于东巷路灯不亮的问题", "关于东巷的路灯不亮的问题")


def test_the_place_is_named_where_the_title_does_not() -> None:
    assert title("垃圾没人清运", place="庄里镇") == "关于庄里镇垃圾没人清运的问题"
    assert title("庄里镇垃圾没人清运", place="庄里镇") == "关于庄里镇垃圾没人清运的问题"


def test_a_suggestion_is_called_one() -> None:
    assert title("建议增加7路公交班次", kind=Kind.SUGGESTION) == "关于增加7路公交班次的建议"


def test_without_a_title_that_names_nobody_place_and_topic_stand_in() -> None:
    made = title("某人占地建房", "〔姓名〕占地建房", place="庄里镇", topic="国土资源／土地管理")
    assert made == "关于庄里镇土地管理的问题"
    assert title("某人占地建房") == ""


@given(st.lists(st.text(max_size=90), max_size=6), st.text(max_size=30))
def test_any_titles_give_one_that_fits(titles: list[str], place: str) -> None:
    made = title(*titles, place=place, topic="一／二")
    assert made.startswith("关于")
    assert made.endswith("的问题")
    assert len(made) <= LONGEST_TITLE
