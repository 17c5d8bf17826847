"""What no likeness outweighs: the same words of another place, and opposite demands."""

from __future__ import annotations

import pytest

from classifier.matching.doubt import SAME_TEXT, Doubt, find_doubt
from classifier.matching.pair_evidence import pair_evidence
from classifier.matching.pair_model import PairScore
from tests.classifier.pair_makers import MODEL, STATISTICS, many, profile

BUS = (
    "{}到县城的班车一天只有两趟，早上六点一趟，下午三点一趟，看病赶集都不方便，老人要走十几里路，"
    "请交通局加开班车，或者开通公交。"
)
DEED = (
    "我们是{}的业主，交房已经两年，房产证一直办不下来，孩子上不了学，户口落不了，开发商和办证的人"
    "互相推，请领导协调，尽快给我们办证。"
)


def score(one: tuple[str, str], other: tuple[str, str], senders: tuple[int, int]) -> PairScore:
    (found,) = MODEL.score(profile(*one, senders[0]), many(profile(*other, senders[1])))
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("三合村班车太少", BUS.format("三合村")), ("石桥村班车太少", BUS.format("石桥村"))),
        (("班车太少", BUS.format("三合村")), ("班车太少", BUS.format("石桥村"))),
        (("房产证", DEED.format("金河湾小区")), ("房产证", DEED.format("翠屏花园"))),
        (("建设路路灯坏了", DEED.format("那里")), ("解放路路灯坏了", DEED.format("那里"))),
    ],
)
def test_the_same_text_for_another_place_is_left_to_a_person(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    for pair in ((one, other), (other, one)):
        found = score(*pair, senders=(1, 2))
        assert found.likeness >= SAME_TEXT
        assert found.doubt is Doubt.ELSEWHERE
        assert not found.is_same_text
        assert found.same <= 0.5 and found.copy <= 0.5
        assert MODEL.reasons(found)[-1] == "但写到的地方或名称不同，请人工判断"
    assert score(one, other, senders=(1, 1)).is_same_text  # who corrects himself


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("三合村班车太少", "尊敬的领导：" + BUS.format("我们三合村") + "此致敬礼"),
        (
            "班车",
            BUS.format("三合村").replace("早上六点", "早晨六点").replace("请交通局", "望交通局"),
        ),
        ("三合村的班车", BUS.format("三合村").replace("老人", "老年人")),
    ],
)
def test_an_edited_copy_is_one(title: str, body: str) -> None:
    found = score(("三合村班车太少", BUS.format("三合村")), (title, body), senders=(1, 2))
    assert found.doubt is Doubt.NONE
    assert found.is_same_text


def test_a_long_text_with_another_name_is_not_the_very_same() -> None:
    long = "".join(f"第{n}条说的是班车在第{n}个站不停，要等到下一班。" for n in range(400))
    one, other = (("班车", BUS.format(name) + long) for name in ("三合村", "石桥村"))
    found = score(one, other, senders=(1, 2))
    assert found.likeness < 1.0
    assert "全文相同" not in MODEL.reasons(found)


def test_opposite_demands_are_left_to_a_person() -> None:
    found = score(
        ("建议取消河堤路夜市", "河堤路夜市吵到半夜，油烟熏人，请取消河堤路夜市。"),
        ("请保留河堤路夜市", "河堤路夜市有人说吵，油烟熏人，请保留河堤路夜市。"),
        senders=(1, 2),
    )
    assert found.doubt is Doubt.OPPOSITE
    assert found.same <= 0.5
    assert MODEL.reasons(found)[-1] == "但诉求相反，请人工判断"


@pytest.mark.parametrize(
    ("title", "senders", "subject", "doubt"),
    [
        ("三合村吃水难", (1, 2), 0.2, Doubt.ELSEWHERE),
        ("三合村吃水难", (1, 2), 0.4, Doubt.NONE),
        ("三合村吃水难", (1, 1), 0.2, Doubt.NONE),
        ("石桥村吃水难", (1, 2), 0.2, Doubt.NONE),
        ("吃水难", (1, 2), 0.2, Doubt.NONE),
    ],
)
def test_of_little_in_common_titles_of_two_villages_make_two_matters(
    title: str, senders: tuple[int, int], subject: float, doubt: Doubt
) -> None:
    one = profile("石桥村水井坏了", "井里的水泵半个月不转。", senders[0])
    other = profile(title, "家里没有水吃，井里打不上水。", senders[1])
    (evidence,) = pair_evidence(one, many(other), STATISTICS)
    assert find_doubt(one, other, STATISTICS, evidence, 0.1, subject) is doubt


def test_other_topics_of_one_firm_are_other_matters() -> None:
    dust, pay = (("环境保护", 0.9), ("生态环境局", 0.9)), (("劳动保障", 0.9), ("人社局", 0.9))
    one = profile("宏达水泥厂粉尘", "宏达水泥厂的灰落得满院子。", 1, judged=dust)
    for sender, judged, doubt in (
        (2, pay, Doubt.SUBJECT),
        (2, dust, Doubt.NONE),
        (2, (), Doubt.NONE),  # nobody judged
        (1, pay, Doubt.NONE),
    ):
        other = profile("宏达水泥厂工资", "宏达水泥厂三个月不发工资。", sender, judged=judged)
        (evidence,) = pair_evidence(one, many(other), STATISTICS)
        assert find_doubt(one, other, STATISTICS, evidence, 0.1, 0.6) is doubt


def test_an_estate_is_no_subject_whichever_way_its_name_is_cut() -> None:
    one = ("翠屏花园房产证", "翠屏花园交房两年，证还没有办。")
    other = ("翠屏花园车库", "翠屏花园一下雨地下就进水。")
    assert score(one, other, senders=(1, 2)).same <= 0.5
