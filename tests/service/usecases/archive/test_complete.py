"""What came in without a model is judged, matched and routed once there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from service.domain.deadline import deadline
from service.domain.kind import Kind
from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.errors import MergedError
from service.storage import tables
from service.storage.database import Database
from service.triage.calendar import is_working_day
from service.usecases.archive import complete as module
from service.usecases.archive.complete import complete_waiting
from service.usecases.casework.casework import move_matter
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.upkeep.audit import verify_histories
from tests.makers import NOW, Clock, a_message, close_matter, dispatch_matter
from tests.service.usecases.books import check_books, rows, stored_texts
from tests.service.usecases.intake.test_receive_at_once import together
from tests.tiny_model import VERSION

OTHER = SenderDetails("林某", "19900002222")
LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
SCHOOL = "孩子上的学校把操场租出去停车，体育课没有地方上。"
CORRECTION = Correction("1402", "教育局", Kind.QUESTION.value, False, "T2", "人工判断")


def take_in(context: Context, text: str = LAMP, **changes: Any) -> Received:
    (received,) = receive_messages(context, [a_message(text, **changes)])
    return received


def all_rows(context: Context) -> dict[str, list[dict[str, Any]]]:
    return {t.name: rows(context, t) for t in tables.metadata.sorted_tables}


def without_pairs(context: Context) -> Context:
    return replace(context, triage=replace(context.triage, pair_model=None))


def test_what_nobody_touched_becomes_what_it_would_have_been(
    by_hand: Context, context: Context, clock: Clock
) -> None:
    before = take_in(by_hand, SCHOOL, title="操场")
    clock.forward(hours=2)
    assert complete_waiting(context) == 1
    file = show_matter(context, before.matter_id)
    assert file.matter.number == before.matter_number
    assert (file.matter.topic, file.matter.department) == ("1402", "教育局")
    assert (file.matter.kind, file.matter.studio) == (Kind.QUESTION.value, "T2")
    assert file.matter.status is MatterStatus.ASSIGNED
    assert file.matter.due_at == deadline(a_message().sent_at, 5, is_working_day)
    assert file.classification is not None
    assert file.classification.model_version == VERSION
    assert file.demands[0].message.receipt == before.receipt
    assert [event.kind for event in file.events] == [
        "message", "routed", "review_wanted", "judged", "routed",
    ]  # fmt: skip
    check_books(context)


def test_it_is_done_once(by_hand: Context, context: Context) -> None:
    take_in(by_hand)
    take_in(by_hand, SCHOOL)
    assert complete_waiting(context) == 2
    before = all_rows(context)
    assert complete_waiting(context) == 0
    assert all_rows(context) == before


def test_without_a_model_nothing_is_done(by_hand: Context) -> None:
    take_in(by_hand)
    before = all_rows(by_hand)
    assert complete_waiting(by_hand) == 0
    assert all_rows(by_hand) == before


def test_what_was_judged_at_arrival_is_left_alone(context: Context) -> None:
    take_in(context)
    take_in(context, LAMP_TOO, sender=OTHER)
    take_in(context, "……", title="")
    before = all_rows(context)
    assert complete_waiting(context) == 0
    assert all_rows(context) == before


def test_later_messages_can_join_it(by_hand: Context, context: Context) -> None:
    before = take_in(by_hand)
    complete_waiting(context)
    voice = take_in(context, LAMP_TOO, sender=OTHER)
    assert (voice.relation, voice.matter_id) == (Relation.VOICE, before.matter_id)
    check_books(context)


def test_messages_that_waited_join_each_other_and_the_receipts_stay(
    by_hand: Context, context: Context
) -> None:
    first, copy, voice, school = (
        take_in(by_hand),
        take_in(by_hand, sender=OTHER),
        take_in(by_hand, LAMP_TOO),
        take_in(by_hand, SCHOOL, title="操场"),
    )
    texts = stored_texts(context)
    complete_waiting(context)
    demands = {row["message_id"]: row for row in rows(context, tables.demand)}
    assert [demands[one.message_id]["relation"] for one in (first, copy, voice, school)] == [
        "first", "copy", "resubmission", "first",
    ]  # fmt: skip
    assert demands[copy.message_id]["matter_id"] == first.matter_id
    file = show_matter(context, first.matter_id)
    assert (file.matter.message_count, file.matter.copy_count) == (3, 1)
    assert {d.message.receipt for d in file.demands} == {m.receipt for m in (first, copy, voice)}
    assert stored_texts(context) == texts
    check_books(context)


def test_a_message_that_waited_joins_a_matter_that_was_there(
    by_hand: Context, context: Context
) -> None:
    first = take_in(context)
    waited = take_in(by_hand, LAMP_TOO, sender=OTHER)
    complete_waiting(context)
    file = show_matter(context, first.matter_id)
    assert [d.message.id for d in file.demands] == [first.message_id, waited.message_id]
    assert file.demands[1].relation is Relation.VOICE
    assert file.events[-1].detail == "同案来信"
    check_books(context)


def test_the_number_of_a_matter_that_is_no_more_leads_on_and_is_not_given_again(
    by_hand: Context, context: Context
) -> None:
    first = take_in(context)
    waited = take_in(by_hand, LAMP_TOO, sender=OTHER)
    complete_waiting(context)
    assert show_matter(context, waited.matter_id).matter.id == first.matter_id
    with pytest.raises(MergedError):
        close_matter(context, waited.matter_id, "王科", "已修")
    again = take_in(context, LAMP_TOO, sender=OTHER)
    assert (again.is_new, again.matter_id) == (False, first.matter_id)
    fresh = take_in(context, SCHOOL, title="操场")
    assert fresh.matter_id == waited.matter_id + 1


def test_a_matter_that_a_person_corrected_stays_and_the_models_view_stands_beside(
    by_hand: Context, context: Context
) -> None:
    received = take_in(by_hand)
    correct_matter(by_hand, received.matter_id, CORRECTION, "王科")
    before = show_matter(context, received.matter_id)
    complete_waiting(context)
    after = show_matter(context, received.matter_id)
    assert after.matter == before.matter
    assert after.assignment == before.assignment
    assert after.classification == before.classification
    assert after.proposed is not None
    assert (after.proposed.topic.label, after.proposed.model_version) == ("0102", VERSION)
    assert [event.kind for event in after.events][-2:] == ["corrected", "judged"]
    assert complete_waiting(context) == 0


def dispatched(context: Context, matter_id: int) -> None:
    dispatch_matter(context, matter_id, "王科")


def closed(context: Context, matter_id: int) -> None:
    close_matter(context, matter_id, "王科", "已换灯泡")


@pytest.mark.parametrize("act", [dispatched, closed])
def test_what_a_person_did_is_kept_and_only_an_empty_topic_filled_in(
    by_hand: Context, context: Context, act: Callable[[Context, int], None]
) -> None:
    earlier = take_in(context)
    received = take_in(by_hand, LAMP_TOO, sender=OTHER)
    act(by_hand, received.matter_id)
    before = show_matter(context, received.matter_id)
    complete_waiting(context)
    after = show_matter(context, received.matter_id)
    assert after.matter == replace(before.matter, topic="0102")
    assert after.assignment == before.assignment
    assert after.matter.id != earlier.matter_id
    assert after.classification is not None
    check_books(context)


def test_others_that_waited_join_what_a_person_had_in_hand(
    by_hand: Context, context: Context
) -> None:
    received = take_in(by_hand)
    dispatched(by_hand, received.matter_id)
    waited = take_in(by_hand, LAMP_TOO, sender=OTHER)
    complete_waiting(context)
    file = show_matter(context, received.matter_id)
    assert [d.message.id for d in file.demands] == [received.message_id, waited.message_id]
    assert file.matter.status is MatterStatus.ASSIGNED
    check_books(context)


@pytest.mark.parametrize("joins", [False, True])
def test_what_turns_out_urgent_is_not_late_at_that_moment(
    by_hand: Context, context: Context, clock: Clock, joins: bool
) -> None:
    if joins:
        take_in(context)
    received = take_in(by_hand, LAMP_TOO + "路面也塌陷了。", sender=OTHER)
    clock.forward(days=5)
    complete_waiting(context)
    matter = show_matter(context, received.matter_id).matter
    assert matter.message_count == 1 + joins
    assert matter.is_urgent
    assert matter.due_at == deadline(clock(), 2, is_working_day)


def test_a_model_that_only_judges_leaves_the_matching_for_later(
    by_hand: Context, context: Context
) -> None:
    first = take_in(by_hand)
    waited = take_in(by_hand, LAMP_TOO + "……", sender=OTHER)
    assert complete_waiting(without_pairs(context)) == 2
    assert complete_waiting(without_pairs(context)) == 0
    assert show_matter(context, waited.matter_id).classification is not None
    before = rows(context, tables.classification)
    assert complete_waiting(context) == 2
    assert rows(context, tables.classification) == before
    # Given out meanwhile by the model, both stay; what comes later joins.
    assert len(rows(context, tables.matter)) == 2
    voice = take_in(context, LAMP, sender=SenderDetails("周某"))
    assert voice.matter_id == first.matter_id
    check_books(context)


def test_what_was_judged_and_is_under_review_joins_when_it_can_be_matched(
    context: Context,
) -> None:
    doubtful = "……" + LAMP.replace("路灯", "灯")
    first, copy = (
        take_in(without_pairs(context), doubtful, title="灯", sender=s)
        for s in (OTHER, SenderDetails("周某"))
    )
    assert first.status is MatterStatus.REVIEW
    before = rows(context, tables.classification)
    assert complete_waiting(context) == 2
    assert rows(context, tables.classification) == before
    file = show_matter(context, first.matter_id)
    assert [d.message.id for d in file.demands] == [first.message_id, copy.message_id]
    check_books(context)


def test_batches_of_any_size_make_the_same(
    by_hand: Context, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for n, text in enumerate([LAMP, SCHOOL, LAMP_TOO, LAMP, SCHOOL]):
        take_in(by_hand, text, title=text[:6], sender=SenderDetails(f"某{n}"))
    assert complete_waiting(context) == 5
    relations = [row["relation"] for row in rows(context, tables.demand)]
    assert relations == ["first", "first", "voice", "copy", "copy"]
    check_books(context)


def test_the_workload_of_the_studios_stays_true(by_hand: Context, context: Context) -> None:
    for n in range(3):
        take_in(by_hand, SCHOOL + "再说一遍。" * n, title="操场", sender=SenderDetails(f"某{n}"))
    complete_waiting(context)
    matters = [row for row in rows(context, tables.matter) if row["merged_into"] is None]
    assert {row["studio"] for row in matters} == {"T2"}
    assert {row["committee"] for row in matters} == {"FP"}


def test_two_at_once_complete_each_message_once(by_hand: Context, context: Context) -> None:
    for n, text in enumerate([LAMP, SCHOOL, LAMP_TOO]):
        take_in(by_hand, text, sender=SenderDetails(f"某{n}"))
    others = [replace(context, database=Database(context.settings.url)) for _ in range(2)]
    works: list[Callable[[], int]] = [lambda mine=other: complete_waiting(mine) for other in others]
    together(works)
    for other in others:
        other.database.close()
    assert len(rows(context, tables.classification)) == 3
    check_books(context)


def test_an_odd_text_that_waited_is_no_obstacle(by_hand: Context, context: Context) -> None:
    for text in ("😀", "\x01\u202e", "字" * 5000, "' OR 1=1 --"):
        take_in(by_hand, text, title="", sent_at=NOW, sender=SenderDetails())
    assert complete_waiting(context) == 4
    check_books(context)


@pytest.mark.parametrize(("text", "status"), [(LAMP_TOO, "assigned"), (LAMP, "closed")])
def test_who_waited_with_more_to_say_opens_an_ended_matter_again(
    by_hand: Context, context: Context, text: str, status: str
) -> None:
    """A mere copy does not."""
    first = take_in(context).matter_id
    move_matter(context, first, Order(Move.SIGN), "王科")
    close_matter(context, first, "王科", "已修好")
    waiting = take_in(by_hand, text, sender=OTHER).matter_id
    complete_waiting(context)
    file = show_matter(context, waiting)
    assert (file.matter.id, file.matter.status.value) == (first, status)
    assert not verify_histories(context).faults
    check_books(context)
