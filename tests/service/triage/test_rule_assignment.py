"""Rules that name a studio: by topic, kind and words, the first of them decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.assignment import Assignment
from service.domain.kind import Kind
from service.domain.standing_rule import StandingRule
from service.triage.pipeline import Triage
from service.triage.rules import make_rule_book
from tests.makers import a_message
from tests.tiny_model import TinyModel, tiny_pair_model

TO_SCHOOLS = StandingRule("甲", words=("路灯",), studio="T2")
TO_TOWN = StandingRule("乙", words=("路灯",), studio="T1")


@pytest.fixture(scope="module")
def tiny(triage: Triage) -> Triage:
    return replace(triage, model=TinyModel(triage.taxonomy), pair_model=tiny_pair_model())


def route(triage: Triage, text: str, *rules: StandingRule) -> Assignment:
    ruled = replace(triage, rules=make_rule_book(rules, triage.taxonomy))
    return ruled.route(ruled.understand(a_message(text, title=""), 0), {})


def test_the_first_rule_with_a_studio_decides_and_the_next_is_shown(tiny: Triage) -> None:
    calm = StandingRule("丙", words=("路灯",), advice="请绕行")
    got = route(tiny, "庄里镇的路灯坏了", calm, TO_SCHOOLS, TO_TOWN)
    assert got.studio == "T2"
    assert "工作室：规则“甲”（文中有“路灯”）指定教育界委员工作室" in got.because
    assert "次选：规则“乙”（T1）也适用，次序在后" in got.because
    assert got.runners_up[0] == "T1"
    assert route(tiny, "庄里镇的路灯坏了", TO_TOWN, TO_SCHOOLS).studio == "T1"


def test_without_a_rule_that_applies_the_scores_decide(tiny: Triage) -> None:
    assert route(tiny, "庄里镇的水管坏了", TO_SCHOOLS).studio == "T1"


@pytest.mark.parametrize(
    ("rule", "text", "applies"),
    [
        (StandingRule("题", topics=("城乡建设",), studio="T2"), "庄里镇路灯坏了", True),
        (StandingRule("题", topics=("01",), studio="T2"), "庄里镇路灯坏了", True),
        (StandingRule("题", topics=("0102",), studio="T2"), "庄里镇路灯坏了", True),
        (
            StandingRule("题", topics=("城乡建设/城市建设和市政管理",), studio="T2"),
            "庄里镇路灯坏了",
            True,
        ),
        (StandingRule("题", topics=("城乡建设/村镇建设",), studio="T2"), "庄里镇路灯坏了", False),
        (StandingRule("题", topics=("教育文体",), studio="T2"), "庄里镇路灯坏了", False),
        (StandingRule("型", kinds=(Kind.COMPLAINT,), studio="T2"), "庄里镇路灯坏了", True),
        (StandingRule("型", kinds=(Kind.QUESTION,), studio="T2"), "庄里镇路灯坏了", False),
    ],
)
def test_a_rule_goes_by_topic_and_kind(
    tiny: Triage, rule: StandingRule, text: str, applies: bool
) -> None:
    assert (route(tiny, text, rule).studio == "T2") is applies


def test_what_nobody_classified_has_no_topic(tiny: Triage) -> None:
    alone = replace(tiny, model=None, pair_model=None)
    rule = StandingRule("题", topics=("01",), studio="T2")
    assert route(alone, "庄里镇路灯坏了", rule).studio == "T1"


def test_a_rule_goes_before_what_the_writer_asks_for(tiny: Triage) -> None:
    text = "请庄里镇委员工作室看看庄里镇的路灯"
    assert route(tiny, text).studio == "T1"
    assert route(tiny, text, TO_SCHOOLS).studio == "T2"


def test_no_rule_makes_a_party_handle_its_own_case(tiny: Triage) -> None:
    got = route(tiny, "庄里镇的路灯是乙委员家弄坏的", TO_SCHOOLS)
    assert (got.studio, got.members) == ("T2", ())
    assert "回避：乙委员委员是来信人或被来信提到" in got.because


def test_a_studio_that_is_no_more_is_told_and_passed_over(tiny: Triage) -> None:
    got = route(tiny, "庄里镇的路灯坏了", replace(TO_SCHOOLS, studio="T9"), TO_TOWN)
    assert got.studio == "T1"
    assert "工作室：规则“甲”指定的“T9”不在组织目录中，不按它分派" in got.because


def test_who_helps_is_told_with_who_leads(tiny: Triage) -> None:
    rule = StandingRule("协同", words=("路灯",), department="城管局", helping=("住建局",))
    ruled = replace(tiny, rules=make_rule_book((rule,)))
    ruling = ruled.understand(a_message("路灯坏了"), 0).ruling
    assert ruling is not None
    assert (ruling.department, ruling.helping) == ("城管局", ("住建局",))
