"""A draft of rules over the messages that are stored: what would change, and nothing does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.domain.standing_rule import StandingRule
from service.errors import RulesError
from service.storage import tables
from service.usecases.administration.rules import list_rules, save_rules
from service.usecases.administration.try_rules import (
    BATCH,
    FirstChanges,
    RuleChange,
    Trial,
    try_rules,
)
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import NOW, a_message
from tests.service.usecases.books import rows

TO_SCHOOLS = StandingRule("灯", words=("路灯",), studio="T2")
URGENT = StandingRule("急", words=("路灯",), is_urgent=True)


def tried(context: Context, *draft: StandingRule) -> tuple[Trial, list[RuleChange]]:
    shown = FirstChanges(50)
    return try_rules(context, draft, shown.note), shown.changes


@pytest.fixture
def stored(context: Context) -> Context:
    texts = ("庄里镇三合村的路灯坏了", "庄里镇的水管爆了，没人来修", "学校几点开门")
    old = NOW - timedelta(days=40)
    receive_messages(
        context,
        [
            a_message(texts[0]),
            a_message(texts[1], title="水管"),
            a_message(texts[2], title="学校", sent_at=old),
        ],
    )
    return context


def test_each_decision_that_would_change_is_told(stored: Context) -> None:
    trial, changes = tried(stored, TO_SCHOOLS, URGENT)
    lamp = rows(stored, tables.matter)[0]
    assert [(c.matter_number, c.what, c.before, c.after, c.rule) for c in changes] == [
        (lamp["number"], "工作室", "T1", "T2", "灯"),
        (lamp["number"], "紧急", "否", "是", "急"),
    ]
    assert (trial.message_count, trial.changed_messages, trial.change_count) == (3, 1, 2)
    assert trial.reached == {"灯": 1, "急": 1}
    assert trial.deciding == {"灯": 1}


def test_what_no_rule_reaches_is_counted_by_topic_and_place(stored: Context) -> None:
    trial, _ = tried(stored, TO_SCHOOLS)
    assert trial.unreached == 2
    assert sum(trial.topics.values()) == 2
    assert trial.topics["教育文体/教育行政管理"] == 1
    assert trial.places["没有写明地点"] == 1


def test_nothing_is_changed(stored: Context) -> None:
    before = [rows(stored, table) for table in tables.metadata.sorted_tables]
    rules = list_rules(stored)
    tried(stored, TO_SCHOOLS, URGENT)
    assert [rows(stored, table) for table in tables.metadata.sorted_tables] == before
    assert list_rules(stored) == rules


def test_the_rules_in_force_change_nothing(stored: Context) -> None:
    save_rules(stored, (URGENT,), "admin")
    assert tried(stored, URGENT)[1] == []
    _, changes = tried(stored)
    assert [(c.what, c.before, c.after, c.rule) for c in changes] == [("紧急", "是", "否", "急")]


def test_a_rule_that_goes_gives_the_matter_back_to_the_scores(context: Context) -> None:
    save_rules(context, (TO_SCHOOLS,), "admin")
    receive_messages(context, [a_message("庄里镇三合村的路灯坏了")])
    _, changes = tried(context)
    assert [(c.what, c.before, c.after) for c in changes] == [("工作室", "T2", "T1")]


def test_from_a_day_on(stored: Context) -> None:
    shown = FirstChanges(50)
    trial = try_rules(stored, (TO_SCHOOLS,), shown.note, (NOW - timedelta(days=7)).date())
    assert trial.message_count == 2


def test_all_parts_of_the_archive_are_tried_and_few_changes_kept(context: Context) -> None:
    many = [a_message(f"第{n}号路灯坏了", external_id=str(n), title="灯") for n in range(BATCH + 3)]
    receive_messages(context, many)
    shown = FirstChanges(2)
    trial = try_rules(context, (URGENT,), shown.note)
    assert (trial.message_count, trial.change_count) == (BATCH + 3, BATCH + 3)
    assert len(shown.changes) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        StandingRule("甲", words=("路灯",), studio="T9"),
        StandingRule("甲", topics=("天文地理",), studio="T1"),
        StandingRule("甲", places=("乌有镇",), studio="T1"),
        StandingRule("甲", words=("路灯",), department="住建局", helping=("无此局",)),
        StandingRule("甲", words=("路灯",), helping=("住建局",), advice="灯"),
        StandingRule("甲", words=("路灯",), department="住建局", helping=("住建局",)),
    ],
)
def test_a_wrong_draft_is_refused_and_not_saved(stored: Context, wrong: StandingRule) -> None:
    before = list_rules(stored)
    with pytest.raises(RulesError):
        tried(stored, wrong)
    with pytest.raises(RulesError):
        save_rules(stored, (wrong,), "admin")
    assert list_rules(stored) == before


def test_what_never_decides_is_warned_of(stored: Context) -> None:
    warnings = save_rules(
        stored, (TO_SCHOOLS, StandingRule("后", words=("路灯",), studio="T1")), "甲"
    )
    assert warnings == ("规则“后”的工作室用不上：排在前面的“灯”总是先适用",)
