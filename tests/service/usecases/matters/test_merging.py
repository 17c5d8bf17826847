"""Matters merge, and what was merged can be split off exactly as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.message import SenderDetails
from service.domain.pair_state import PairState
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.errors import IllegalMoveError, InvalidInputError, MergedError, NotFoundError
from service.storage import tables
from service.storage.matters.matter_pairs import read_pairs
from service.storage.matters.queue_filter import QueueFilter
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters, settle_matters, split_matter
from service.usecases.matters.queue import list_queue
from tests.makers import Clock, a_message, close_matter, dispatch_matter
from tests.service.usecases.books import check_books, rows
from tests.service.usecases.intake.test_receive_at_once import complaint, separate, together

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
SCHOOL = "孩子上的学校把操场租出去停车，体育课没有地方上。"
POND = "村头池塘的水发黑发臭，夏天蚊子多得开不了窗。"
SUDDEN = "学校门前的路面突然塌陷，孩子差一点掉下去。"
ONE, OTHER = SenderDetails("林某", "19900002222"), SenderDetails("陈某", "19900003333")
STATE = (tables.matter, tables.demand, tables.exemplar, tables.auxiliary_keys, tables.message)


@pytest.fixture
def apart(context: Context) -> Context:
    """A desk where nothing joins by itself but the very same text, and nothing is suggested."""
    return replace(context, triage=replace(context.triage, join_at=1.0, suggest_at=1.1))


def take_in(context: Context, text: str, **changes: Any) -> Received:
    (received,) = receive_messages(context, [a_message(text, **changes)])
    return received


def state(context: Context) -> dict[str, list[dict[str, Any]]]:
    return {table.name: rows(context, table) for table in STATE}


def relations(context: Context, matter_id: int) -> list[Relation]:
    return [demand.relation for demand in show_matter(context, matter_id).demands]


def test_a_merged_matter_s_messages_belong_to_the_other(apart: Context) -> None:
    lamp, pond = take_in(apart, LAMP, sender=ONE), take_in(apart, POND, sender=OTHER)
    merge_matters(apart, pond.matter_id, lamp.matter_id, "甲", "同一个村")
    file = show_matter(apart, lamp.matter_id)
    assert [demand.message.receipt for demand in file.demands] == [lamp.receipt, pond.receipt]
    assert relations(apart, lamp.matter_id) == [Relation.FIRST, Relation.VOICE]
    assert (file.matter.message_count, file.matter.people_count) == (2, 2)
    assert file.events[-1].kind_zh == "并入事项"
    assert "同一个村" in file.events[-1].detail
    check_books(apart)


def test_old_numbers_lead_to_the_whole_and_it_alone_is_in_the_queue(apart: Context) -> None:
    lamp, pond, school = (take_in(apart, text) for text in (LAMP, POND, SCHOOL))
    merge_matters(apart, pond.matter_id, lamp.matter_id, "甲")
    merge_matters(apart, lamp.matter_id, school.matter_id, "甲")
    assert show_matter(apart, pond.matter_id).matter.id == school.matter_id
    page = list_queue(apart, QueueFilter(), "", 50)
    assert [matter.id for matter in page.matters] == [school.matter_id]
    assert page.total.number == 1


def test_the_same_person_and_the_same_text_are_told_apart(apart: Context) -> None:
    lamp = take_in(apart, LAMP, sender=ONE)
    pond = take_in(apart, POND, sender=ONE)
    merge_matters(apart, pond.matter_id, lamp.matter_id, "甲")
    assert relations(apart, lamp.matter_id) == [Relation.FIRST, Relation.RESUBMISSION]
    never = replace(apart, triage=replace(apart.triage, join_at=1.1))
    copy = take_in(never, LAMP, sender=OTHER, title="另一封")
    assert copy.matter_id != lamp.matter_id
    merge_matters(apart, copy.matter_id, lamp.matter_id, "甲")
    assert relations(apart, lamp.matter_id)[-1] is Relation.COPY
    assert show_matter(apart, lamp.matter_id).matter.copy_count == 1
    check_books(apart)


def test_the_earlier_deadline_and_the_higher_urgency_hold_until_it_is_split(
    apart: Context,
) -> None:
    lamp, sudden = take_in(apart, LAMP), take_in(apart, SUDDEN)
    before = show_matter(apart, lamp.matter_id).matter
    urgent = show_matter(apart, sudden.matter_id).matter
    assert (before.is_urgent, urgent.is_urgent) == (False, True)
    merge_matters(apart, sudden.matter_id, lamp.matter_id, "甲")
    merged = show_matter(apart, lamp.matter_id).matter
    assert (merged.is_urgent, merged.due_at) == (True, urgent.due_at)
    split_matter(apart, sudden.matter_id, "甲")
    assert show_matter(apart, lamp.matter_id).matter == before
    assert show_matter(apart, sudden.matter_id).matter == urgent


def test_what_came_meanwhile_stays_and_keeps_its_urgency(apart: Context) -> None:
    lamp, sudden = take_in(apart, LAMP), take_in(apart, SUDDEN)
    merge_matters(apart, sudden.matter_id, lamp.matter_id, "甲")
    late = take_in(apart, SUDDEN, sender=OTHER)
    assert (late.matter_id, late.relation) == (lamp.matter_id, Relation.COPY)
    split_matter(apart, sudden.matter_id, "甲")
    file = show_matter(apart, lamp.matter_id)
    assert [d.message.receipt for d in file.demands] == [lamp.receipt, late.receipt]
    assert file.matter.is_urgent
    check_books(apart)


def test_the_last_merge_is_split_first(apart: Context) -> None:
    lamp, pond, school, sudden = (take_in(apart, t) for t in (LAMP, POND, SCHOOL, SUDDEN))
    merge_matters(apart, pond.matter_id, lamp.matter_id, "甲")
    merge_matters(apart, school.matter_id, lamp.matter_id, "甲")
    with pytest.raises(IllegalMoveError, match=school.matter_number):
        split_matter(apart, pond.matter_id, "甲")
    merge_matters(apart, lamp.matter_id, sudden.matter_id, "甲")
    with pytest.raises(IllegalMoveError, match=lamp.matter_number):
        split_matter(apart, school.matter_id, "甲")
    for number in (lamp, school, pond):
        split_matter(apart, number.matter_id, "甲")
    check_books(apart)
    with pytest.raises(InvalidInputError, match="没有并入"):
        split_matter(apart, pond.matter_id, "甲")


def test_what_cannot_be_merged_is_told_and_changes_nothing(apart: Context) -> None:
    lamp, pond, school = (take_in(apart, text) for text in (LAMP, POND, SCHOOL))
    merge_matters(apart, pond.matter_id, lamp.matter_id, "甲")
    dispatch_matter_if_needed(apart, school.matter_id)
    close_matter(apart, school.matter_id, "甲", "办好了")
    before = state(apart)
    cases: list[tuple[type[Exception], int, int, str]] = [
        (InvalidInputError, lamp.matter_id, lamp.matter_id, ""),
        (InvalidInputError, lamp.matter_id, school.matter_id, "长" * 501),
        (MergedError, pond.matter_id, school.matter_id, ""),
        (MergedError, lamp.matter_id, pond.matter_id, ""),
        (IllegalMoveError, lamp.matter_id, school.matter_id, ""),
        (NotFoundError, lamp.matter_id, 999, ""),
        (NotFoundError, -1, lamp.matter_id, ""),
    ]
    for error, matter_id, into_id, reason in cases:
        with pytest.raises(error):
            merge_matters(apart, matter_id, into_id, "甲", reason)
    with pytest.raises(MergedError):
        close_matter(apart, pond.matter_id, "甲", "办好了")
    assert state(apart) == before


def dispatch_matter_if_needed(context: Context, matter_id: int) -> None:
    if show_matter(context, matter_id).matter.status is MatterStatus.REVIEW:
        dispatch_matter(context, matter_id, "甲")


def test_a_refusal_holds_for_the_whole_that_a_matter_becomes_part_of(context: Context) -> None:
    asked = replace(context, triage=replace(context.triage, join_at=1.1, suggest_at=0.0))
    lamp, again = take_in(asked, LAMP), take_in(asked, LAMP, sender=ONE)
    pair = (lamp.matter_id, again.matter_id)
    assert states(asked, pair) == {pair: PairState.SUGGESTED.value}
    settle_matters(asked, *pair, PairState.REFUSED, "甲")
    assert states(asked, pair) == {pair: PairState.REFUSED.value}
    pond = take_in(replace(asked, triage=replace(asked.triage, suggest_at=1.1)), POND)
    merge_matters(asked, lamp.matter_id, pond.matter_id, "甲")
    third = take_in(asked, LAMP, sender=OTHER)
    found = states(asked, (third.matter_id, pond.matter_id, again.matter_id))
    assert found[again.matter_id, third.matter_id] == PairState.SUGGESTED.value
    settle_matters(asked, again.matter_id, pond.matter_id, PairState.RELATED, "甲")
    assert states(asked, (pond.matter_id,))[again.matter_id, pond.matter_id] == "related"


def states(context: Context, ids: tuple[int, ...]) -> dict[tuple[int, int], str]:
    with context.database.reading() as connection:
        return {(row.low_id, row.high_id): row.state for row in read_pairs(connection, ids)}


moves = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "arrive"]), st.integers(0, 4), st.integers(0, 4)),
    max_size=12,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves)
def test_any_merges_and_splits_keep_the_books_and_can_all_be_undone(
    apart: Context, chosen: list[tuple[str, int, int]]
) -> None:
    texts = (LAMP, POND, SCHOOL, SUDDEN, LAMP + POND)
    ids = [
        take_in(apart, text, sender=SenderDetails(f"某{n}", f"199{n:08d}")).matter_id
        for n, text in enumerate(texts)
    ]
    before, has_arrived = state(apart), False
    merged: list[int] = []
    for move, one, two in chosen:
        try:
            if move == "merge":
                merge_matters(apart, ids[one], ids[two], "甲")
                merged.append(ids[one])
            elif move == "split":
                split_matter(apart, ids[one], "甲")
                merged.remove(ids[one])
            else:
                take_in(apart, texts[one], title=f"第{two}回", sender=OTHER)
                has_arrived = True
        except (InvalidInputError, IllegalMoveError, MergedError):
            pass
        check_books(apart)
    for matter_id in reversed(merged):
        split_matter(apart, matter_id, "甲")
    check_books(apart)
    if not has_arrived:
        assert state(apart) == before


@pytest.mark.parametrize("times", range(3))
def test_merges_in_opposite_directions_at_once(apart: Context, times: int) -> None:
    lamp, pond = take_in(apart, LAMP), take_in(apart, POND)
    workers = [separate(apart) for _ in range(2)]
    pairs = [(lamp.matter_id, pond.matter_id), (pond.matter_id, lamp.matter_id)]

    def work(worker: Context, one: int, other: int) -> Callable[[], str]:
        def merge() -> str:
            try:
                merge_matters(worker, one, other, "甲")
            except MergedError as error:
                return error.code
            return "done"

        return merge

    found = together([work(w, *pair) for w, pair in zip(workers, pairs, strict=True)])
    assert sorted(found) == ["done", "merged"]
    for worker in workers:
        worker.database.close()
    check_books(apart)


def test_what_joins_while_its_matter_leaves_is_in_one_of_both(context: Context) -> None:
    lamp = receive_messages(context, [complaint("东巷", 0)])[0]
    pond = take_in(context, POND)
    one, other = separate(context), separate(context)
    together(
        [
            lambda: receive_messages(one, [complaint("东巷", 1)])[0].matter_id,
            lambda: merge_matters(other, lamp.matter_id, pond.matter_id, "甲") or 0,
        ]
    )
    for worker in (one, other):
        worker.database.close()
    assert show_matter(context, pond.matter_id).matter.message_count == 3
    check_books(context)


def test_time_goes_on_and_the_track_tells_who_did_what(apart: Context, clock: Clock) -> None:
    lamp, pond = take_in(apart, LAMP), take_in(apart, POND)
    clock.forward(hours=1)
    merge_matters(apart, pond.matter_id, lamp.matter_id, "甲", "看错了")
    clock.forward(hours=1)
    split_matter(apart, pond.matter_id, "乙", "不是一件")
    for matter_id, other in ((pond.matter_id, lamp), (lamp.matter_id, pond)):
        event = show_matter(apart, matter_id).events[-1]
        assert (event.actor, event.kind_zh, event.at) == ("乙", "拆分", apart.now())
        assert event.detail == f"{other.matter_number}；不是一件"
