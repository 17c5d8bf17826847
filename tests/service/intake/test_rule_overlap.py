"""Rules that never decide, because an earlier one always goes before."""

from __future__ import annotations

import pytest

from classifier.judging.taxonomy import Taxonomy
from service.domain.channel import Channel
from service.domain.kind import Kind
from service.domain.standing_rule import SenderKind, StandingRule
from service.intake.rule_overlap import idle_rules

LAMPS = StandingRule("照明", words=("路灯", "灯杆"), studio="T1")
TAXONOMY = Taxonomy.load()


@pytest.mark.parametrize(
    "later",
    [
        StandingRule("后", words=("路灯",), studio="T2"),
        StandingRule("后", words=("灯杆",), places=("庄里镇",), studio="T2"),
        StandingRule("后", words=("路灯",), unless=("修好",), kinds=(Kind.HELP,), studio="T2"),
        StandingRule("后", words=("路灯",), sender=SenderKind.NAMED, studio="T2"),
    ],
)
def test_a_narrower_rule_behind_a_wider_one_is_told(later: StandingRule) -> None:
    assert idle_rules((LAMPS, later), TAXONOMY) == (
        "规则“后”的工作室用不上：排在前面的“照明”总是先适用",
    )
    assert idle_rules((later, LAMPS), TAXONOMY) == ()


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (LAMPS, StandingRule("后", words=("井盖",), studio="T2")),
        (LAMPS, StandingRule("后", words=("路灯", "井盖"), studio="T2")),
        (LAMPS, StandingRule("后", kinds=(Kind.HELP,), studio="T2")),
        (LAMPS, StandingRule("后", words=("路灯",), department="住建局")),
        (
            StandingRule("先", channels=(Channel.WEB,), studio="T1"),
            StandingRule("后", channels=(Channel.WEB, Channel.PHONE), studio="T2"),
        ),
        (
            StandingRule("先", words=("路灯",), unless=("修好",), studio="T1"),
            StandingRule("后", words=("路灯",), studio="T2"),
        ),
        (
            StandingRule("先", words=("路灯",), sender=SenderKind.NAMED, studio="T1"),
            StandingRule("后", words=("路灯",), studio="T2"),
        ),
    ],
)
def test_one_that_may_decide_is_not(first: StandingRule, later: StandingRule) -> None:
    assert idle_rules((first, later), TAXONOMY) == ()


def test_topics_and_places_hold_what_is_below_them() -> None:
    wide = StandingRule("先", topics=("城乡建设",), places=("6105",), department="住建局")
    narrow = StandingRule(
        "后", topics=("0101",), places=("610528", "610527"), department="应急管理局"
    )
    assert idle_rules((wide, narrow), TAXONOMY) == (
        "规则“后”的承办单位用不上：排在前面的“先”总是先适用",
    )
    assert idle_rules((narrow, wide), TAXONOMY) == ()
