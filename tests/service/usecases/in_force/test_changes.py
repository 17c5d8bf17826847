"""What became other in rules and review policy is told with who did it and when."""

from __future__ import annotations

from dataclasses import replace

from service.domain.provision import ProvisionKind, Word
from service.domain.review_policy import ReviewPolicy
from service.domain.standing_rule import StandingRule
from service.storage.organisation.provisions import insert_join_precision, insert_words
from service.usecases.administration.rules import save_rules
from service.usecases.administration.thresholds import save_policy
from service.usecases.context import Context
from service.usecases.in_force.changes import HISTORY, list_changes
from tests.makers import Clock

LAMP = StandingRule("照明", words=("路灯",), department="城管局")
COURT = StandingRule("诉讼", words=("法院已受理",), refusal="请向法院提出")


def told(context: Context, kind: ProvisionKind) -> list[tuple[str, ...]]:
    return [change.what for change in list_changes(context, kind)]


def test_rules_that_came_went_changed_or_moved_are_named(context: Context, clock: Clock) -> None:
    school = StandingRule("校园", words=("食堂",), advice="问校名")
    urgent = replace(LAMP, is_urgent=True)
    for number, rules in enumerate(
        [(LAMP, COURT), (urgent, school), (school, urgent), (school, urgent)]
    ):
        clock.forward(hours=1)
        save_rules(context, rules, f"甲{number}")
    assert told(context, ProvisionKind.RULES) == [
        ("内容未变",),
        ("次序有变",),
        ("新增：校园", "修改：照明", "删去：诉讼"),
        (),
    ]
    changes = list_changes(context, ProvisionKind.RULES)
    assert [change.actor for change in changes] == ["甲3", "甲2", "甲1", "甲0"]
    assert changes[0].at == context.now()


def test_a_policy_tells_each_question_before_and_after(context: Context) -> None:
    for policy in (ReviewPolicy(department=0.98), ReviewPolicy(kind=0.955, department=0.95)):
        save_policy(context, policy, "乙")
    assert told(context, ProvisionKind.REVIEW) == [
        ("承办单位：98% → 95%", "诉求类型：不要求 → 95.5%"),
        ("承办单位：不要求 → 98%",),
    ]


def test_a_precision_of_joining_tells_before_and_after(context: Context) -> None:
    with context.database.transaction() as connection:
        for precision in (0.95, 0.97, None):
            insert_join_precision(connection, precision, context.now(), "乙")
    assert told(context, ProvisionKind.JOINING) == [
        ("并案：97% → 按设置",),
        ("并案：95% → 97%",),
        ("并案：按设置 → 95%",),
    ]


def test_a_long_history_is_cut_and_its_last_entry_still_tells(context: Context) -> None:
    assert told(context, ProvisionKind.RULES) == []
    for number in range(HISTORY + 2):
        save_rules(context, (replace(LAMP, words=(f"灯{number}",)),), "甲")
    assert told(context, ProvisionKind.RULES) == [("修改：照明",)] * HISTORY


def test_words_are_named_and_many_are_counted(context: Context) -> None:
    kind = ProvisionKind.WORDS
    many = tuple(Word(f"三合{number}村") for number in range(12))
    for number, words in enumerate([(Word("东巷"),), (Word("东巷", 7), *many), many]):
        with context.database.transaction() as connection:
            insert_words(connection, kind, words, context.now(), f"甲{number}")
    added = "、".join(f"三合{number}村" for number in range(10))
    assert told(context, kind) == [("删去：东巷",), (f"新增：{added} 等 12 项", "修改：东巷"), ()]
