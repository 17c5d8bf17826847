"""What letters want, in own words: a thing to be there, or to be gone."""

from __future__ import annotations

import pytest
from hypothesis import given

from classifier.reading.wish import are_opposite, find_wish, packed
from tests.classifier.pair_makers import READER, texts


def wish_of(title: str, body: str = "") -> int:
    return packed(find_wish(READER.read(title, body)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("建议取消河堤路夜市", "请保留河堤路夜市"),
        ("取消河堤路夜市", "请不要取消河堤路的夜市"),
        ("反对3号楼加装电梯", "支持3号楼加装电梯"),
        ("建议人民路设置护栏", "建议拆除人民路的护栏"),
        ("反对在村口建垃圾中转站", "希望尽快建一座垃圾中转站"),
        ("反对撤并石桥小学", "建议撤并石桥小学"),
    ],
)
def test_one_wants_what_the_other_does_not(one: str, other: str) -> None:
    assert are_opposite(wish_of(one), wish_of("", f"我们住在附近，{other}，谢谢！"))
    assert are_opposite(wish_of(other), wish_of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("建议取消河堤路夜市", "强烈要求取缔河堤路夜市"),
        ("请不要取消夜市", "反对取消河堤路夜市"),
        ("建议取消河堤路夜市", "请保留人民路护栏"),  # of another thing
        ("建议取消河堤路夜市", "河堤路夜市太吵"),
        ("建议取消河堤路夜市", "能不能取消河堤路夜市"),
        ("希望建一座天桥", "特别希望建一座天桥"),
    ],
)
def test_others_want_the_same_or_of_something_else(one: str, other: str) -> None:
    assert not are_opposite(wish_of(one), wish_of(other))
    assert not are_opposite(wish_of(one), wish_of(one))


@pytest.mark.parametrize(
    "title",
    [
        "",
        "请问这里适合建医院吗",
        "建设路路灯不亮",
        "希望不要",
        "请拆",
        "路灯什么时候修",
        "夜市被取消了",
        "未经业主同意安装基站",
        "城管要求商户拆除招牌",
    ],
)
def test_questions_and_tidings_want_nothing(title: str) -> None:
    assert wish_of(title) == wish_of("", title) == 0


def test_the_title_says_it_before_the_body() -> None:
    assert wish_of("请保留夜市", "有人要求取消夜市。") == wish_of("请保留夜市")


@given(texts, texts)
def test_a_wish_of_any_text_fits_seven_bits_and_contradicts_not_itself(
    title: str, body: str
) -> None:
    wish = wish_of(title, body)
    assert 0 <= wish < 1 << 7
    assert not are_opposite(wish, wish)


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    assert wish_of("", "请" + "的" * 50_000 + "建") == 0
    assert wish_of("", "请不要" * 30_000) == 0
