"""Undoing parts gives back the message and all matters exactly as they were, or tells why not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.spans import Span
from service.domain.message import SenderDetails
from service.domain.parting import PartingState
from service.errors import (
    IllegalMoveError,
    InvalidInputError,
    MinqingError,
    NotFoundError,
)
from service.storage import tables
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters, split_matter
from service.usecases.matters.parting import confirm_parts
from service.usecases.matters.queue import QueueFilter, list_queue
from service.usecases.matters.show_parting import show_parting
from service.usecases.matters.taking_out import take_out
from service.usecases.matters.undo_parting import undo_parts
from service.usecases.status import count_all
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, rows
from tests.service.usecases.intake.test_receive_at_once import separate, together
from tests.service.usecases.matters.test_merging_exactly import apart, close, outcome
from tests.service.usecases.matters.test_parting import (
    CLERK,
    HOLE,
    LAMP,
    SCHOOL,
    THREE,
    TWO,
    confirm,
    matters_of,
    take_in,
)

__all__ = ["apart"]

OTHER = SenderDetails("陈某", "19900003333")


def state(context: Context) -> dict[str, Any]:
    """Everything that counts: what stands, but not what was, nor the tracks."""
    matters = [row for row in rows(context, tables.matter) if row["merged_into"] is None]
    kept = (tables.message, tables.demand, tables.exemplar, tables.classification, tables.ruling)
    return {
        "matter": matters,
        "pairs": rows(context, tables.matter_pair),
        "counts": count_all(context),
        "queue": list_queue(context, QueueFilter()).matters,
        **{table.name: rows(context, table) for table in kept},
    }


def test_a_message_is_one_demand_again_and_may_be_parted_anew(apart: Context) -> None:
    message_id = take_in(apart)
    before = state(apart)
    view = confirm(apart, message_id)
    number = show_matter(apart, matters_of(view)[1]).matter.number
    undo_parts(apart, message_id, "李科", "是一件事")
    assert state(apart) == before
    after = show_parting(apart, message_id)
    assert (after.state, after.decided_by) == (PartingState.UNDONE, "李科")
    assert list_queue(apart, QueueFilter()).offered == frozenset()
    led = show_matter(apart, matters_of(view)[1])
    assert (led.matter.id, led.part_number) == (view.matter_id, number)
    assert (led.events[-1].actor, led.events[-1].kind_zh) == ("李科", "撤回分件")
    assert led.events[-1].detail == f"{number} 的一件回到本来信；是一件事"
    check_books(apart)
    again = confirm(apart, message_id)
    assert len(set(matters_of(again))) == 2
    assert matters_of(again)[1] > matters_of(view)[1]
    ids = [part.matter.message_id for each in (view, again) for part in each.parts if part.matter]
    assert len(set(ids)) == 3
    check_books(apart)


def test_a_number_is_never_given_twice(apart: Context) -> None:
    message_id = take_in(apart)
    part = confirm(apart, message_id).parts[1].matter
    assert part is not None
    undo_parts(apart, message_id, CLERK)
    assert take_in(apart, HOLE) > part.message_id
    check_books(apart)


def test_a_matter_that_a_part_joined_asks_for_what_it_asked_before(
    context: Context, apart: Context, clock: Clock
) -> None:
    calm = receive_messages(apart, [a_message(f"{HOLE}。", title="", sender=OTHER)])[0].matter_id
    correct_matter(apart, calm, Correction("0102", "住建局", "complaint", False, ""), CLERK)
    message_id = take_in(apart, THREE)
    before = state(apart)
    clock.forward(hours=1)
    confirm(context, message_id)
    assert show_matter(apart, calm).matter.is_urgent
    clock.forward(hours=1)
    undo_parts(context, message_id, CLERK)
    assert state(apart) == before
    check_books(apart)


def test_what_came_since_and_what_a_person_decided_since_stands(
    context: Context, apart: Context
) -> None:
    calm = receive_messages(apart, [a_message(f"{HOLE}。", title="", sender=OTHER)])[0].matter_id
    correct_matter(apart, calm, Correction("0102", "住建局", "complaint", False, ""), CLERK)
    first, second = take_in(apart, THREE), take_in(apart, THREE + "急")
    for message_id in (first, second):
        confirm(context, message_id)
    undo_parts(context, first, CLERK)
    assert show_matter(apart, calm).matter.is_urgent  # the second asks for it
    correct_matter(apart, calm, Correction("0102", "住建局", "report", True, ""), CLERK)
    decided = show_matter(apart, calm).matter
    undo_parts(context, second, CLERK)
    after = show_matter(apart, calm).matter
    assert (after.is_urgent, after.due_at) == (True, decided.due_at)
    assert after.message_count == 1
    check_books(apart)


def test_what_was_answered_is_not_undone(apart: Context) -> None:
    for place in (0, 1):
        message_id = take_in(apart, TWO + "。" * place)
        matter_id = matters_of(confirm(apart, message_id))[place]
        close(apart, matter_id)
        before = state(apart)
        number = show_matter(apart, matter_id).matter.number
        with pytest.raises(IllegalMoveError, match=f"{number} 已办结，不能撤回分件"):
            undo_parts(apart, message_id, CLERK)
        assert state(apart) == before


def test_what_rests_on_a_part_is_undone_before(context: Context, apart: Context) -> None:
    hole = receive_messages(apart, [a_message(HOLE, title="", sender=OTHER)])[0].matter_id
    message_id = take_in(apart)
    home, school = matters_of(confirm(apart, message_id))
    merge_matters(apart, school, hole, CLERK)
    with pytest.raises(IllegalMoveError, match="拆分出来"):
        undo_parts(apart, message_id, CLERK)
    split_matter(apart, school, CLERK)
    late = a_message(f"{SCHOOL}？", title="", sender=OTHER)
    (joined,) = receive_messages(context, [late])
    assert joined.matter_id == school
    with pytest.raises(IllegalMoveError, match="又有其他来信"):
        undo_parts(apart, message_id, CLERK)
    take_out(apart, school, joined.message_id, CLERK)
    merge_matters(apart, home, hole, CLERK)
    undo_parts(apart, message_id, CLERK)
    assert show_matter(apart, school).matter.id == hole
    check_books(apart)
    split_matter(apart, home, CLERK)
    assert show_matter(apart, school).matter.id == home
    check_books(apart)


def test_a_part_that_was_taken_out_goes_back_too(context: Context, apart: Context) -> None:
    lamp = receive_messages(apart, [a_message(f"{LAMP}。", title="", sender=OTHER)])[0].matter_id
    message_id = take_in(apart)
    before = state(apart)
    text = show_parting(apart, message_id).parts
    confirm_parts(context, message_id, [part.span for part in text], CLERK, stays=1)
    part = show_parting(context, message_id).parts[0].matter
    assert part is not None
    assert part.id == lamp
    own = take_out(apart, lamp, part.message_id, CLERK)
    undo_parts(apart, message_id, CLERK)
    assert show_matter(apart, own).matter.id == show_parting(apart, message_id).matter_id
    after = state(apart)
    assert (after["matter"], after["demand"]) == (before["matter"], before["demand"])
    check_books(apart)


def test_what_cannot_be_undone_is_told(apart: Context) -> None:
    message_id = take_in(apart)
    with pytest.raises(InvalidInputError, match="没有分件"):
        undo_parts(apart, message_id, CLERK)
    confirm(apart, message_id)
    with pytest.raises(InvalidInputError, match="500"):
        undo_parts(apart, message_id, CLERK, "长" * 501)
    for missing in (0, -1, 99, 2**63):
        with pytest.raises(NotFoundError):
            undo_parts(apart, missing, CLERK)
    undo_parts(apart, message_id, CLERK)
    with pytest.raises(InvalidInputError, match="没有分件"):
        undo_parts(apart, message_id, CLERK)


def test_two_clerks_undo_at_once_and_one_confirms_again(apart: Context) -> None:
    message_id = take_in(apart)
    before = state(apart)
    confirm(apart, message_id)
    workers = [separate(apart) for _ in range(2)]

    def undo(worker: Context) -> Callable[[], str]:
        return outcome(lambda: undo_parts(worker, message_id, CLERK))

    heard = together([undo(worker) for worker in workers])
    assert sorted(heard) == ["done", InvalidInputError.code]
    assert state(apart) == before
    for worker in workers:
        worker.database.close()
    check_books(apart)


steps = st.lists(
    st.tuples(
        st.sampled_from(["part", "part", "undo", "merge", "split", "out", "arrive"]),
        st.integers(1, 9),
        st.integers(1, 9),
    ),
    max_size=14,
)


@given(chosen=steps)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_sequence_keeps_the_books_and_what_can_be_undone_is_undone_exactly(
    context: Context, apart: Context, chosen: list[tuple[str, int, int]]
) -> None:
    with apart.database.transaction() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
    texts = (TWO, THREE, f"{LAMP}。", f"{SCHOOL}？", TWO + "。")
    for place, text in enumerate(texts):
        take_in(apart, text, sender=SenderDetails(f"某{place % 2}", ""))

    def act(step: str, one: int, other: int) -> None:
        if step == "part":
            text = texts[(one - 1) % 5]
            cut = 1 + other * (len(text) - 2) // 10
            spans = [Span(0, cut), Span(cut, len(text))]
            before = state(context)
            confirm_parts(context, one, spans, CLERK, stays=other % 2)
            check_books(context)
            undo_parts(context, one, CLERK)
            assert state(context) == before
            confirm_parts(context, one, spans, CLERK, stays=other % 2)
        elif step == "undo":
            undo_parts(apart, one, CLERK)
        elif step == "merge":
            merge_matters(apart, one, other, CLERK)
        elif step == "split":
            split_matter(apart, one, CLERK)
        elif step == "out":
            take_out(apart, one, other, CLERK)
        else:
            take_in(context, texts[one % 5], sender=SenderDetails(f"某{other}", ""))

    for step in chosen:
        with suppress(MinqingError):
            act(*step)
        check_books(apart)
