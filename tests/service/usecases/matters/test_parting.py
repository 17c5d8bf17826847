"""A message with several demands is offered as parts, and each confirmed part has its matter."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from classifier.spans import Span
from service.digest.periods import PeriodKind, period_of
from service.domain.message import SenderDetails
from service.domain.parting import PartingState
from service.domain.relation import Relation
from service.errors import InvalidInputError, NotFoundError, PartedError
from service.storage import tables
from service.storage.learning.corrections import read_checked, read_newest_judged
from service.storage.learning.teachings import read_teachings
from service.storage.messages.messages import read_newest_messages
from service.usecases.archive.complete import complete_waiting
from service.usecases.archive.reclassify import reclassify
from service.usecases.archive.rematch import rematch
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.intake.receive import receive_messages
from service.usecases.matching.crew import Alone
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters
from service.usecases.matters.parting import confirm_parts, decline_parts
from service.usecases.matters.queue import QueueFilter, list_queue
from service.usecases.matters.show_parting import PartingView, show_parting
from service.usecases.matters.taking_out import take_out
from service.usecases.status import count_all
from tests.makers import NOW, a_message
from tests.service.usecases.books import check_books, rows
from tests.service.usecases.intake.test_receive_at_once import separate, together
from tests.service.usecases.matters.test_merging_exactly import apart, outcome
from tests.tiny_model import TinyModel

__all__ = ["apart"]

LAMP, SCHOOL = "庄里镇三合村东巷的路灯坏了半个月没有人修", "学校要求自愿交的钱为什么非交不可"
HOLE = "幸福路口路面塌陷昨晚有车掉进去"
TWO = f"您好，反映两件事：\n1、{LAMP}。\n2、{SCHOOL}？谢谢。"
THREE = f"1、{LAMP}。2、{SCHOOL}？3、{HOLE}。"
CLERK = "王科"
SENDER = SenderDetails("林某", "19900002222")


def take_in(context: Context, text: str = TWO, **changes: Any) -> int:
    """Hand a message in; its id."""
    changes = {"title": "", "sender": SENDER} | changes
    return receive_messages(context, [a_message(text, **changes)])[0].message_id


def offered(context: Context, message_id: int) -> list[Span]:
    return [part.span for part in show_parting(context, message_id).parts]


def confirm(context: Context, message_id: int, **how: Any) -> PartingView:
    parts = show_parting(context, message_id).parts
    how = {"stays": [part.stays for part in parts].index(True)} | how
    confirm_parts(context, message_id, [part.span for part in parts], CLERK, **how)
    return show_parting(context, message_id)


def matters_of(view: PartingView) -> list[int]:
    return [part.matter.id for part in view.parts if part.matter is not None]


def test_several_demands_are_offered_and_one_is_not(apart: Context) -> None:
    two, one = take_in(apart), take_in(apart, f"{LAMP}，请派人来修。")
    view = show_parting(apart, two)
    assert view.state is PartingState.OFFERED
    assert [SCHOOL in part.text for part in view.parts] == [False, True]
    assert "".join(TWO[slice(*part.span)] for part in view.parts) == TWO
    assert (show_parting(apart, one).state, show_parting(apart, one).parts) == (None, ())
    page = list_queue(apart, QueueFilter())
    assert page.offered == {view.matter_id}


def test_each_part_has_a_matter_and_the_text_stays_whole(apart: Context) -> None:
    message_id = take_in(apart)
    view = confirm(apart, message_id, reason="两件事")
    assert (view.state, view.decided_by) == (PartingState.CONFIRMED, CLERK)
    assert [part.stays for part in view.parts] == [True, False]
    home, school = (show_matter(apart, one) for one in matters_of(view))
    assert home.opened.message.text == TWO
    assert home.opened.message.receipt == school.opened.message.receipt
    assert school.opened.message.part_of == message_id
    assert school.opened.message.text == TWO[slice(*view.parts[1].span)]
    assert (school.matter.department, school.opened.relation) == ("教育局", Relation.FIRST)
    assert school.opened.sender == SENDER
    assert (school.matter.opened_at, school.matter.place) == (
        home.matter.opened_at,
        home.matter.place,
    )
    assert school.opened.message.channel is home.opened.message.channel
    told = [(file.events[-1].actor, file.events[-1].kind_zh) for file in (home, school)]
    assert told == [(CLERK, "分件")] * 2
    assert home.events[-1].detail.endswith(f"另有一件在 {school.matter.number}；两件事")
    assert list_queue(apart, QueueFilter()).offered == frozenset()
    check_books(apart)


def test_a_part_joins_the_matter_that_is_there_already(context: Context, apart: Context) -> None:
    school = take_in(apart, f"{SCHOOL}？", sender=SenderDetails("陈某", "19900003333"))
    message_id = take_in(apart)
    view = confirm(context, message_id)
    there = show_parting(context, school).matter_id
    assert matters_of(view) == [view.matter_id, there]
    file = show_matter(context, there)
    assert file.demands[-1].relation in (Relation.VOICE, Relation.COPY)
    assert (file.matter.message_count, file.matter.people_count) == (2, 2)
    check_books(context)


def test_no_part_joins_its_own_message_or_another_part(context: Context) -> None:
    text = f"1、{LAMP}。2、{LAMP}，西巷也是。3、{LAMP}，南巷也是。"
    message_id = take_in(context, text)
    cuts = [0, text.index("2、"), text.index("3、"), len(text)]
    spans = [Span(*cut) for cut in pairwise(cuts)]
    confirm_parts(context, message_id, spans, CLERK)
    assert len(set(matters_of(show_parting(context, message_id)))) == 3
    check_books(context)


def test_the_clerk_may_move_borders_drop_a_part_and_choose_which_stays(apart: Context) -> None:
    message_id = take_in(apart, THREE)
    start, end = THREE.index(SCHOOL), THREE.index("？")
    spans = [Span(start, end), Span(THREE.index(HOLE), len(THREE))]
    confirm_parts(apart, message_id, spans, CLERK, stays=1)
    view = show_parting(apart, message_id)
    assert [(part.span, part.stays) for part in view.parts] == [
        (spans[0], False),
        (spans[1], True),
    ]
    assert show_matter(apart, matters_of(view)[0]).opened.message.text == SCHOOL


def test_the_part_that_the_matter_is_about_is_proposed_to_stay(apart: Context) -> None:
    message_id = take_in(apart, f"1、{LAMP}。2、{SCHOOL}？", title="学校收费")
    assert [part.stays for part in show_parting(apart, message_id).parts] == [True, False]
    first = f"1、{SCHOOL}？2、{LAMP}。"
    lamps = take_in(apart, first)  # the model hears of the lamps first
    assert [part.stays for part in show_parting(apart, lamps).parts] == [False, True]


def test_later_messages_find_each_part_s_own_matter(context: Context) -> None:
    home, school = matters_of(confirm(context, take_in(context)))
    other = SenderDetails("赵某", "19900004444")
    found = [
        receive_messages(context, [a_message(text, title="", sender=other)])[0].matter_id
        for text in (f"{LAMP}。", f"{SCHOOL}？")
    ]
    assert found == [home, school]


def test_a_part_is_urgent_by_what_it_says_and_counted_from_when_it_was_sent(
    apart: Context,
) -> None:
    message_id = take_in(apart, THREE)
    spans = [Span(0, THREE.index("2、")), Span(THREE.index("3、"), len(THREE))]
    confirm_parts(apart, message_id, spans, CLERK)
    lamp, hole = (show_matter(apart, one).matter for one in matters_of(show_parting(apart, 1)))
    assert hole.is_urgent
    assert hole.opened_at == lamp.opened_at < apart.now()
    assert hole.due_at == show_matter(apart, take_in_matter(apart, HOLE)).matter.due_at


def take_in_matter(context: Context, text: str) -> int:
    never = replace(context, triage=replace(context.triage, join_at=1.1))
    return receive_messages(never, [a_message(text, title="", sender=SENDER)])[0].matter_id


def test_parts_count_as_no_message_and_no_person(apart: Context) -> None:
    week = period_of(NOW.date(), PeriodKind.WEEK)
    message_id = take_in(apart, sender=SenderDetails())
    before, digest = count_all(apart), make_digest(apart, week)
    view = confirm(apart, message_id)
    after, divided = count_all(apart), make_digest(apart, week)
    assert after == before | {"matters": 2} | {name: after[name] for name in ("review", "assigned")}
    assert divided.overview.tally == digest.overview.tally
    assert divided.messages == digest.messages
    assert divided.overview.matters.value == 2
    assert [table.rows[0].tally for table in divided.tables] == [
        table.rows[0].tally for table in digest.tables
    ]
    home, school = matters_of(view)
    merge_matters(apart, school, home, CLERK)
    both = show_matter(apart, home).matter
    assert (both.message_count, both.people_count) == (2, 1)
    check_books(apart)


def test_people_teach_each_part_by_its_own_words(apart: Context) -> None:
    view = confirm(apart, take_in(apart))
    for matter_id in matters_of(view):
        correct_matter(apart, matter_id, Correction("1402", "教育局", "question", False, ""), CLERK)
    with apart.database.reading() as connection:
        taught = {one.matter_id: one.text for one in read_teachings(connection)}
        assert len(read_newest_judged(connection, 10)) == len(read_checked(connection)) == 1
        assert [row.id for row in read_newest_messages(connection, 10)] == [view.message.id]
    spans = [TWO[slice(*part.span)] for part in view.parts]
    assert taught == dict(zip(matters_of(view), spans, strict=True))


def test_personal_data_that_a_border_cuts_is_masked_in_both_parts(apart: Context) -> None:
    text = f"{LAMP}，我的电话19900001234，{SCHOOL}。"
    cut = text.index("0000")
    message_id = take_in(apart, text)
    confirm_parts(apart, message_id, [Span(0, cut), Span(cut, len(text))], CLERK)
    view = show_parting(apart, message_id)
    masked = [part.text for part in view.parts]
    masked += [show_matter(apart, one).demands[-1].masked_text for one in matters_of(view)]
    masked += [show_matter(apart, one).matter.title for one in matters_of(view)]
    assert not any(digits in words for digits in ("199", "1234") for words in masked)


def test_a_part_taken_out_is_masked_as_the_whole_was(context: Context, apart: Context) -> None:
    there = take_in(apart, f"{SCHOOL}？", sender=SenderDetails("陈某", "19900003333"))
    text = f"{LAMP}，我的电话19900001234，{SCHOOL}？"
    cut = text.index("1234")
    message_id = take_in(apart, text)
    confirm_parts(context, message_id, [Span(0, cut), Span(cut, len(text))], CLERK)
    part = show_parting(context, message_id).parts[1].matter
    assert part is not None
    assert part.id == show_parting(context, there).matter_id
    own = take_out(context, part.id, part.message_id, CLERK)
    assert SCHOOL in show_matter(context, own).matter.title
    assert "1234" not in show_matter(context, own).matter.title
    check_books(context)


@pytest.mark.parametrize(
    "bounds",
    [
        [],
        [(0, 10)],
        [(0, 10)] * 2,
        [(10, 0), (10, 20)],
        [(10, 20), (0, 10)],
        [(0, 12), (11, 20)],
        [(0, 10), (10, 10_000)],
        [(0, 10), (10, 10)],
        [(-5, 10), (10, 20)],
        [(0, 10), (10, 2**70)],
        [(0, 10), (TWO.index("："), TWO.index("：") + 2)],
        [(place, place + 1) for place in range(11)],
    ],
)
def test_spans_that_are_no_parts_change_nothing(
    apart: Context, bounds: list[tuple[int, int]]
) -> None:
    message_id = take_in(apart)
    before = {table.name: rows(apart, table) for table in tables.metadata.sorted_tables}
    with pytest.raises(InvalidInputError, match=r"件"):
        confirm_parts(apart, message_id, [Span(*each) for each in bounds], CLERK)
    after = {table.name: rows(apart, table) for table in tables.metadata.sorted_tables}
    assert after == before


def test_what_else_cannot_be_is_told(apart: Context) -> None:
    message_id = take_in(apart)
    spans = offered(apart, message_id)
    for stays in (-1, 2):
        with pytest.raises(InvalidInputError, match="留在本事项"):
            confirm_parts(apart, message_id, spans, CLERK, stays=stays)
    with pytest.raises(InvalidInputError, match="500"):
        confirm_parts(apart, message_id, spans, CLERK, reason="长" * 501)
    for missing in (0, -1, 99, 2**63):
        with pytest.raises(NotFoundError):
            confirm_parts(apart, missing, spans, CLERK)
        with pytest.raises(NotFoundError):
            decline_parts(apart, missing, CLERK)
        with pytest.raises(NotFoundError):
            show_parting(apart, missing)
    confirm_parts(apart, message_id, spans, CLERK)
    part = show_parting(apart, message_id).parts[1].matter
    assert part is not None
    with pytest.raises(InvalidInputError, match="另一条留言的一件"):
        confirm_parts(apart, part.message_id, [Span(0, 5), Span(5, 10)], CLERK)
    assert show_parting(apart, part.message_id).message.id == message_id


def test_characters_outside_the_basic_plane_count_as_one(apart: Context) -> None:
    text = f"😀😀。1、{LAMP}😀。2、{SCHOOL}？😀"
    message_id = take_in(apart, text)
    view = confirm(apart, message_id)
    home, school = (show_matter(apart, one).opened.message for one in matters_of(view))
    assert home.text == text
    assert school.text == f"2、{SCHOOL}？😀"


def test_a_decision_is_final_and_told(apart: Context) -> None:
    one, other = take_in(apart), take_in(apart, THREE)
    spans = offered(apart, one)
    decline_parts(apart, other, CLERK, "一件事")
    event = show_matter(apart, show_parting(apart, other).matter_id).events[-1]
    assert (event.actor, event.kind_zh, event.detail) == (CLERK, "认定来信是一件事", "一件事")
    confirm_parts(apart, one, spans, CLERK)
    for act in (
        lambda: confirm_parts(apart, one, spans, "李科"),
        lambda: decline_parts(apart, one, "李科"),
        lambda: decline_parts(apart, other, "李科"),
    ):
        with pytest.raises(PartedError, match=CLERK):
            act()
    assert list_queue(apart, QueueFilter()).offered == frozenset()
    with pytest.raises(InvalidInputError, match="没有待认定"):
        decline_parts(apart, take_in(apart, f"{LAMP}！"), CLERK)


def test_what_was_declined_or_never_offered_can_be_confirmed(apart: Context) -> None:
    declined, plain = take_in(apart), take_in(apart, f"{LAMP}。{SCHOOL}？")
    spans = offered(apart, declined)
    decline_parts(apart, declined, CLERK)
    confirm_parts(apart, declined, spans, CLERK)
    confirm_parts(apart, plain, [Span(0, len(LAMP)), Span(len(LAMP), len(LAMP + SCHOOL))], CLERK)
    check_books(apart)


def test_two_clerks_at_once(apart: Context) -> None:
    workers = [separate(apart) for _ in range(3)]
    for number in range(4):
        one = take_in(apart, TWO + "。" * number)
        spans = offered(apart, one)
        acts = [
            partial(confirm_parts, workers[0], one, spans, CLERK),
            partial(confirm_parts, workers[1], one, spans, "李科"),
            partial(decline_parts, workers[2], one, "赵科"),
        ]
        heard = together([outcome(act) for act in acts])
        assert Counter(heard[:2]) == {"done": 1, PartedError.code: 1}
        assert heard[2] in ("done", PartedError.code)
        parts = [row for row in rows(apart, tables.message) if row["part_of"] == one]
        assert len(parts) == 1
        check_books(apart)
    for worker in workers:
        worker.database.close()


def test_the_same_file_again_finds_the_message_and_no_part(apart: Context) -> None:
    view = confirm(apart, take_in(apart, external_id="7", source="信箱"))
    (again,) = receive_messages(
        apart, [a_message(TWO, title="", sender=SENDER, external_id="7", source="信箱")]
    )
    assert (again.is_new, again.matter_id) == (False, view.matter_id)
    part = show_matter(apart, matters_of(view)[1]).opened.message
    new = a_message(part.text, title="", sender=SENDER, source="信箱")
    (found,) = receive_messages(apart, [new])
    assert (found.is_new, found.relation) == (True, Relation.COPY)
    check_books(apart)


def test_a_copy_of_a_message_with_parts_is_offered_the_same_way(context: Context) -> None:
    confirm(context, take_in(context))
    copy = take_in(context, sender=SenderDetails("赵某", "19900004444"))
    assert show_parting(context, copy).state is PartingState.OFFERED
    confirm(context, copy)
    check_books(context)


def test_without_a_model_nothing_is_offered_and_a_person_may_still_part(
    by_hand: Context, context: Context
) -> None:
    one, other = take_in(by_hand), take_in(by_hand, THREE)
    assert show_parting(by_hand, one).state is None
    cut = TWO.index("2、")
    confirm_parts(by_hand, one, [Span(0, cut), Span(cut, len(TWO))], CLERK)
    check_books(by_hand)
    complete_waiting(context)
    assert show_parting(context, other).state is PartingState.OFFERED
    assert show_parting(context, one).state is PartingState.CONFIRMED
    check_books(context)


def test_work_over_the_archive_reads_each_part_by_itself(apart: Context) -> None:
    view = confirm(apart, take_in(apart))
    before = {each["message_id"]: each for each in rows(apart, tables.exemplar)}
    rematch(apart, Alone(apart.triage))
    assert {each["message_id"]: each for each in rows(apart, tables.exemplar)} == before
    newer = TinyModel(apart.triage.taxonomy)
    newer.version = "tiny-2"
    triage = replace(apart.triage, model=newer)
    assert reclassify(replace(apart, triage=triage), Alone(triage)).judged_count == 2
    judged = [row["department"] for row in rows(apart, tables.classification)]
    assert judged == ["住建局", "教育局", "住建局", "教育局"]
    check_books(apart)
    assert matters_of(show_parting(apart, view.message.id)) == matters_of(view)
