"""Receiving: stored once, understood, joined or opened, routed; all or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event as on_event

from service.domain.deadline import SHANGHAI, deadline
from service.domain.kind import Kind
from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move, Refusal
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.errors import DatabaseUnavailableError, InvalidInputError
from service.storage import tables
from service.storage.matters.queue import count_open_by_studio
from service.triage.calendar import is_working_day
from service.triage.pipeline import NO_MODEL
from service.usecases.casework.casework import move_matter
from service.usecases.context import Context
from service.usecases.intake.receive import draft_messages, receive_messages, take_in
from service.usecases.matching.crew import understand_task
from service.usecases.matching.workload import Workload
from service.usecases.matters.matter_file import show_matter
from service.usecases.status import count_all
from tests.makers import NOW, a_message
from tests.service.usecases.books import check_books, rows, stored_texts
from tests.tiny_model import VERSION

OTHER = SenderDetails("林某", "19900002222")
LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
SCHOOL = "孩子上的学校把操场租出去停车，体育课没有地方上。"


def test_a_message_is_kept_understood_and_given_to_a_studio(context: Context) -> None:
    (received,) = receive_messages(context, [a_message(LAMP)])
    assert received.is_new
    assert received.relation is Relation.FIRST
    assert received.status is MatterStatus.ASSIGNED
    assert received.assignment.studio == "T1"
    assert received.assignment.because
    assert received.classification is not None
    assert received.classification.kind.label == Kind.COMPLAINT.value
    assert received.classification.model_version == VERSION
    file = show_matter(context, received.matter_id)
    assert file.demands[0].message.text == LAMP
    assert file.demands[0].sender == a_message().sender
    assert file.classification == received.classification
    assert [entry.kind for entry in file.events] == ["message", "routed"]
    check_books(context)


def test_a_matter_is_numbered_dated_and_due_by_its_first_message(context: Context) -> None:
    message = a_message(LAMP, sent_at=NOW.replace(year=2025, month=12, day=31, hour=23))
    (received,) = receive_messages(context, [message])
    matter = show_matter(context, received.matter_id).matter
    assert matter.number == f"2025-{received.matter_id:06d}"
    assert matter.opened_at == message.sent_at
    assert matter.due_at == deadline(message.sent_at, 15, is_working_day)
    assert matter.title == "路灯不亮"
    assert matter.place == "富平县庄里镇"


@pytest.mark.parametrize("external_id", ["", "A-1"])
def test_the_same_message_again_gives_the_same_receipt(context: Context, external_id: str) -> None:
    message = a_message(LAMP, external_id=external_id)
    (first,) = receive_messages(context, [message])
    (again,) = receive_messages(context, [message])
    assert not again.is_new
    assert again == replace(first, is_new=False)
    assert len(stored_texts(context)) == 1
    check_books(context)


@pytest.mark.parametrize("external_id", ["", "A-1"])
def test_the_same_message_twice_in_one_batch_is_stored_once(
    context: Context, external_id: str
) -> None:
    message = a_message(LAMP, external_id=external_id)
    school = a_message(SCHOOL, title="操场")
    received = receive_messages(context, [message, school, message])
    assert [one.is_new for one in received] == [True, True, False]
    assert received[0].receipt == received[2].receipt
    assert [text for _, text in stored_texts(context)] == [LAMP, SCHOOL]
    check_books(context)


def test_a_number_counts_within_its_source_and_over_its_content(context: Context) -> None:
    one = a_message(LAMP, external_id="7", source="甲")
    batch = [one, replace(one, source="乙"), replace(one, text=SCHOOL)]
    received = receive_messages(context, batch)
    assert [m.is_new for m in received] == [True, True, False]
    assert received[2].receipt == received[0].receipt


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": OTHER},
        {"sender": SenderDetails()},
        {"text": LAMP + "。"},
        {"sent_at": NOW - timedelta(minutes=59)},
        {"source": "another"},
    ],
)
def test_without_a_number_sender_time_text_and_source_tell_messages_apart(
    context: Context, changes: dict[str, object]
) -> None:
    changed = replace(a_message(LAMP), **changes)
    received = receive_messages(context, [a_message(LAMP), changed])
    assert [one.is_new for one in received] == [True, True]
    check_books(context)


def test_nothing_received_is_nothing_stored(context: Context) -> None:
    assert receive_messages(context, []) == []


def test_another_person_on_the_same_thing_is_a_voice_in_the_same_matter(context: Context) -> None:
    (first,) = receive_messages(context, [a_message(LAMP)])
    (voice,) = receive_messages(context, [a_message(LAMP_TOO, sender=OTHER)])
    assert (voice.relation, voice.matter_id) == (Relation.VOICE, first.matter_id)
    matter = show_matter(context, first.matter_id).matter
    assert (matter.message_count, matter.people_count, matter.copy_count) == (2, 2, 0)
    check_books(context)


def test_the_same_words_by_another_person_are_a_copy(context: Context) -> None:
    (first,) = receive_messages(context, [a_message(LAMP)])
    (copy,) = receive_messages(context, [a_message(LAMP, sender=OTHER)])
    assert (copy.relation, copy.matter_id) == (Relation.COPY, first.matter_id)
    file = show_matter(context, first.matter_id)
    assert file.matter.copy_count == 1
    assert "全文相同" in file.demands[1].because
    check_books(context)


def test_the_same_person_again_is_a_resubmission(context: Context) -> None:
    (first,) = receive_messages(context, [a_message(LAMP)])
    (again,) = receive_messages(context, [a_message(LAMP_TOO)])
    assert (again.relation, again.matter_id) == (Relation.RESUBMISSION, first.matter_id)
    assert show_matter(context, first.matter_id).matter.people_count == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_who_copied_a_text_and_writes_again_is_no_new_voice(
    context: Context, at_once: bool
) -> None:
    """A copy leaves no exemplar, yet its writer is known to the matter."""
    messages = [
        a_message(LAMP),
        a_message(LAMP, sender=OTHER),
        a_message(LAMP_TOO, sender=OTHER),
    ]
    batches = [messages] if at_once else [[message] for message in messages]
    received = [one for batch in batches for one in receive_messages(context, batch)]
    relations = [one.relation for one in received]
    assert relations == [Relation.FIRST, Relation.COPY, Relation.RESUBMISSION]
    check_books(context)


def ended(context: Context, move: Move, **told: str) -> int:
    """A matter that has ended by a move."""
    (first,) = receive_messages(context, [a_message(LAMP)])
    move_matter(context, first.matter_id, Order(move, note="说明", **told), "甲")
    return first.matter_id


@pytest.mark.parametrize(
    ("move", "told"), [(Move.CLOSE, {}), (Move.REFUSE, {"refusal": Refusal.NO_DEMAND.value})]
)
def test_who_has_more_to_say_on_a_matter_that_has_ended_opens_it_again(
    context: Context, move: Move, told: dict[str, str]
) -> None:
    matter_id = ended(context, move, **told)
    received = receive_messages(
        context,
        [a_message(LAMP_TOO, sender=OTHER), a_message(LAMP_TOO + "求求你们。", sender=OTHER)],
    )
    assert {one.matter_id for one in received} == {matter_id}
    assert received[0].status is MatterStatus.ASSIGNED
    file = show_matter(context, matter_id)
    assert file.matter.due_at > context.now()
    opened = [entry for entry in file.events if entry.kind == Move.REOPEN.value]
    assert [entry.actor for entry in opened] == ["system"]
    assert "结束后又有来信反映同一事项" in opened[0].detail
    check_books(context)


def test_a_copy_leaves_a_matter_that_has_ended_as_it_is(context: Context) -> None:
    matter_id = ended(context, Move.CLOSE)
    (copy,) = receive_messages(context, [a_message(LAMP, sender=OTHER)])
    assert (copy.matter_id, copy.relation) == (matter_id, Relation.COPY)
    assert show_matter(context, matter_id).matter.status is MatterStatus.CLOSED


def test_another_thing_opens_another_matter(context: Context) -> None:
    received = receive_messages(context, [a_message(LAMP), a_message(SCHOOL, title="操场")])
    assert received[0].matter_id != received[1].matter_id
    assert received[1].assignment.studio == "T2"


def a_mixed_batch() -> list:
    people = [SenderDetails(f"某{n}", f"1990000{n:04d}") for n in range(6)]
    texts = [LAMP, SCHOOL, LAMP_TOO, LAMP, SCHOOL + "请管一管。", LAMP_TOO, "", "😀", SCHOOL]
    return [
        a_message(text, title=text[:6], sender=people[n % 4], sent_at=NOW - timedelta(hours=n))
        for n, text in enumerate(texts)
    ]


def test_one_by_one_or_all_at_once_makes_the_same_matters(
    context: Context, tiny_triage, tmp_path, clock
) -> None:
    def outcome(received: list) -> list[tuple]:
        return [(one.matter_id, one.relation, one.assignment.studio) for one in received]

    at_once = outcome(receive_messages(context, a_mixed_batch()))
    texts = stored_texts(context)
    with context.database.transaction() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
    one_by_one = [
        one for message in a_mixed_batch() for one in outcome(receive_messages(context, [message]))
    ]
    assert one_by_one == at_once
    assert stored_texts(context) == texts
    check_books(context)


def test_an_urgent_message_hastens_the_matter_it_joins(context: Context) -> None:
    (first,) = receive_messages(context, [a_message(LAMP)])
    urgent = a_message(LAMP_TOO + "路面也塌陷了。", sender=OTHER, sent_at=NOW)
    (joined,) = receive_messages(context, [urgent])
    assert joined.matter_id == first.matter_id
    matter = show_matter(context, first.matter_id).matter
    assert matter.is_urgent
    assert matter.due_at == deadline(NOW, 2, is_working_day)


def test_urgency_and_deadline_do_not_fall_back(context: Context) -> None:
    receive_messages(context, [a_message(LAMP + "路面塌陷。")])
    (before,) = rows(context, tables.matter)
    receive_messages(context, [a_message(LAMP_TOO, sender=OTHER, sent_at=NOW)])
    (after,) = rows(context, tables.matter)
    assert after["message_count"] == 2
    assert after["is_urgent"]
    assert after["due_at"] == before["due_at"]


def test_a_message_sent_earlier_but_received_later_does_not_turn_time_back(
    context: Context,
) -> None:
    receive_messages(context, [a_message(LAMP, sent_at=NOW)])
    early = a_message(LAMP_TOO, sender=OTHER, sent_at=NOW - timedelta(days=9))
    receive_messages(context, [early])
    (matter,) = rows(context, tables.matter)
    assert matter["message_count"] == 2
    assert matter["last_message_at"] == NOW
    check_books(context)


def test_without_a_model_a_message_waits_for_a_person(by_hand: Context) -> None:
    received = receive_messages(by_hand, [a_message(LAMP), a_message(LAMP, sender=OTHER)])
    for one in received:
        assert one.classification is None
        assert one.status is MatterStatus.REVIEW
        assert one.relation is Relation.FIRST
    file = show_matter(by_hand, received[0].matter_id)
    assert file.classification is None
    assert NO_MODEL in "".join(entry.detail for entry in file.events)
    assert file.matter.topic == ""
    assert file.assignment.studio == "T1"
    assert count_all(by_hand)["review"] == 2
    check_books(by_hand)


def test_what_came_in_without_a_model_stays_when_there_is_one(
    by_hand: Context, context: Context
) -> None:
    (before,) = receive_messages(by_hand, [a_message(LAMP)])
    again, voice = receive_messages(context, [a_message(LAMP), a_message(LAMP_TOO, sender=OTHER)])
    assert not again.is_new
    assert again.receipt == before.receipt
    # It was stored without a profile, so nothing can join it by itself.
    assert voice.matter_id != before.matter_id
    check_books(context)


def test_a_doubtful_message_waits_for_review_with_its_reason(context: Context) -> None:
    (received,) = receive_messages(context, [a_message("……", title="")])
    assert received.status is MatterStatus.REVIEW
    events = show_matter(context, received.matter_id).events
    assert "没有可判断的文字" in next(e.detail for e in events if e.kind == "review_wanted")


def test_who_wrote_is_nowhere_to_be_read_in_the_database(context: Context) -> None:
    name, phone = "欧阳某某", "19900007654"
    text = f"我叫{name}，电话{phone}，村里的路灯坏了。"
    receive_messages(context, [a_message(text, sender=SenderDetails(name, phone))])
    for table in tables.metadata.sorted_tables:
        for row in rows(context, table):
            kept = {k: v for k, v in row.items() if (table.name, k) != ("message", "text")}
            assert name not in str(kept), table.name
            assert phone not in str(kept), table.name
            assert phone.encode() not in b"".join(v for v in row.values() if type(v) is bytes)


def test_a_failure_in_the_middle_stores_nothing(context: Context) -> None:
    def fail(connection, cursor, statement, parameters, ctx, many) -> None:
        if statement.startswith("INSERT INTO event"):
            raise RuntimeError("power cut")

    on_event.listen(context.database.engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        receive_messages(context, [a_message(LAMP), a_message(SCHOOL)])
    on_event.remove(context.database.engine, "before_cursor_execute", fail)
    for table in tables.metadata.sorted_tables:
        assert rows(context, table) == [], table.name
    assert all(one.is_new for one in receive_messages(context, [a_message(LAMP)]))


def test_a_time_without_zone_is_a_mistake_of_the_caller(context: Context) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises((ValueError, DatabaseUnavailableError, Exception), match="zone"):
        receive_messages(context, [a_message(LAMP, sent_at=naive)])
    assert stored_texts(context) == []


def test_lone_surrogates_are_refused_in_chinese_and_nothing_is_half_stored(
    context: Context,
) -> None:
    with pytest.raises(InvalidInputError, match="无法保存") as raised:
        receive_messages(context, [a_message(LAMP), a_message("路灯\ud800")])
    assert raised.value.status == 422
    assert stored_texts(context) == []


def test_times_come_back_as_they_were_whatever_the_zone(context: Context) -> None:
    sent_at = NOW.replace(hour=1, microsecond=123456)
    (received,) = receive_messages(context, [a_message(LAMP, sent_at=sent_at)])
    message = show_matter(context, received.matter_id).demands[0].message
    assert message.sent_at == sent_at
    assert message.sent_at.utcoffset() == timedelta(0)
    (row,) = rows(context, tables.message)
    assert row["sent_on"] == sent_at.astimezone(SHANGHAI).date()


def test_a_number_that_holds_other_words_already_is_told_apart(context: Context) -> None:
    first = replace(a_message(LAMP), external_id="7")
    (stored,) = receive_messages(context, [first])
    again, other = receive_messages(context, [first, replace(first, text=SCHOOL)])
    assert (stored.is_new, stored.is_other) == (True, False)
    assert (again.is_new, again.is_other) == (False, False)
    assert (other.is_new, other.is_other) == (False, True)
    assert stored_texts(context) == [(first.title, LAMP)]


def test_a_number_twice_in_one_batch_with_other_words_is_told_apart(context: Context) -> None:
    first = replace(a_message(LAMP), external_id="7")
    one, two = receive_messages(context, [first, replace(first, text=SCHOOL)])
    assert (one.is_new, one.is_other) == (True, False)
    assert (two.is_new, two.is_other) == (False, True)


def test_what_is_open_is_counted_now_and_then_only(context: Context) -> None:
    workload = Workload(batches=2)
    seen = []
    for number in range(3):
        with context.database.reading() as connection:
            opened = workload.read(connection)
            seen.append(dict(opened))
        opened.add("T1", 40)
        workload.keep(opened)
        receive_messages(context, [a_message(LAMP, title=f"路灯{number}", external_id=str(number))])
    with context.database.reading() as connection:
        counted = count_open_by_studio(connection)
    assert seen == [{}, {"T1": 40}, counted]


def test_what_nobody_asked_for_is_counted_later_with_what_was_opened_since(
    context: Context,
) -> None:
    workload = Workload(batches=9)
    for number in range(3):
        with context.database.reading() as connection:
            opened = workload.read(connection)
            opened.add("T1")
        assert not opened.is_counted
        workload.keep(opened)
        receive_messages(context, [a_message(LAMP, title=f"路灯{number}", external_id=str(number))])
    with context.database.reading() as connection:
        counted = count_open_by_studio(connection)
        opened = workload.read(connection)
        opened.add("T1")
        assert opened["T1"] == counted.get("T1", 0) + 1
        opened.add("T1", -1)
        assert opened == counted | {"T1": counted.get("T1", 0)}


def test_a_long_intake_sees_what_it_opened_itself(
    context: Context,
) -> None:
    workload = Workload(batches=100)
    for number, text in enumerate((LAMP, SCHOOL, "庄里镇的自来水是黄的。")):
        draft = draft_messages(context, [a_message(text, title="", external_id=str(number))])
        take_in(context, draft, understand_task(context.triage, draft.task), workload)
    with context.database.reading() as connection:
        assert workload.read(connection) == count_open_by_studio(connection)
