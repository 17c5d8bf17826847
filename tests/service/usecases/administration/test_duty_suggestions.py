"""Suggestions 职责目录建议 from real moves: tried, accepted as a rule, declined for a while."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from service.domain.duty_suggestion import DutySuggestion
from service.domain.order import Order
from service.domain.path import Move
from service.domain.provision import ProvisionKind
from service.domain.standing_rule import StandingRule
from service.errors import NotFoundError, RulesError
from service.intake.rule_checks import MAX_RULES
from service.storage.organisation.provisions import read_laid
from service.usecases.administration.duty_suggestions import (
    accept_duty,
    decline_duty,
    draft_duty_rules,
    list_duty_suggestions,
    with_duty,
)
from service.usecases.administration.rules import list_rules, save_rules
from service.usecases.administration.try_rules import FirstChanges, try_rules
from service.usecases.casework.casework import move_matter
from service.usecases.context import Context
from tests.service.settled import RIGHT, TOPIC, WRONG, open_matter, send_back, settle_elsewhere


def a_rule(name: str, **outcome: object) -> StandingRule:
    return StandingRule(name, **{"topics": (TOPIC,), **outcome})  # type: ignore[arg-type]


def test_nothing_is_suggested_of_nothing(context: Context) -> None:
    assert list_duty_suggestions(context) == []
    open_matter(context, "东街", WRONG)
    assert list_duty_suggestions(context) == []


def test_matters_sent_back_and_settled_elsewhere_suggest_where(context: Context) -> None:
    save_rules(context, (), "管理员")
    settle_elsewhere(context, 4)
    assert list_duty_suggestions(context) == []
    newest = settle_elsewhere(context, 5, 4)
    (found,) = list_duty_suggestions(context)
    assert (found.topic, found.current, found.department) == (TOPIC, WRONG, RIGHT)
    counts = found.settled_count, found.returned_count, found.ended_count
    assert counts == (9, 9, 9)
    assert [number for number, _ in found.matters][:5] == newest[::-1]
    assert found.rule == ""


def test_a_return_that_was_refused_speaks_for_the_department(context: Context) -> None:
    save_rules(context, (), "管理员")
    settle_elsewhere(context, 5)
    matter_id = open_matter(context, "老城", WRONG)
    send_back(context, matter_id)
    move_matter(context, matter_id, Order(Move.UPHOLD, note="属于该局"), "王科")
    move_matter(context, matter_id, Order(Move.CLOSE, note="好"), "王科")
    assert list_duty_suggestions(context) == []


def test_what_the_taxonomy_or_the_directory_no_longer_has_is_not_suggested(
    context: Context,
) -> None:
    save_rules(context, (), "管理员")
    settle_elsewhere(context, 5)
    organisation = context.triage.organisation
    left = tuple(each for each in organisation.departments if each.name != RIGHT)
    fewer = replace(organisation, departments=left)
    without = replace(context, triage=replace(context.triage, organisation=fewer))
    assert list_duty_suggestions(without) == []
    assert len(list_duty_suggestions(context)) == 1


def test_an_accepted_suggestion_is_a_rule_before_the_one_it_corrects(context: Context) -> None:
    special = a_rule("专管", words=("学校",), department="教育局")
    general = StandingRule("总管", topics=(TOPIC[:2],), department=WRONG)
    save_rules(context, (special, general), "管理员")
    settle_elsewhere(context, 5)
    (found,) = list_duty_suggestions(context)
    assert (found.current, found.rule) == (WRONG, "总管")
    accept_duty(context, TOPIC, RIGHT, "管理员")
    first, added, last = list_rules(context)
    assert (first, last) == (special, general)
    path = "/".join(context.triage.taxonomy.path(TOPIC))
    assert (added.topics, added.department) == ((path,), RIGHT)
    assert list_duty_suggestions(context) == []
    with context.database.reading() as connection:
        newest, _ = read_laid(connection, ProvisionKind.RULES, 2)
    assert newest.actor == "管理员"
    with pytest.raises(NotFoundError, match="职责目录建议"):
        accept_duty(context, TOPIC, RIGHT, "管理员")


def test_of_two_who_accept_at_once_one_is_told_that_it_is_done(context: Context) -> None:
    save_rules(context, (), "管理员")
    settle_elsewhere(context, 5)

    def accept(account: str) -> bool:
        try:
            accept_duty(context, TOPIC, RIGHT, account)
        except NotFoundError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, ("甲", "乙"))) == [False, True]
    assert len(list_rules(context)) == 1


def test_the_draft_can_be_tried_and_changes_nothing(context: Context) -> None:
    save_rules(context, (), "管理员")
    settle_elsewhere(context, 5)
    draft = draft_duty_rules(context, list_duty_suggestions(context))
    changes = FirstChanges(10)
    assert try_rules(context, draft, changes.note).changed_messages == 5
    assert {(one.what, one.before, one.after) for one in changes.changes} == {
        ("承办单位", "无", RIGHT)
    }
    assert list_rules(context) == ()


def test_a_declined_suggestion_comes_back_when_the_matters_have_doubled(context: Context) -> None:
    save_rules(context, (), "管理员")
    settle_elsewhere(context, 5)
    decline_duty(context, TOPIC, RIGHT, "管理员")
    assert list_duty_suggestions(context) == []
    with pytest.raises(NotFoundError):
        decline_duty(context, TOPIC, RIGHT, "管理员")
    settle_elsewhere(context, 4, 5)
    assert list_duty_suggestions(context) == []
    settle_elsewhere(context, 1, 9)
    assert list_duty_suggestions(context)[0].settled_count == 10
    assert list_rules(context) == ()


@pytest.mark.parametrize("topic", ["", "9999", "01", "0102' OR '1'='1", "\x00", "主" * 5000])
@pytest.mark.parametrize("department", [RIGHT, WRONG, "", "<b>", "\ud800"])
def test_only_what_is_suggested_can_be_decided(
    context: Context, topic: str, department: str
) -> None:
    for decide in (accept_duty, decline_duty):
        with pytest.raises(NotFoundError):
            decide(context, topic, department, "管理员")


def test_too_many_rules_are_refused_and_nothing_is_changed(context: Context) -> None:
    full = tuple(
        StandingRule(f"规则{n}", words=("路灯",), is_urgent=True) for n in range(MAX_RULES)
    )
    save_rules(context, full, "管理员")
    settle_elsewhere(context, 5)
    with pytest.raises(RulesError, match="不能超过"):
        accept_duty(context, TOPIC, RIGHT, "管理员")
    assert list_rules(context) == full


def test_a_rule_of_the_same_suggestion_is_not_there_twice(context: Context) -> None:
    taxonomy = context.triage.taxonomy
    one = DutySuggestion(TOPIC, WRONG, RIGHT, 5, 5, 5, ())
    once = with_duty((), one, taxonomy)
    assert with_duty(once, one, taxonomy) == once
    before = a_rule("改回", department=WRONG)
    assert with_duty((before, *once), one, taxonomy) == (*once, before)
