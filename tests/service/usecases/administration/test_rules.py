"""The administrator's rules in force: beside the model, at once, and never to lower an urgency."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.domain.deadline import URGENT_DAYS, deadline
from service.domain.message import SenderDetails
from service.domain.provision import ProvisionKind
from service.domain.standing_rule import StandingRule
from service.domain.status import MatterStatus
from service.errors import RulesError
from service.storage import tables
from service.triage.calendar import is_working_day
from service.triage.rules import make_rule_book
from service.usecases.administration.rules import (
    import_rules,
    import_rules_text,
    list_rules,
    save_rules,
)
from service.usecases.archive.complete import complete_waiting
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.in_force.changes import list_changes
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.matter_file import show_matter
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, rows

SHIPPED = (StandingRule("随附", words=("灯杆",), advice="小心"),)
URGENT = StandingRule("黑灯", words=("路灯",), is_urgent=True, advice="请绕行")
ELSEWHERE = StandingRule("照明", words=("路灯",), department="城管局")
COURT = StandingRule("诉讼", words=("法院已受理",), refusal="请向法院提出")
OTHER = SenderDetails("林某", "19900002222")
LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"


def take_in(context: Context, text: str = LAMP, **changes: object) -> Received:
    (received,) = receive_messages(context, [a_message(text, **changes)])
    return received


@pytest.fixture
def shipped(context: Context) -> Context:
    return replace(context, triage=replace(context.triage, rules=make_rule_book(SHIPPED)))


def test_the_shipped_rules_are_in_force_until_others_are(shipped: Context, clock: Clock) -> None:
    assert list_rules(shipped) == SHIPPED
    ruling = take_in(shipped, "灯杆歪了").ruling
    assert ruling is not None
    assert ruling.advice == ("小心",)
    save_rules(shipped, (URGENT,), "admin")
    assert list_rules(shipped) == (URGENT,)
    assert take_in(shipped, "南街的灯杆也歪了", title="灯杆").ruling is None
    save_rules(shipped, (), "admin")
    assert list_rules(shipped) == ()
    assert [change.actor for change in list_changes(shipped, ProvisionKind.RULES)] == ["admin"] * 2


def test_a_rule_stands_beside_the_model_and_disagreement_goes_to_a_person(
    context: Context,
) -> None:
    save_rules(context, (URGENT, ELSEWHERE), "admin")
    received = take_in(context)
    assert received.status is MatterStatus.REVIEW
    assert received.classification is not None
    assert not received.classification.is_urgent
    file = show_matter(context, received.matter_id)
    assert file.matter.is_urgent
    assert file.matter.due_at == deadline(a_message().sent_at, URGENT_DAYS, is_working_day)
    assert file.matter.department == "住建局"
    assert file.classification == received.classification
    assert file.ruling == received.ruling
    assert file.ruling is not None
    assert file.ruling.department == "城管局"
    assert file.review == (
        "规则判为紧急，模型判为不紧急，已按紧急办理",
        "规则建议由城管局承办，模型判断为住建局",
    )
    assert [event.kind for event in file.events] == [
        "message", "ruled", "routed", "review_wanted",
    ]  # fmt: skip
    assert "请绕行" in file.events[1].detail


def test_what_rules_said_stays_when_they_change(context: Context) -> None:
    save_rules(context, (URGENT,), "admin")
    received = take_in(context)
    save_rules(context, (), "admin")
    assert show_matter(context, received.matter_id).ruling == received.ruling


def test_what_is_in_litigation_waits_with_the_reason_shown(context: Context) -> None:
    save_rules(context, (COURT,), "admin")
    received = take_in(context, "路灯的案子法院已受理")
    assert received.status is MatterStatus.REVIEW
    file = show_matter(context, received.matter_id)
    assert file.review == ("规则“诉讼”提示可能不予受理：请向法院提出",)
    assert not file.matter.is_urgent


def test_a_message_that_joins_raises_its_matter(context: Context) -> None:
    first = take_in(context)
    save_rules(context, (URGENT,), "admin")
    later = take_in(context, LAMP_TOO, sender=OTHER)
    assert later.matter_id == first.matter_id
    file = show_matter(context, first.matter_id)
    assert file.matter.is_urgent
    assert file.ruling is None
    assert [event.kind for event in file.events][-2:] == ["message", "ruled"]
    check_books(context)


def test_a_person_can_lower_an_urgency_and_it_is_recorded(context: Context) -> None:
    save_rules(context, (URGENT,), "admin")
    matter_id = take_in(context).matter_id
    correction = Correction("0102", "住建局", "help", False, "T1", "现场已看")
    correct_matter(context, matter_id, correction, "admin")
    file = show_matter(context, matter_id)
    assert not file.matter.is_urgent
    assert "紧急：是 → 否" in file.events[-1].detail
    assert file.review == ()


def test_what_the_rules_said_without_a_model_is_kept_when_there_is_one(
    by_hand: Context, context: Context, clock: Clock
) -> None:
    save_rules(by_hand, (URGENT,), "admin")
    received = take_in(by_hand)
    assert received.classification is None
    due_at = show_matter(context, received.matter_id).matter.due_at
    save_rules(by_hand, (), "admin")
    clock.forward(days=3)
    assert complete_waiting(context) == 1
    file = show_matter(context, received.matter_id)
    assert file.matter.is_urgent
    assert file.matter.due_at == due_at
    assert file.ruling == received.ruling
    assert [event.kind for event in file.events].count("ruled") == 1
    assert len(rows(context, tables.ruling)) == 1


def test_the_track_of_a_matter_that_is_joined_later_tells_the_rule(
    by_hand: Context, context: Context
) -> None:
    first = take_in(context)
    save_rules(context, (URGENT,), "admin")
    take_in(by_hand, LAMP_TOO, sender=OTHER)
    assert complete_waiting(context) == 1
    file = show_matter(context, first.matter_id)
    assert file.matter.message_count == 2
    assert file.matter.is_urgent
    assert [event.kind for event in file.events].count("ruled") == 1


def test_without_a_model_the_rules_department_is_proposed(by_hand: Context) -> None:
    save_rules(by_hand, (ELSEWHERE,), "admin")
    received = take_in(by_hand)
    assert received.assignment.department == "城管局"
    assert received.status is MatterStatus.REVIEW


def test_wrong_rules_change_nothing(context: Context, tmp_path: Path) -> None:
    save_rules(context, (URGENT,), "admin")
    path = tmp_path / "rules.csv"
    path.write_text("名称,词语\n甲,路灯\n", "utf-8")
    with pytest.raises(RulesError):
        import_rules(context, path, "admin")
    with pytest.raises(RulesError):
        import_rules_text(context, "", "admin")
    with pytest.raises(RulesError, match="不在名录中"):
        save_rules(context, (replace(ELSEWHERE, department="土地局"),), "admin")
    assert list_rules(context) == (URGENT,)
