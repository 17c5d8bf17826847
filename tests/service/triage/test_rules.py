"""Which rules apply to a message, what they say, and when a person should look because of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.assignment import Assignment
from service.domain.channel import Channel
from service.domain.message import IncomingMessage, SenderDetails
from service.domain.standing_rule import Ruling, SenderKind, StandingRule
from service.triage.pipeline import NO_MODEL, Triage, review_reasons
from service.triage.rules import NO_RULES, make_rule_book, ruling_lines, ruling_reasons
from tests.makers import a_message
from tests.tiny_model import TinyModel, tiny_pair_model

FIRE = StandingRule("火情", words=("着火",), unless=("扑灭",), is_urgent=True, advice="请拨打 119")
COURT = StandingRule("诉讼", words=("法院已受理", "正在诉讼"), refusal="请向法院提出")
STUDIO = Assignment("T1", ("T1-M1",), "住建局", ("地点",))


@pytest.fixture(scope="module")
def tiny(triage: Triage) -> Triage:
    return replace(triage, model=TinyModel(triage.taxonomy), pair_model=tiny_pair_model())


def rule(
    triage: Triage, rules: tuple[StandingRule, ...], message: IncomingMessage
) -> Ruling | None:
    return replace(triage, rules=make_rule_book(rules)).understand(message, 0).ruling


def names(ruling: Ruling | None) -> list[str]:
    return [applied.rule.name for applied in ruling.applied] if ruling else []


@pytest.mark.parametrize(
    ("text", "applied"),
    [
        ("楼道里着火了！", ["火情"]),
        ("楼道里着火，已经扑灭。", []),
        ("我家的案子法院已受理，厨房又着火。", ["火情", "诉讼"]),
        ("正在訴訟的房子", ["诉讼"]),
        ("路灯坏了", []),
    ],
)
def test_a_rule_applies_by_its_words_and_not_by_those_it_excepts(
    tiny: Triage, text: str, applied: list[str]
) -> None:
    assert names(rule(tiny, (FIRE, COURT), a_message(text))) == applied


def test_words_are_found_in_the_title_too(tiny: Triage) -> None:
    assert names(rule(tiny, (FIRE,), a_message("请快来。", title="着火"))) == ["火情"]


@pytest.mark.parametrize(
    ("places", "is_applied"),
    [
        (("庄里镇",), True),
        (("6105",), True),
        (("富平县",), True),
        (("6101",), False),
        (("三合村",), False),
    ],
)
def test_a_place_is_met_by_name_or_by_the_beginning_of_its_code(
    tiny: Triage, places: tuple[str, ...], is_applied: bool
) -> None:
    local = StandingRule("本地", places=places, needs_review=True)
    assert bool(rule(tiny, (local,), a_message("富平县庄里镇的路灯坏了"))) == is_applied


def test_no_place_is_met_by_a_message_that_names_none(tiny: Triage) -> None:
    local = StandingRule("本地", places=("庄里镇", ""), needs_review=True)
    assert rule(tiny, (local,), a_message("路灯坏了", title="灯")) is None


def test_channel_and_sender_are_conditions(tiny: Triage) -> None:
    by_phone = StandingRule("电话", channels=(Channel.PHONE,), needs_review=True)
    nameless = StandingRule("匿名", sender=SenderKind.ANONYMOUS, needs_review=True)
    named = StandingRule("实名", sender=SenderKind.NAMED, needs_review=True)
    rules = (by_phone, nameless, named)
    assert names(rule(tiny, rules, a_message(channel=Channel.PHONE))) == ["电话", "实名"]
    assert names(rule(tiny, rules, a_message(sender=SenderDetails()))) == ["匿名"]


def test_all_conditions_must_hold(tiny: Triage) -> None:
    strict = replace(FIRE, channels=(Channel.PHONE,), sender=SenderKind.NAMED)
    assert rule(tiny, (strict,), a_message("着火了")) is None
    assert rule(tiny, (strict,), a_message("着火了", channel=Channel.PHONE)) is not None


def test_the_first_rule_with_a_department_decides_and_advice_is_given_once(tiny: Triage) -> None:
    rules = (
        StandingRule("甲", words=("路灯",), advice="提示"),
        StandingRule("乙", words=("路灯",), department="城管局", advice="提示"),
        StandingRule("丙", words=("路灯",), department="水利局", is_urgent=True),
    )
    ruling = rule(tiny, rules, a_message("路灯坏了"))
    assert ruling is not None
    assert (ruling.department, ruling.is_urgent, ruling.advice) == ("城管局", True, ("提示",))


def test_the_same_rules_make_one_book() -> None:
    assert make_rule_book((FIRE, COURT)) is make_rule_book((FIRE, COURT))
    assert NO_RULES.rules == ()


def test_what_the_rules_say_is_told_line_by_line(tiny: Triage) -> None:
    ruling = rule(tiny, (FIRE, COURT), a_message("法院已受理，着火了"))
    assert ruling is not None
    assert ruling_lines(ruling) == (
        "规则“火情”（文中有“着火”）：按紧急办理；请拨打 119",
        "规则“诉讼”（文中有“法院已受理”）：可能不予受理：请向法院提出",
    )


def test_where_rules_and_model_disagree_a_person_looks(tiny: Triage) -> None:
    to_others = StandingRule("照明", words=("路灯",), department="城管局", is_urgent=True)
    triage = replace(tiny, rules=make_rule_book((to_others,)))
    message = triage.understand(a_message("路灯坏了"), 0)
    assert message.is_urgent
    assert message.classification is not None
    assert not message.classification.is_urgent
    assert message.classification.department.label == "住建局"
    assert review_reasons(message, STUDIO) == (
        "规则判为紧急，模型判为不紧急，已按紧急办理",
        "规则建议由城管局承办，模型判断为住建局",
    )
    assert triage.route(message, {}).department == "住建局"


def test_where_they_agree_nobody_needs_to(tiny: Triage) -> None:
    same = StandingRule("照明", words=("路灯",), department="住建局")
    triage = replace(tiny, rules=make_rule_book((same,)))
    assert review_reasons(triage.understand(a_message("路灯坏了"), 0), STUDIO) == ()


def test_a_rule_can_ask_for_a_look_and_say_what_may_not_be_accepted(tiny: Triage) -> None:
    asks = StandingRule("重点", words=("路灯",), needs_review=True)
    message = a_message("路灯坏了，正在诉讼")
    understood = replace(tiny, rules=make_rule_book((asks, COURT))).understand(message, 0)
    assert review_reasons(understood, STUDIO) == (
        "规则“重点”要求复核",
        "规则“诉讼”提示可能不予受理：请向法院提出",
    )


def test_no_rule_lowers_an_urgency(tiny: Triage) -> None:
    calm = StandingRule("平常", words=("塌陷",), advice="不急")
    triage = replace(tiny, rules=make_rule_book((calm,)))
    assert triage.understand(a_message("路面塌陷"), 0).is_urgent


def test_without_a_model_the_rules_speak_alone(tiny: Triage) -> None:
    said = StandingRule("照明", words=("路灯",), department="城管局", is_urgent=True)
    alone = replace(tiny, model=None, pair_model=None, rules=make_rule_book((said,)))
    message = alone.understand(a_message("路灯坏了"), 0)
    assert message.is_urgent
    assignment = alone.route(message, {})
    assert assignment.department == "城管局"
    assert "按办理规则" in assignment.because[-1]
    assert review_reasons(message, assignment) == (NO_MODEL,)


def test_nothing_said_is_no_reason() -> None:
    assert ruling_reasons(None, None) == ()


@given(text=st.text(max_size=200), words=st.lists(st.text(max_size=8), max_size=5))
def test_any_text_can_be_ruled_on_by_any_words(tiny: Triage, text: str, words: list[str]) -> None:
    hostile = StandingRule("甲", words=tuple(words), needs_review=True)
    assert rule(tiny, (hostile, FIRE), a_message("着火" + text)) is not None or "扑灭" in text
