"""What a person decides on a matter: correct, dispatch, close."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.deadline import deadline
from service.domain.kind import Kind
from service.domain.status import MatterStatus
from service.errors import IllegalMoveError, InvalidInputError, NotFoundError
from service.triage.calendar import is_working_day
from service.triage.route import Router
from service.usecases.casework.matters import MAX_NOTE_CHARS, Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from tests.makers import NOW, Clock, a_message, close_matter, dispatch_matter
from tests.tiny_model import VERSION

CODE = "1402"
CORRECTION = Correction(CODE, "教育局", Kind.QUESTION.value, False, "T2", "转教育口")


@pytest.fixture
def matter_id(context: Context) -> int:
    return receive_messages(context, [a_message()])[0].matter_id


def states(context: Context, matter_id: int) -> list[str]:
    return [event.kind for event in show_matter(context, matter_id).events]


def test_a_correction_wins_and_the_models_view_stays_beside_it(
    context: Context, matter_id: int
) -> None:
    before = show_matter(context, matter_id).classification
    correct_matter(context, matter_id, CORRECTION, "王科")
    file = show_matter(context, matter_id)
    assert file.proposed == before
    assert file.classification is not None
    assert file.classification.topic.label == CODE
    assert file.classification.topic_l1.label == CODE[:2]
    assert file.classification.decided_by == "王科"
    assert file.classification.model_version == VERSION
    assert file.matter.topic == CODE
    assert (file.matter.department, file.matter.kind) == ("教育局", Kind.QUESTION.value)
    assert (file.assignment.studio, file.assignment.members) == ("T2", ("T2-M1",))
    assert file.assignment.because[0] == "由 王科 指定"
    assert file.matter.status is MatterStatus.ASSIGNED


def with_member(context: Context, **changes: object) -> Context:
    """The same, where the member of the studio for education is another."""
    plain = context.triage.organisation
    members = tuple(
        replace(one, **changes) if one.code == "T2-M1" else one  # type: ignore[arg-type]
        for one in plain.members
    )
    organisation = replace(plain, members=members)
    router = Router(organisation, context.triage.taxonomy, ())
    return replace(
        context, triage=replace(context.triage, organisation=organisation, router=router)
    )


@pytest.mark.parametrize(
    "changes", [{"absent_from": NOW.date()}, {"name": "陈某"}, {"employer": "三合村路灯有限公司"}]
)
def test_nobody_absent_or_involved_gets_a_matter_by_a_correction(
    context: Context, changes: dict[str, object]
) -> None:
    other = with_member(context, **changes)
    text = "三合村路灯有限公司装的路灯坏了半个月，请教育局看看。"
    (received,) = receive_messages(other, [a_message(text)])
    correct_matter(other, received.matter_id, CORRECTION, "王科")
    assignment = show_matter(other, received.matter_id).assignment
    assert (assignment.studio, assignment.members) == ("T2", ())
    assert len(assignment.because) > 1


def test_a_correction_tells_on_the_track_what_changed(context: Context, matter_id: int) -> None:
    correct_matter(context, matter_id, CORRECTION, "王科")
    event = show_matter(context, matter_id).events[-1]
    assert (event.kind, event.actor, event.kind_zh) == ("corrected", "王科", "人工更正")
    assert event.detail == (
        "主题：城乡建设／城市建设和市政管理 → 教育文体／教育行政管理；诉求类型：投诉 → 咨询；"
        "承办单位：住建局 → 教育局；委员工作室：庄里镇委员工作室 → 教育界委员工作室；转教育口"
    )


def test_confirming_the_models_view_is_kept_too(context: Context, matter_id: int) -> None:
    same = Correction("0102", "住建局", Kind.COMPLAINT.value, False, "T1")
    correct_matter(context, matter_id, same, "王科")
    file = show_matter(context, matter_id)
    assert file.events[-1].detail == "确认原判断"
    assert file.classification is not None
    assert file.classification.decided_by == "王科"
    # Nobody gave it elsewhere: the router's reasons stand.
    assert "由 王科 指定" not in file.assignment.because


def test_the_last_of_several_corrections_is_in_force(context: Context, matter_id: int) -> None:
    correct_matter(context, matter_id, CORRECTION, "王科")
    correct_matter(context, matter_id, replace(CORRECTION, department="公安局"), "李科")
    file = show_matter(context, matter_id)
    assert file.matter.department == "公安局"
    assert file.classification is not None
    assert file.classification.decided_by == "李科"
    assert file.proposed is not None
    assert file.proposed.decided_by == "model"


def test_another_kind_or_urgency_brings_another_deadline(context: Context, matter_id: int) -> None:
    opened = show_matter(context, matter_id).matter.opened_at

    def due_after(kind: Kind, *, urgent: bool) -> object:
        changed = replace(CORRECTION, kind=kind.value, is_urgent=urgent)
        correct_matter(context, matter_id, changed, "王科")
        return show_matter(context, matter_id).matter.due_at

    assert due_after(Kind.QUESTION, urgent=False) == deadline(opened, 5, is_working_day)
    assert due_after(Kind.QUESTION, urgent=True) == deadline(opened, 2, is_working_day)
    assert due_after(Kind.REPORT, urgent=False) == deadline(opened, 15, is_working_day)


def test_what_a_person_finds_urgent_is_not_late_at_that_moment(
    context: Context, clock: Clock, matter_id: int
) -> None:
    clock.forward(days=40)
    changed = replace(CORRECTION, is_urgent=True)
    correct_matter(context, matter_id, changed, "王科")
    due_at = show_matter(context, matter_id).matter.due_at
    assert due_at == deadline(clock(), 2, is_working_day)
    clock.forward(days=1)
    correct_matter(context, matter_id, replace(changed, department="公安局"), "王科")
    assert show_matter(context, matter_id).matter.due_at == due_at


def test_a_message_from_the_future_is_urgent_from_when_it_was_sent(context: Context) -> None:
    later = NOW + timedelta(days=10)
    (received,) = receive_messages(context, [a_message(sent_at=later)])
    correct_matter(context, received.matter_id, replace(CORRECTION, is_urgent=True), "王科")
    due_at = show_matter(context, received.matter_id).matter.due_at
    assert due_at == deadline(later, 2, is_working_day)


def test_without_a_model_a_persons_view_is_no_models_proposal(by_hand: Context) -> None:
    (received,) = receive_messages(by_hand, [a_message()])
    correct_matter(by_hand, received.matter_id, CORRECTION, "王科")
    correct_matter(by_hand, received.matter_id, CORRECTION, "王科")
    file = show_matter(by_hand, received.matter_id)
    assert file.proposed is None
    assert file.classification is not None
    assert file.classification.model_version == ""
    assert file.matter.topic == CODE


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": ""},
        {"topic": "14"},
        {"topic": "9999"},
        {"topic": "1402'; --"},
        {"department": ""},
        {"department": "没有的局"},
        {"kind": ""},
        {"kind": "投诉"},
        {"studio": "T9"},
        {"note": "长" * (MAX_NOTE_CHARS + 1)},
    ],
)
def test_a_correction_to_what_does_not_exist_changes_nothing(
    context: Context, matter_id: int, changes: dict[str, str]
) -> None:
    before = show_matter(context, matter_id)
    with pytest.raises(InvalidInputError):
        correct_matter(context, matter_id, replace(CORRECTION, **changes), "王科")
    assert show_matter(context, matter_id) == before


def test_a_matter_can_be_taken_from_every_studio(context: Context, matter_id: int) -> None:
    correct_matter(context, matter_id, replace(CORRECTION, studio=""), "王科")
    file = show_matter(context, matter_id)
    assert (file.assignment.studio, file.assignment.members, file.matter.member) == ("", (), "")


def test_a_message_in_doubt_is_dispatched_and_closed_and_not_closed_twice(
    context: Context, clock: Clock
) -> None:
    (received,) = receive_messages(context, [a_message("……", title="")])
    matter_id = received.matter_id
    dispatch_matter(context, matter_id, "王科")
    assert show_matter(context, matter_id).matter.status is MatterStatus.ASSIGNED
    clock.forward(days=3)
    close_matter(context, matter_id, "王科", "已换灯泡")
    file = show_matter(context, matter_id)
    assert file.matter.status is MatterStatus.CLOSED
    assert file.events[-1].detail == "已换灯泡"
    assert file.events[-1].at == clock()
    with pytest.raises(IllegalMoveError, match="已办结的事项不能办结"):
        close_matter(context, matter_id, "王科", "再一次")
    assert states(context, matter_id) == [
        "message", "routed", "review_wanted", "dispatched", "closed",
    ]  # fmt: skip


def test_what_is_assigned_cannot_be_dispatched_again(context: Context, matter_id: int) -> None:
    before = show_matter(context, matter_id)
    with pytest.raises(IllegalMoveError):
        dispatch_matter(context, matter_id, "王科")
    assert show_matter(context, matter_id) == before


def test_a_matter_without_studio_and_department_is_not_dispatched(context: Context) -> None:
    nobody = replace(context.triage, organisation=type(context.triage.organisation)())
    (received,) = receive_messages(
        replace(context, triage=replace(nobody, model=None)), [a_message(title="", text="……")]
    )
    with context.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE matter SET studio = '', department = ''")
    with pytest.raises(InvalidInputError, match="请先指定"):
        dispatch_matter(context, received.matter_id, "王科")
    assert show_matter(context, received.matter_id).matter.status is MatterStatus.REVIEW


@pytest.mark.parametrize("note", ["", "  \n", "长" * (MAX_NOTE_CHARS + 1)])
def test_closing_needs_a_word_on_what_came_of_it(
    context: Context, matter_id: int, note: str
) -> None:
    with pytest.raises(InvalidInputError, match=r"办结须填写说明|说明不超过"):
        close_matter(context, matter_id, "王科", note)
    assert show_matter(context, matter_id).matter.status is MatterStatus.ASSIGNED


@pytest.mark.parametrize("missing", [0, -1, 999_999, 2**63, -(2**70)])
def test_what_is_not_there_is_not_found(context: Context, missing: int) -> None:
    for act in (
        lambda: show_matter(context, missing),
        lambda: correct_matter(context, missing, CORRECTION, "王科"),
        lambda: dispatch_matter(context, missing, "王科"),
        lambda: close_matter(context, missing, "王科", "好"),
    ):
        with pytest.raises(NotFoundError):
            act()
