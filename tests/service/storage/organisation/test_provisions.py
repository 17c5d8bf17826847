"""What was laid down is kept; the newest of a kind is in force."""

from __future__ import annotations

from datetime import timedelta

from service.domain.channel import Channel
from service.domain.provision import Laid, ProvisionKind, Word
from service.domain.review_policy import MODELS_OWN, ReviewPolicy
from service.domain.standing_rule import Applied, Ruling, SenderKind, StandingRule
from service.storage.database import Connection
from service.storage.messages.messages import insert_messages
from service.storage.messages.rulings import insert_rulings, read_rulings
from service.storage.organisation.provisions import (
    insert_review_policy,
    insert_rules,
    insert_words,
    read_laid,
    read_review_policy,
    read_rules,
    read_words,
    rule_as_json,
)
from tests.makers import NOW
from tests.service.storage.new_rows import a_new_message

RULE = StandingRule(
    name="照明",
    words=("路灯",),
    unless=("谢谢",),
    places=("庄里镇",),
    channels=(Channel.PHONE,),
    sender=SenderKind.NAMED,
    department="城管局",
    needs_review=True,
    refusal="理由",
    is_urgent=True,
    advice="提示",
)


def test_nothing_is_in_force_at_first(connection: Connection) -> None:
    assert read_rules(connection) is None
    assert read_review_policy(connection) == MODELS_OWN
    assert read_words(connection, ProvisionKind.WORDS) is None
    assert read_laid(connection, ProvisionKind.RULES, 5) == []


def test_the_newest_of_each_kind_is_in_force_and_all_are_kept(connection: Connection) -> None:
    later = NOW + timedelta(days=1)
    words = (Word("三合村", 7), Word("东巷"))
    insert_rules(connection, (), NOW, "甲")
    insert_rules(connection, (RULE, StandingRule("乙", words=("灯杆",))), later, "乙")
    insert_review_policy(connection, ReviewPolicy(department=0.98), NOW, "甲")
    insert_words(connection, ProvisionKind.WORD_DRAFT, words, NOW, "甲")
    insert_words(connection, ProvisionKind.WORDS, words[:1], NOW, "甲")
    assert read_rules(connection) == (RULE, StandingRule("乙", words=("灯杆",)))
    assert read_review_policy(connection) == ReviewPolicy(department=0.98)
    assert read_words(connection, ProvisionKind.WORD_DRAFT) == words
    assert read_words(connection, ProvisionKind.WORDS) == words[:1]
    laid = read_laid(connection, ProvisionKind.RULES, 5)
    stored = [rule_as_json(RULE), rule_as_json(StandingRule("乙", words=("灯杆",)))]
    assert laid == [Laid(later, "乙", stored), Laid(NOW, "甲", [])]
    assert read_laid(connection, ProvisionKind.RULES, 1) == laid[:1]


def test_no_rules_at_all_can_be_laid_down(connection: Connection) -> None:
    insert_rules(connection, (), NOW, "甲")
    insert_review_policy(connection, MODELS_OWN, NOW, "甲")
    assert read_rules(connection) == ()
    assert read_review_policy(connection) == MODELS_OWN


def test_a_ruling_keeps_the_rules_as_they_were(connection: Connection) -> None:
    ruling = Ruling((Applied(RULE, "文中有“路灯”"),))
    insert_messages(connection, [a_new_message(1), a_new_message(2)])
    insert_rulings(connection, [(2, ruling)])
    insert_rulings(connection, [])
    assert read_rulings(connection, [1, 2]) == {2: ruling}
    assert read_rulings(connection, []) == {}
